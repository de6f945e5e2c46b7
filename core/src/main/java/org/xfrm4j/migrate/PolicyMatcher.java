package org.xfrm4j.migrate;

import java.util.function.IntConsumer;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.wire.Inet;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.SelectorDecoder;
import org.xfrm4j.wire.TemplateDecoder;

/**
 * Finds the SAs that a policy uses by one of its templates: for outgoing packets as {@code xfrm_state_find} does, for
 * incoming ones as {@code xfrm_state_ok} (net/xfrm/xfrm_state.c, net/xfrm/xfrm_policy.c). Algorithms are not compared: of an
 * SA that its policy does not take, the move does no harm.
 */
final class PolicyMatcher {
    private final SaTable sas;
    private HashIndex byAddresses;

    // The template at hand.
    private boolean outgoing;
    private boolean wraps;
    private TemplateDecoder template;
    private PolicyDecoder policy;
    private SelectorDecoder selector;
    private int family;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int sourceBits;
    private int destinationBits;

    PolicyMatcher(SaTable sas) {
        this.sas = sas;
    }

    /** Whether the mode puts a new outer header, whose addresses the template tells. */
    static boolean wraps(int mode) {
        return mode == xfrm4j_h.XFRM_MODE_TUNNEL() || mode == xfrm4j_h.XFRM_MODE_BEET()
                || mode == xfrm4j_h.XFRM_MODE_IPTFS();
    }

    /** Calls the visitor with the number of each SA that the policy finds by its template. */
    void forEach(PolicyDecoder inPolicy, int templateIndex, IntConsumer visitor) {
        prepare(inPolicy, templateIndex);
        boolean exactEnds = sourceBits == Inet.addressBits(family) && destinationBits == sourceBits;
        boolean exactReqid = outgoing || template.reqid() != 0;
        if (exactEnds && exactReqid) {
            int hash = SaTable.endsHash(sourceHigh, sourceLow, destinationHigh, destinationLow, template.reqid());
            visit(sas.byEnds(), hash, visitor);
        } else if (exactReqid) {
            visit(sas.byReqid(), HashIndex.mix(0, template.reqid()), visitor);
        } else if (exactEnds) {
            int hash = SaTable.endsHash(sourceHigh, sourceLow, destinationHigh, destinationLow, 0);
            visit(byAddresses(), hash, visitor);
        } else {
            for (int sa = 0; sa < sas.count(); sa++) {
                visit(sa, visitor);
            }
        }
    }

    private void prepare(PolicyDecoder inPolicy, int templateIndex) {
        policy = inPolicy;
        template = inPolicy.template(templateIndex);
        selector = inPolicy.selector();
        outgoing = inPolicy.direction() == PolicyDirection.OUT.number();
        wraps = wraps(template.mode());
        if (wraps) {
            family = template.family();
            ends(template.sourceHigh(), template.sourceLow(), bits(template.sourceHigh(), template.sourceLow()),
                    template.destinationHigh(), template.destinationLow(),
                    bits(template.destinationHigh(), template.destinationLow()));
        } else {
            // In transport mode the packet's own addresses count, so those that the policy is about.
            family = selector.family();
            ends(selector.sourceHigh(), selector.sourceLow(), selector.sourcePrefixLength(),
                    selector.destinationHigh(), selector.destinationLow(), selector.destinationPrefixLength());
        }
    }

    private void ends(long fromHigh, long fromLow, int fromBits, long toHigh, long toLow, int toBits) {
        boolean ipv4 = family == Inet.AF_INET;
        sourceHigh = ipv4 ? fromHigh & 0xffffffffL << Integer.SIZE : fromHigh;
        sourceLow = ipv4 ? 0 : fromLow;
        sourceBits = fromBits;
        destinationHigh = ipv4 ? toHigh & 0xffffffffL << Integer.SIZE : toHigh;
        destinationLow = ipv4 ? 0 : toLow;
        destinationBits = toBits;
    }

    /** A template's unspecified address stands for any. */
    private int bits(long high, long low) {
        boolean any = family == Inet.AF_INET ? high >>> Integer.SIZE == 0 : (high | low) == 0;
        return any ? 0 : Inet.addressBits(family);
    }

    private HashIndex byAddresses() {
        if (byAddresses == null) {
            byAddresses = new HashIndex();
            for (int sa = 0; sa < sas.count(); sa++) {
                byAddresses.add(SaTable.endsHash(sas.sourceHigh(sa), sas.sourceLow(sa), sas.destinationHigh(sa),
                        sas.destinationLow(sa), 0));
            }
        }
        return byAddresses;
    }

    private void visit(HashIndex index, int hash, IntConsumer visitor) {
        for (int sa = index.first(hash); sa != HashIndex.NONE; sa = index.next(sa)) {
            visit(sa, visitor);
        }
    }

    private void visit(int sa, IntConsumer visitor) {
        if (fits(sa)) {
            visitor.accept(sa);
        }
    }

    private boolean fits(int sa) {
        return sas.protocol(sa) == template.protocol()
                && sas.mode(sa) == template.mode()
                && sas.family(sa) == family
                && (template.spi() == 0 || template.spi() == sas.spi(sa))
                && (sas.reqid(sa) == template.reqid() || !outgoing && template.reqid() == 0)
                && sas.ifId(sa) == policy.ifId()
                && fitsDirection(sa)
                && fitsMark(sa)
                && lies(sas.sourceHigh(sa), sas.sourceLow(sa), sourceHigh, sourceLow, sourceBits)
                && lies(sas.destinationHigh(sa), sas.destinationLow(sa), destinationHigh, destinationLow,
                        destinationBits);
    }

    private boolean fitsDirection(int sa) {
        int direction = sas.direction(sa);
        return direction == 0 || outgoing == (direction == Direction.OUT.number());
    }

    /** Incoming packets find their SA by their own marks, before a policy is asked. */
    private boolean fitsMark(int sa) {
        int key = policy.markValue() & policy.markMask();
        return !outgoing || (key & sas.markMask(sa)) == sas.markValue(sa);
    }

    private static boolean lies(long high, long low, long prefixHigh, long prefixLow, int bits) {
        return ((high ^ prefixHigh) & AddressMatcher.mask(bits)) == 0
                && ((low ^ prefixLow) & AddressMatcher.mask(bits - Long.SIZE)) == 0;
    }
}
