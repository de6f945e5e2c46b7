package org.xfrm4j.migrate;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.SelectorDecoder;
import org.xfrm4j.wire.TemplateDecoder;

/**
 * Which SAs a template of a policy finds: for outgoing packets as {@code xfrm_tmpl_resolve_one} and {@code
 * xfrm_state_find} have it, for incoming ones as {@code xfrm_state_ok} (net/xfrm/xfrm_policy.c, net/xfrm/xfrm_state.c).
 *
 * <ul>
 * <li>Outgoing: destination and reqid are those of the template, exactly, zero included; the source is, unless the
 *     template or the SA has none.
 * <li>Incoming: only the source counts, and the reqid, each if the template has one. The destination does not. A packet
 *     finds policy and SA by one mark, so that these must go together.
 * <li>In transport mode the packet's addresses count: those that the selector is about, or, behind a template that
 *     wraps, those of that one (as of IPComp in a tunnel, with ESP around it).
 * </ul>
 *
 * <p>Algorithms and the SAs' own selectors are not compared: of an SA that a policy does not take, the move does no
 * harm.
 */
final class TemplateKey {
    private boolean outgoing;
    private boolean transport;
    private boolean bySelector;
    private int protocol;
    private int mode;
    private int spi;
    private int reqid;
    private int ifId;
    private int mark;
    private int mask;
    private int family;
    private final AddressRange source = new AddressRange();
    private final AddressRange destination = new AddressRange();

    /** Whether the mode puts a new outer header, whose addresses the template tells. */
    static boolean wraps(int mode) {
        return mode == xfrm4j_h.XFRM_MODE_TUNNEL() || mode == xfrm4j_h.XFRM_MODE_BEET()
                || mode == xfrm4j_h.XFRM_MODE_IPTFS();
    }

    /** Becomes the key of a template. */
    TemplateKey of(PolicyDecoder policy, int index) {
        outgoing = policy.direction() == PolicyDirection.OUT.number();
        ifId = policy.ifId();
        mark = policy.markValue() & policy.markMask();
        mask = policy.markMask();
        packetsOf(policy.selector());
        for (int i = 0; i < index; i++) {
            wrappedBy(policy.template(i));
        }
        TemplateDecoder template = policy.template(index);
        protocol = template.protocol();
        mode = template.mode();
        spi = template.spi();
        reqid = template.reqid();
        transport = mode == xfrm4j_h.XFRM_MODE_TRANSPORT();
        wrappedBy(template);
        if (!outgoing && !transport) {
            family = template.family();
            source.oneOrAll(family, template.sourceHigh(), template.sourceLow());
            destination.all();
        }
        return this;
    }

    private void packetsOf(SelectorDecoder selector) {
        bySelector = true;
        family = selector.family();
        source.prefix(family, selector.sourceHigh(), selector.sourceLow(), selector.sourcePrefixLength());
        destination.prefix(family, selector.destinationHigh(), selector.destinationLow(),
                selector.destinationPrefixLength());
    }

    private void wrappedBy(TemplateDecoder template) {
        if (wraps(template.mode())) {
            bySelector = false;
            family = template.family();
            source.oneOrAll(family, template.sourceHigh(), template.sourceLow());
            destination.one(family, template.destinationHigh(), template.destinationLow());
        }
    }

    boolean isOutgoing() {
        return outgoing;
    }

    /** Whether it looks for the addresses that the policy's selector is about. */
    boolean isBySelector() {
        return bySelector;
    }

    /** The family of the addresses that it looks for. */
    int family() {
        return family;
    }

    int reqid() {
        return reqid;
    }

    /** Whether only SAs with its reqid will do. */
    boolean isReqidExact() {
        return outgoing || reqid != 0;
    }

    AddressRange source() {
        return source;
    }

    AddressRange destination() {
        return destination;
    }

    /** Whether it finds the SA as it is. */
    boolean finds(SaTable sas, int sa) {
        return fits(sas, sa)
                && fitsReqid(sas.reqid(sa))
                && fitsMark(sas.markValue(sa), sas.markMask(sa), sas.outputMark(sa), sas.outputMask(sa))
                && fitsEnds(sas.family(sa), sas.sourceHigh(sa), sas.sourceLow(sa), sas.destinationHigh(sa),
                        sas.destinationLow(sa));
    }

    /** Whether it finds the SA after its move. */
    boolean findsAfter(SaTable sas, int sa, MigrateStateDecoder move) {
        return fits(sas, sa) && fitsReqid(move.newReqid()) && fitsMarkAfter(sas, sa, move) && fitsEndsAfter(move);
    }

    /** Whether it finds the SA by the marks that this has after its move. */
    boolean fitsMarkAfter(SaTable sas, int sa, MigrateStateDecoder move) {
        boolean changes = move.has(xfrm4j_h.XFRMA_SET_MARK());
        return fitsMark(move.newMarkValue(), move.newMarkMask(),
                changes ? move.outputMarkValue() : sas.outputMark(sa),
                changes ? move.outputMarkMask() : sas.outputMask(sa));
    }

    /** Whether it looks for the addresses that the move brings. */
    boolean fitsEndsAfter(MigrateStateDecoder move) {
        int newFamily = move.newFamily();
        return fitsEnds(newFamily,
                SaTable.highOf(newFamily, move.newSourceHigh()), SaTable.lowOf(newFamily, move.newSourceLow()),
                SaTable.highOf(newFamily, move.newDestinationHigh()),
                SaTable.lowOf(newFamily, move.newDestinationLow()));
    }

    /** What no move changes. */
    private boolean fits(SaTable sas, int sa) {
        return sas.isMovable(sa)
                && sas.protocol(sa) == protocol
                && sas.mode(sa) == mode
                && (spi == 0 || spi == sas.spi(sa))
                && (sas.ifId(sa) == ifId || !outgoing && ifId == 0)
                && fitsDirection(sas.direction(sa))
                && !(outgoing && sas.isForReceivingOnly(sa));
    }

    private boolean fitsDirection(int direction) {
        return direction == 0 || outgoing == (direction == Direction.OUT.number());
    }

    private boolean fitsReqid(int theReqid) {
        return theReqid == reqid || !isReqidExact();
    }

    /**
     * Outgoing packets find the SA by the policy's mark. Incoming ones find SA and policy by their own: there has to be
     * one that fits both, where the SA may have changed some bits in between ({@code xfrm_smark_get} in xfrm_input).
     */
    private boolean fitsMark(int saMark, int saMask, int outputMark, int outputMask) {
        if (outgoing) {
            return (mark & saMask) == saMark;
        }
        int unchanged = mask & saMask & ~outputMask;
        return ((mark ^ saMark) & unchanged) == 0 && ((mark ^ outputMark) & mask & outputMask) == 0;
    }

    private boolean fitsEnds(int saFamily, long sourceHigh, long sourceLow, long destinationHigh, long destinationLow) {
        if (!outgoing && !transport && !source.isOne()) {
            return true;
        }
        boolean anySource = outgoing && (sourceHigh | sourceLow) == 0;
        return saFamily == family
                && (anySource || source.contains(sourceHigh, sourceLow))
                && destination.contains(destinationHigh, destinationLow);
    }
}
