package org.xfrm4j.migrate;

import java.util.function.IntUnaryOperator;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.SaDecoder;

/**
 * What becomes of an SA that moves. Changes the message in its place; no object is made for an SA. Those that are made
 * here keep nothing, and may serve several threads.
 *
 * <pre>
 *   SaChange.local(IpPrefix.parse("192.0.2.0/24"), IpPrefix.parse("198.51.100.0/24")).and(SaChange.removeEncap())
 * </pre>
 */
@FunctionalInterface
public interface SaChange {
    /**
     * Changes a move.
     *
     * @param sa the SA as it is; valid during the call
     * @param move a move of this SA; without any change it leaves all as it is
     */
    void apply(SaDecoder sa, MigrateStateEncoder move);

    /** {@return this change and, after it, another} */
    default SaChange and(SaChange other) {
        return (sa, move) -> {
            apply(sa, move);
            other.apply(sa, move);
        };
    }

    /**
     * This change for some SAs alone: {@code hostToHostSelector().where(SaSelection.mode(Mode.TRANSPORT))}.
     *
     * @param which the SAs that it is for
     * @return the change, which leaves others as they are
     */
    default SaChange where(SaSelection which) {
        return (sa, move) -> {
            if (which.test(sa)) {
                apply(sa, move);
            }
        };
    }

    /**
     * New addresses on this side: sources of outgoing SAs, destinations of incoming ones, and of SAs whose direction
     * the kernel was not told whichever lies in the prefix. An address outside the prefix stays. Where the family
     * changes, the peers' addresses have to change as well ({@link #remote}).
     *
     * @param from the prefix, or the address, that is left
     * @param to its replacement, with as many addresses
     * @return the change
     * @throws IllegalArgumentException if they hold different numbers of addresses
     */
    static SaChange local(IpPrefix from, IpPrefix to) {
        return AddressChange.local(from, to);
    }

    /**
     * New addresses on the peers' side: destinations of outgoing SAs, sources of incoming ones, and of SAs whose
     * direction the kernel was not told whichever lies in the prefix. An address outside the prefix stays.
     *
     * @param from the prefix, or the address, that is left
     * @param to its replacement, with as many addresses
     * @return the change
     * @throws IllegalArgumentException if they hold different numbers of addresses
     */
    static SaChange remote(IpPrefix from, IpPrefix to) {
        return AddressChange.remote(from, to);
    }

    /** {@return the change to one reqid for all; 0 is none} */
    static SaChange reqid(int reqid) {
        return (sa, move) -> move.newReqid(reqid);
    }

    /** {@return the change of each reqid to another} */
    static SaChange reqid(IntUnaryOperator map) {
        return (sa, move) -> move.newReqid(map.applyAsInt(sa.reqid()));
    }

    /** {@return the change to one selector for all} */
    static SaChange selector(Selector selector) {
        return (sa, move) -> selector.encode(move.newSelector());
    }

    /** {@return the change to selectors that the kernel makes of the new addresses; SAs must have just such} */
    static SaChange hostToHostSelector() {
        return (sa, move) -> move.updateHostToHostSelector();
    }

    /** {@return the change to another mark} */
    static SaChange mark(Mark mark) {
        return (sa, move) -> move.mark(mark.value(), mark.mask());
    }

    /** {@return the change to no mark} */
    static SaChange removeMark() {
        return (sa, move) -> move.removeMark();
    }

    /**
     * {@return the change to ESP in UDP with these ports, or to others; an incoming SA gets them the other way round}
     * One whose direction the kernel was not told gets them as they are.
     */
    static SaChange encap(Encap encap) {
        return (sa, move) -> {
            boolean incoming = sa.direction() == Direction.IN.number();
            move.encap(encap.type(), incoming ? encap.destinationPort() : encap.sourcePort(),
                    incoming ? encap.sourcePort() : encap.destinationPort(),
                    encap.originalAddress().high(), encap.originalAddress().low());
        };
    }

    /** {@return the change to no encapsulation} */
    static SaChange removeEncap() {
        return (sa, move) -> move.removeEncap();
    }

    /** {@return the change to another output mark} */
    static SaChange outputMark(Mark mark) {
        return (sa, move) -> move.outputMark(mark.value(), mark.mask());
    }

    /** {@return the change to no output mark} */
    static SaChange removeOutputMark() {
        return (sa, move) -> move.removeOutputMark();
    }

    /** {@return the change to offload by a device} */
    static SaChange offload(Offload offload) {
        return (sa, move) -> move.offload(offload.ifindex(), offload.flags());
    }

    /** {@return the change to no offload} */
    static SaChange removeOffload() {
        return (sa, move) -> move.removeOffload();
    }

    /** {@return the change to NAT keepalives of outgoing SAs at an interval of {@code seconds}; 0 for none} */
    static SaChange natKeepalive(int seconds) {
        return (sa, move) -> {
            if (sa.direction() == Direction.OUT.number()) {
                move.natKeepalive(seconds);
            }
        };
    }
}
