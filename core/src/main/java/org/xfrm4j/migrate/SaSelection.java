package org.xfrm4j.migrate;

import java.util.Arrays;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.wire.SaDecoder;

/**
 * Which SAs of a dump are meant. Looks at them where the kernel put them: no object is made for an SA. Those that are
 * made here keep nothing, and may serve several threads.
 *
 * <pre>
 *   SaSelection.local(IpPrefix.parse("192.0.2.1")).and(SaSelection.protocol(Protocol.ESP))
 * </pre>
 */
@FunctionalInterface
public interface SaSelection {
    /** Every SA. */
    SaSelection ALL = sa -> true;

    /**
     * Whether an SA is meant.
     *
     * @param sa the SA; valid during the call
     * @return true if it is
     */
    boolean test(SaDecoder sa);

    /** {@return SAs that are meant by both} */
    default SaSelection and(SaSelection other) {
        return sa -> test(sa) && other.test(sa);
    }

    /** {@return SAs that are meant by one or both} */
    default SaSelection or(SaSelection other) {
        return sa -> test(sa) || other.test(sa);
    }

    /** {@return SAs that are not meant by this} */
    default SaSelection negate() {
        return sa -> !test(sa);
    }

    /**
     * SAs whose address on this side lies in a prefix: the source of an outgoing SA, the destination of an incoming
     * one. Of an SA whose direction the kernel was not told, either.
     *
     * @param prefix the prefix
     * @return the selection
     */
    static SaSelection local(IpPrefix prefix) {
        AddressMatcher matcher = new AddressMatcher(prefix);
        return sa -> matcher.source(sa) && sa.direction() != Direction.IN.number()
                || matcher.destination(sa) && sa.direction() != Direction.OUT.number();
    }

    /**
     * SAs whose address on the peer's side lies in a prefix: the destination of an outgoing SA, the source of an
     * incoming one. Of an SA whose direction the kernel was not told, either.
     *
     * @param prefix the prefix
     * @return the selection
     */
    static SaSelection remote(IpPrefix prefix) {
        AddressMatcher matcher = new AddressMatcher(prefix);
        return sa -> matcher.source(sa) && sa.direction() != Direction.OUT.number()
                || matcher.destination(sa) && sa.direction() != Direction.IN.number();
    }

    /** {@return SAs whose outer source lies in a prefix} */
    static SaSelection source(IpPrefix prefix) {
        return new AddressMatcher(prefix)::source;
    }

    /** {@return SAs whose outer destination lies in a prefix} */
    static SaSelection destination(IpPrefix prefix) {
        return new AddressMatcher(prefix)::destination;
    }

    /** {@return SAs of a protocol} */
    static SaSelection protocol(Protocol protocol) {
        int number = protocol.number();
        return sa -> sa.protocol() == number;
    }

    /** {@return SAs with one of these SPIs} */
    static SaSelection spi(int... spis) {
        int[] sorted = sorted(spis);
        return sa -> Arrays.binarySearch(sorted, sa.spi()) >= 0;
    }

    /** {@return SAs with one of these reqids} */
    static SaSelection reqid(int... reqids) {
        int[] sorted = sorted(reqids);
        return sa -> Arrays.binarySearch(sorted, sa.reqid()) >= 0;
    }

    private static int[] sorted(int[] numbers) {
        int[] sorted = numbers.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    /** {@return SAs with exactly this mark, value and mask} */
    static SaSelection mark(Mark mark) {
        int value = mark.value();
        int mask = mark.mask();
        return sa -> sa.markValue() == value && sa.markMask() == mask;
    }

    /** {@return SAs of an XFRM interface; 0: of none} */
    static SaSelection ifId(int ifId) {
        return sa -> sa.ifId() == ifId;
    }

    /** {@return SAs of a mode} */
    static SaSelection mode(Mode mode) {
        int number = mode.number();
        return sa -> sa.mode() == number;
    }

    /** {@return SAs of a direction, as the kernel was told} */
    static SaSelection direction(Direction direction) {
        int number = direction.number();
        return sa -> sa.direction() == number;
    }
}
