package org.xfrm4j.migrate;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_id;
import org.xfrm4j.bindings.xfrm_selector;
import org.xfrm4j.bindings.xfrm_user_tmpl;
import org.xfrm4j.bindings.xfrm_userpolicy_info;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.wire.Inet;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.SelectorDecoder;
import org.xfrm4j.wire.TemplateDecoder;

/**
 * What becomes of a policy whose SAs move. It is a copy of the bytes that the kernel dumped, in which only the ends and
 * reqids of templates are written anew, and the selector's addresses: all else stays whatever it is, known or not.
 *
 * <p>Templates follow to the new ends and the new reqid. What they leave open stays open.
 *
 * <p>A selector follows where the SAs' ends are the packets' own addresses, which is so in transport mode: on each side
 * that is a single host. Where a tunnel wraps them, it follows when the SA's own selector does, and was that of the
 * ends. A selector that cannot follow is as it was.
 */
final class PolicyEnds {
    private static final ValueLayout.OfLong NETWORK_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt HOST_INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort HOST_SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final long FIRST_BYTES = 1024;

    private static final long SELECTOR = xfrm_userpolicy_info.sel$offset();
    private static final long SELECTOR_SOURCE = SELECTOR + xfrm_selector.saddr$offset();
    private static final long SELECTOR_DESTINATION = SELECTOR + xfrm_selector.daddr$offset();
    private static final long SELECTOR_FAMILY = SELECTOR + xfrm_selector.family$offset();
    private static final long SOURCE_BITS = SELECTOR + xfrm_selector.prefixlen_s$offset();
    private static final long DESTINATION_BITS = SELECTOR + xfrm_selector.prefixlen_d$offset();
    private static final long TEMPLATE_BYTES = xfrm_user_tmpl.sizeof();
    private static final long TEMPLATE_SOURCE = xfrm_user_tmpl.saddr$offset();
    private static final long TEMPLATE_DESTINATION = xfrm_user_tmpl.id$offset() + xfrm_id.daddr$offset();

    private final PolicyDecoder policy = new PolicyDecoder();
    /**
     * Outside the heap, as dumps are: what encodes and decodes is twice as fast if it meets one kind of memory alone.
     */
    private MemorySegment copy = MemorySegment.NULL;
    private boolean outgoing;
    private boolean wrapped;
    private int templates;

    /** Begins with a policy as it is. What was there before is overwritten. */
    PolicyEnds begin(PolicyDecoder original) {
        long length = original.length();
        if (copy.byteSize() < length) {
            copy = Arena.ofAuto().allocate(Math.max(FIRST_BYTES, 2 * length), Long.BYTES);
        }
        MemorySegment.copy(original.segment(), original.offset(), copy, 0, length);
        policy.wrap(copy, 0, length);
        outgoing = policy.direction() == PolicyDirection.OUT.number();
        wrapped = false;
        templates = 0;
        return this;
    }

    /**
     * Goes on to the next template.
     *
     * @param move of an SA that the template finds; null if it stays as it is
     */
    void next(MoveEnds move) {
        TemplateDecoder template = policy.template(templates);
        boolean wraps = TemplateKey.wraps(template.mode());
        if (move != null) {
            follow(policy.attributeOffset(xfrm4j_h.XFRMA_TMPL()) + templates * TEMPLATE_BYTES, template, move);
            if (!wrapped) {
                selectorFollows(policy.selector(), move, wraps);
            }
        }
        wrapped |= wraps;
        templates++;
    }

    /** The policy after the moves; until the next one begins. */
    PolicyDecoder policy() {
        return policy;
    }

    /** An address that the template leaves open, or that is not the SA's, stays; but its family has to be the new. */
    private void follow(long at, TemplateDecoder template, MoveEnds move) {
        int family = template.family();
        long sourceHigh = SaTable.highOf(family, template.sourceHigh());
        long sourceLow = SaTable.lowOf(family, template.sourceLow());
        long destinationHigh = SaTable.highOf(family, template.destinationHigh());
        long destinationLow = SaTable.lowOf(family, template.destinationLow());
        boolean isOfIt = family == move.oldFamily();
        boolean familyChanges = isOfIt && move.family() != family;
        boolean anySource = (sourceHigh | sourceLow) == 0;
        boolean anyDestination = (destinationHigh | destinationLow) == 0;
        if (!anySource && (familyChanges || isOfIt && move.wasSource(sourceHigh, sourceLow))) {
            address(at + TEMPLATE_SOURCE, sourceHigh, sourceLow, move.sourceHigh(), move.sourceLow());
        }
        if (!anyDestination && (familyChanges || isOfIt && move.wasDestination(destinationHigh, destinationLow))) {
            address(at + TEMPLATE_DESTINATION, destinationHigh, destinationLow, move.destinationHigh(),
                    move.destinationLow());
        }
        if (familyChanges) {
            copy.set(HOST_SHORT, at + xfrm_user_tmpl.family$offset(), (short) move.family());
        }
        // Outgoing packets look for reqid 0, too; for incoming ones it stands for any.
        if (template.reqid() != 0 || outgoing) {
            copy.set(HOST_INT, at + xfrm_user_tmpl.reqid$offset(), move.reqid());
        }
    }

    private void selectorFollows(SelectorDecoder selector, MoveEnds move, boolean wraps) {
        int family = selector.family();
        long sourceHigh = SaTable.highOf(family, selector.sourceHigh());
        long sourceLow = SaTable.lowOf(family, selector.sourceLow());
        long destinationHigh = SaTable.highOf(family, selector.destinationHigh());
        long destinationLow = SaTable.lowOf(family, selector.destinationLow());
        boolean oneSource = isHost(family, selector.sourcePrefixLength());
        boolean oneDestination = isHost(family, selector.destinationPrefixLength());
        boolean both = oneSource && oneDestination;
        boolean ofTheEnds = both && family == move.oldFamily() && move.wasSource(sourceHigh, sourceLow)
                && move.wasDestination(destinationHigh, destinationLow);
        // To leave one side behind is possible in the same family alone.
        boolean canFollow = family == move.family() || both;
        if (!canFollow || wraps && !(move.selectorFollows() && ofTheEnds)) {
            return;
        }
        if (oneSource) {
            address(SELECTOR_SOURCE, sourceHigh, sourceLow, move.sourceHigh(), move.sourceLow());
        }
        if (oneDestination) {
            address(SELECTOR_DESTINATION, destinationHigh, destinationLow, move.destinationHigh(),
                    move.destinationLow());
        }
        if (both && family != move.family()) {
            copy.set(HOST_SHORT, SELECTOR_FAMILY, (short) move.family());
            copy.set(ValueLayout.JAVA_BYTE, SOURCE_BITS, (byte) Inet.addressBits(move.family()));
            copy.set(ValueLayout.JAVA_BYTE, DESTINATION_BITS, (byte) Inet.addressBits(move.family()));
        }
    }

    private static boolean isHost(int family, int bits) {
        return family != Inet.AF_UNSPEC && bits == Inet.addressBits(family);
    }

    /**
     * Where it is the same it is not written: of IPv4 the kernel keeps, and in selectors compares, what stands behind the
     * 32 bits.
     */
    private void address(long at, long oldHigh, long oldLow, long high, long low) {
        if (high != oldHigh || low != oldLow) {
            copy.set(NETWORK_LONG, at, high);
            copy.set(NETWORK_LONG, at + Long.BYTES, low);
        }
    }
}
