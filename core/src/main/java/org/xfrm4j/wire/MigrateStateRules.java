package org.xfrm4j.wire;

import org.xfrm4j.bindings.xfrm4j_h;

/**
 * What is refused before an XFRM_MSG_MIGRATE_STATE is sent: all that the kernel would refuse whatever SAs there are,
 * and what it would take silently and do wrongly.
 *
 * <p>The rules are those of {@code xfrm_do_migrate_state} and {@code xfrm_reject_unused_attr} in
 * {@code net/xfrm/xfrm_user.c}, {@code __xfrm_init_state} in {@code net/xfrm/xfrm_state.c} and
 * {@code xfrm_dev_state_add} in {@code net/xfrm/xfrm_device.c} of Linux 7.2. Whether the new tuple is free is a matter
 * of the other SAs and not looked at here.
 *
 * <p>Stateless, for any thread. Nothing is allocated as long as there is nothing to refuse.
 */
public final class MigrateStateRules {
    private static final int CLEAR_OFFLOAD = xfrm4j_h.XFRM_MIGRATE_STATE_CLEAR_OFFLOAD();
    private static final int UPDATE_H2H_SEL = xfrm4j_h.XFRM_MIGRATE_STATE_UPDATE_H2H_SEL();
    private static final int KNOWN_FLAGS = CLEAR_OFFLOAD | UPDATE_H2H_SEL;
    private static final int KNOWN_OFFLOAD_FLAGS = xfrm4j_h.XFRM_OFFLOAD_IPV6() | xfrm4j_h.XFRM_OFFLOAD_INBOUND()
            | xfrm4j_h.XFRM_OFFLOAD_PACKET();
    private static final long ACCEPTED_ATTRIBUTES = 1L << xfrm4j_h.XFRMA_MARK()
            | 1L << xfrm4j_h.XFRMA_ENCAP()
            | 1L << xfrm4j_h.XFRMA_OFFLOAD_DEV()
            | 1L << xfrm4j_h.XFRMA_SET_MARK()
            | 1L << xfrm4j_h.XFRMA_SET_MARK_MASK()
            | 1L << xfrm4j_h.XFRMA_MTIMER_THRESH()
            | 1L << xfrm4j_h.XFRMA_NAT_KEEPALIVE_INTERVAL();

    private MigrateStateRules() {
    }

    /**
     * Looks for a reason not to send the message, by itself.
     *
     * @param message the message
     * @return the reason, which names field and value, or null if there is none
     */
    public static String reasonToRefuse(MigrateStateDecoder message) {
        String reason = identity(message);
        reason = reason != null ? reason : attributes(message);
        reason = reason != null ? reason : flags(message);
        reason = reason != null ? reason : addresses(message);
        reason = reason != null ? reason : selector(message);
        reason = reason != null ? reason : newMark(message);
        return reason != null ? reason : encap(message);
    }

    /**
     * Looks for a reason not to send the message, given the SA that it is to move.
     *
     * @param message the message
     * @param sa the SA that it names, as it is now
     * @return the reason, which names field and value, or null if there is none
     */
    public static String reasonToRefuse(MigrateStateDecoder message, SaDecoder sa) {
        String reason = reasonToRefuse(message);
        reason = reason != null ? reason : namesTheSa(message, sa);
        reason = reason != null ? reason : bothFollow(message, sa);
        reason = reason != null ? reason : selector(message, sa);
        reason = reason != null ? reason : natTraversal(message, sa);
        return reason != null ? reason : offload(message, sa);
    }

    private static String identity(MigrateStateDecoder message) {
        SaIdDecoder id = message.id();
        if (id.spi() == 0) {
            return "id.spi: Invalid SPI 0x0";
        }
        if (!Inet.isFamily(id.family())) {
            return "id.family: " + id.family() + " is neither AF_INET nor AF_INET6";
        }
        int protocol = id.protocol();
        if (protocol != Inet.IPPROTO_ESP && protocol != Inet.IPPROTO_AH && protocol != Inet.IPPROTO_COMP) {
            return "id.proto: " + protocol + " is neither ESP (50), AH (51) nor IPComp (108)";
        }
        return message.reserved() == 0 ? null : "reserved: " + message.reserved() + " where it must be 0";
    }

    private static String attributes(MigrateStateDecoder message) {
        long others = message.presentAttributes() & ~ACCEPTED_ATTRIBUTES;
        if (others != 0 || message.unknownAttribute() >= 0) {
            int type = others != 0 ? Long.numberOfTrailingZeros(others) : message.unknownAttribute();
            return XfrmAttributes.name(type) + ": not accepted, it cannot be changed";
        }
        if (message.has(xfrm4j_h.XFRMA_SET_MARK_MASK()) && !message.has(xfrm4j_h.XFRMA_SET_MARK())) {
            return "XFRMA_SET_MARK_MASK: ignored without XFRMA_SET_MARK";
        }
        return null;
    }

    private static String flags(MigrateStateDecoder message) {
        int flags = message.flags();
        if ((flags & ~KNOWN_FLAGS) != 0) {
            return "flags: Unknown flags: 0x" + Integer.toHexString(flags & ~KNOWN_FLAGS);
        }
        // The documentation says EINVAL; the code lets the attribute win.
        if ((flags & CLEAR_OFFLOAD) != 0 && message.has(xfrm4j_h.XFRMA_OFFLOAD_DEV())) {
            return "flags: CLEAR_OFFLOAD together with XFRMA_OFFLOAD_DEV, which would win";
        }
        if ((message.offloadFlags() & ~KNOWN_OFFLOAD_FLAGS) != 0) {
            return "XFRMA_OFFLOAD_DEV: unknown flags 0x" + Integer.toHexString(message.offloadFlags());
        }
        return null;
    }

    private static String addresses(MigrateStateDecoder message) {
        int family = message.newFamily();
        if (!Inet.isFamily(family)) {
            return "new_family: " + family + " is neither AF_INET nor AF_INET6";
        }
        // The kernel takes it as it stands; an SA that ends nowhere is a field that was forgotten.
        if (isUnspecified(family, message.newDestinationHigh(), message.newDestinationLow())
                && !isUnspecified(message.id().family(), message.id().destinationHigh(),
                        message.id().destinationLow())) {
            return "new_daddr: the unspecified address";
        }
        return null;
    }

    private static String selector(MigrateStateDecoder message) {
        if ((message.flags() & UPDATE_H2H_SEL) != 0) {
            return null;
        }
        SelectorDecoder selector = message.newSelector();
        int family = selector.family();
        if (family != Inet.AF_UNSPEC && !Inet.isFamily(family)) {
            return "new_sel.family: " + family + " is neither AF_INET, AF_INET6 nor AF_UNSPEC";
        }
        int bits = Inet.addressBits(family);
        if (selector.destinationPrefixLength() > bits) {
            return "new_sel.prefixlen_d: " + selector.destinationPrefixLength() + " of at most " + bits;
        }
        if (selector.sourcePrefixLength() > bits) {
            return "new_sel.prefixlen_s: " + selector.sourcePrefixLength() + " of at most " + bits;
        }
        return null;
    }

    private static String newMark(MigrateStateDecoder message) {
        int value = message.markValue();
        int mask = message.markMask();
        // The kernel keeps the bits inside only (__xfrm_state_insert): such an SA would be found by other packets.
        if ((value & ~mask) != 0 && (value != message.oldMarkValue() || mask != message.oldMarkMask())) {
            return "XFRMA_MARK: value 0x" + Integer.toHexString(value) + " has bits outside its mask 0x"
                    + Integer.toHexString(mask) + ", which the kernel would drop";
        }
        return null;
    }

    private static String encap(MigrateStateDecoder message) {
        boolean given = message.has(xfrm4j_h.XFRMA_ENCAP());
        int type = message.encapType();
        if (type != 0 && type != Inet.UDP_ENCAP_ESPINUDP) {
            return "XFRMA_ENCAP: type " + type + ", only ESP in UDP (2) and none (0) are supported";
        }
        if (type != 0 && message.id().protocol() != Inet.IPPROTO_ESP) {
            return "XFRMA_ENCAP: protocol " + message.id().protocol() + " cannot be encapsulated, only ESP can";
        }
        if (given && type == 0) {
            if (message.natKeepaliveInterval() != 0) {
                return keepaliveWithoutEncap(message);
            }
            if (message.has(xfrm4j_h.XFRMA_MTIMER_THRESH())) {
                return thresholdWithoutEncap(message);
            }
        }
        return null;
    }

    private static String namesTheSa(MigrateStateDecoder message, SaDecoder sa) {
        SaIdDecoder id = message.id();
        if (id.spi() != sa.spi() || id.protocol() != sa.protocol() || id.family() != sa.family()
                || !Layouts.sameAddress(sa.family(), id.destinationHigh(), id.destinationLow(),
                        sa.destinationHigh(), sa.destinationLow())) {
            return "id: does not name the SA, spi 0x" + Integer.toHexString(id.spi()) + " where the SA has 0x"
                    + Integer.toHexString(sa.spi());
        }
        if (message.oldMarkValue() != sa.markValue() || message.oldMarkMask() != sa.markMask()) {
            return "old_mark: 0x" + Integer.toHexString(message.oldMarkValue()) + "/0x"
                    + Integer.toHexString(message.oldMarkMask()) + " where the SA has 0x"
                    + Integer.toHexString(sa.markValue()) + "/0x" + Integer.toHexString(sa.markMask());
        }
        if (isUnspecified(message.newFamily(), message.newSourceHigh(), message.newSourceLow())
                && !isUnspecified(sa.family(), sa.sourceHigh(), sa.sourceLow())) {
            return "new_saddr: the unspecified address";
        }
        return null;
    }

    /** An address that was forgotten when the family changed would be read as one of the other family. */
    private static String bothFollow(MigrateStateDecoder message, SaDecoder sa) {
        int family = message.newFamily();
        if (family == sa.family()) {
            return null;
        }
        if (message.newSourceHigh() == sa.sourceHigh() && message.newSourceLow() == sa.sourceLow()
                && !isUnspecified(family, sa.sourceHigh(), sa.sourceLow())) {
            return "new_saddr: still the SA's, where new_family is another";
        }
        if (message.newDestinationHigh() == sa.destinationHigh()
                && message.newDestinationLow() == sa.destinationLow()) {
            return "new_daddr: still the SA's, where new_family is another";
        }
        return null;
    }

    private static String selector(MigrateStateDecoder message, SaDecoder sa) {
        if ((message.flags() & UPDATE_H2H_SEL) != 0) {
            return isHostToHost(sa) ? null
                    : "flags: UPDATE_H2H_SEL, but the SA's selector is not that of its two addresses alone";
        }
        int family = message.newSelector().family();
        boolean mayBeUnspecified = (sa.flags() & xfrm4j_h.XFRM_STATE_AF_UNSPEC()) != 0;
        // NEWSA would put in the SA's family; MIGRATE_STATE does not, and the selector would match both.
        if (family == Inet.AF_UNSPEC && !mayBeUnspecified && sa.selector().family() != Inet.AF_UNSPEC) {
            return "new_sel.family: AF_UNSPEC would widen the selector to both families";
        }
        if (family != Inet.AF_UNSPEC && family != message.newFamily() && !isTunnel(sa.mode())) {
            return "new_sel.family: " + family + " with new_family " + message.newFamily()
                    + ", which only tunnel modes can accommodate";
        }
        return null;
    }

    private static String natTraversal(MigrateStateDecoder message, SaDecoder sa) {
        boolean encap = message.has(xfrm4j_h.XFRMA_ENCAP()) ? message.encapType() != 0 : sa.encapType() != 0;
        int encapType = message.has(xfrm4j_h.XFRMA_ENCAP()) ? message.encapType() : sa.encapType();
        if (message.natKeepaliveInterval() != 0) {
            if (!encap) {
                return keepaliveWithoutEncap(message);
            }
            if (sa.direction() != xfrm4j_h.XFRM_SA_DIR_OUT()) {
                return "XFRMA_NAT_KEEPALIVE_INTERVAL: " + Integer.toUnsignedString(message.natKeepaliveInterval())
                        + " s, but the SA's direction is not out";
            }
            if (encapType != Inet.UDP_ENCAP_ESPINUDP) {
                return "XFRMA_NAT_KEEPALIVE_INTERVAL: encapsulation of type " + encapType + " is not ESP in UDP";
            }
        }
        // Refused also with 0, although that is documented as "clear".
        if (message.has(xfrm4j_h.XFRMA_MTIMER_THRESH())) {
            if (!encap) {
                return thresholdWithoutEncap(message);
            }
            if (sa.direction() == xfrm4j_h.XFRM_SA_DIR_OUT()) {
                return "XFRMA_MTIMER_THRESH: " + Integer.toUnsignedString(message.mappingThreshold())
                        + " s on an output SA";
            }
        }
        return null;
    }

    private static String offload(MigrateStateDecoder message, SaDecoder sa) {
        if (!message.has(xfrm4j_h.XFRMA_OFFLOAD_DEV())) {
            return null;
        }
        boolean inbound = (message.offloadFlags() & xfrm4j_h.XFRM_OFFLOAD_INBOUND()) != 0;
        if (inbound && sa.direction() == xfrm4j_h.XFRM_SA_DIR_OUT()
                || !inbound && sa.direction() == xfrm4j_h.XFRM_SA_DIR_IN()) {
            return "XFRMA_OFFLOAD_DEV: flags 0x" + Integer.toHexString(message.offloadFlags())
                    + " do not fit the SA's direction";
        }
        if (inbound && sa.ifId() != 0) {
            return "XFRMA_OFFLOAD_DEV: incoming, with if_id 0x" + Integer.toHexString(sa.ifId());
        }
        if (sa.u32(xfrm4j_h.XFRMA_TFCPAD(), 0) != 0) {
            return "XFRMA_OFFLOAD_DEV: TFC padding cannot be offloaded";
        }
        return null;
    }

    private static String keepaliveWithoutEncap(MigrateStateDecoder message) {
        return "XFRMA_NAT_KEEPALIVE_INTERVAL: " + Integer.toUnsignedString(message.natKeepaliveInterval())
                + " s without encapsulation";
    }

    private static String thresholdWithoutEncap(MigrateStateDecoder message) {
        return "XFRMA_MTIMER_THRESH: " + Integer.toUnsignedString(message.mappingThreshold())
                + " s without encapsulation; it goes with the encapsulation by itself";
    }

    private static boolean isHostToHost(SaDecoder sa) {
        SelectorDecoder selector = sa.selector();
        int family = sa.family();
        int bits = Inet.addressBits(family);
        return selector.destinationPrefixLength() == bits
                && selector.sourcePrefixLength() == bits
                && Layouts.sameAddress(family, selector.destinationHigh(), selector.destinationLow(),
                        sa.destinationHigh(), sa.destinationLow())
                && Layouts.sameAddress(family, selector.sourceHigh(), selector.sourceLow(),
                        sa.sourceHigh(), sa.sourceLow());
    }

    /** The modes with XFRM_MODE_FLAG_TUNNEL, net/xfrm/xfrm_state.c. */
    private static boolean isTunnel(int mode) {
        return mode == xfrm4j_h.XFRM_MODE_TUNNEL() || mode == xfrm4j_h.XFRM_MODE_BEET()
                || mode == xfrm4j_h.XFRM_MODE_IPTFS();
    }

    private static boolean isUnspecified(int family, long high, long low) {
        return Layouts.sameAddress(family, high, low, 0, 0);
    }
}
