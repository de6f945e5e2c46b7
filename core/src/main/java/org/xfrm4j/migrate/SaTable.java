package org.xfrm4j.migrate;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.wire.Inet;
import org.xfrm4j.wire.SaDecoder;

/**
 * What a plan keeps of every SA of the namespace, outside the heap: what names it, and by what policies find it. No
 * keys. Addresses of IPv4 are without what stands behind their 32 bits.
 *
 * <pre>
 *   0 source (two longs of network order)   32 spi      44 mark value   52 family   55 mode
 *  16 destination                           36 reqid    48 mark mask    54 proto    56 direction
 *                                           40 if_id                    57 flags   58 movable
 *  60 output mark value                     64 output mark mask
 * </pre>
 */
final class SaTable implements AutoCloseable {
    private static final int ENTRY = 72;
    private static final int CHUNK_ENTRIES = (int) NativeStore.CHUNK_BYTES / ENTRY;
    private static final int SOURCE = 0;
    private static final int DESTINATION = 16;
    private static final int SPI = 32;
    private static final int REQID = 36;
    private static final int IF_ID = 40;
    private static final int MARK = 44;
    private static final int MASK = 48;
    private static final int FAMILY = 52;
    private static final int PROTOCOL = 54;
    private static final int MODE = 55;
    private static final int DIRECTION = 56;
    private static final int FLAGS = 57;
    private static final int MOVABLE = 58;
    private static final int OUTPUT_MARK = 60;
    private static final int OUTPUT_MASK = 64;
    private static final int[] ALGORITHMS = {xfrm4j_h.XFRMA_ALG_AEAD(), xfrm4j_h.XFRMA_ALG_AUTH(),
        xfrm4j_h.XFRMA_ALG_AUTH_TRUNC(), xfrm4j_h.XFRMA_ALG_CRYPT(), xfrm4j_h.XFRMA_ALG_COMP()};

    private final NativeStore store = new NativeStore();
    private final HashIndex byTuple = new HashIndex();
    private int count;
    private boolean anyWithoutSource;

    /** Adds an SA, and returns its number. */
    int add(SaDecoder sa) {
        long reserved = store.reserve(ENTRY);
        MemorySegment segment = store.segment(reserved);
        long at = NativeStore.within(reserved);
        int family = sa.family();
        segment.set(JAVA_LONG, at + SOURCE, highOf(family, sa.sourceHigh()));
        segment.set(JAVA_LONG, at + SOURCE + 8, lowOf(family, sa.sourceLow()));
        segment.set(JAVA_LONG, at + DESTINATION, highOf(family, sa.destinationHigh()));
        segment.set(JAVA_LONG, at + DESTINATION + 8, lowOf(family, sa.destinationLow()));
        segment.set(JAVA_INT, at + SPI, sa.spi());
        segment.set(JAVA_INT, at + REQID, sa.reqid());
        segment.set(JAVA_INT, at + IF_ID, sa.ifId());
        segment.set(JAVA_INT, at + MARK, sa.markValue());
        segment.set(JAVA_INT, at + MASK, sa.markMask());
        segment.set(JAVA_SHORT, at + FAMILY, (short) family);
        segment.set(JAVA_BYTE, at + PROTOCOL, (byte) sa.protocol());
        segment.set(JAVA_BYTE, at + MODE, (byte) sa.mode());
        segment.set(JAVA_BYTE, at + DIRECTION, (byte) sa.direction());
        segment.set(JAVA_BYTE, at + FLAGS, (byte) sa.flags());
        segment.set(JAVA_INT, at + OUTPUT_MARK, sa.outputMarkValue());
        segment.set(JAVA_INT, at + OUTPUT_MASK, sa.outputMarkMask());
        segment.set(JAVA_BYTE, at + MOVABLE, (byte) (hasAlgorithm(sa) ? 1 : 0));
        store.keep(ENTRY);
        int number = count++;
        byTuple.add(tupleHash(destinationHigh(number), destinationLow(number), spi(number), protocol(number), family));
        anyWithoutSource |= isWithoutSource(number);
        return number;
    }

    private static boolean hasAlgorithm(SaDecoder sa) {
        for (int algorithm : ALGORITHMS) {
            if (sa.has(algorithm)) {
                return true;
            }
        }
        return false;
    }

    /** An IPv4 address is 4 of the 16 bytes; the kernel leaves the others as they were given. */
    static long highOf(int family, long high) {
        return family == Inet.AF_INET ? high & ~0L << Integer.SIZE : high;
    }

    /** The other half: of IPv4 nothing. */
    static long lowOf(int family, long low) {
        return family == Inet.AF_INET ? 0 : low;
    }

    static int tupleHash(long high, long low, int spi, int protocol, int family) {
        return HashIndex.mix(HashIndex.mix(HashIndex.mix(family, high), low), spi + 31 * protocol);
    }

    HashIndex byTuple() {
        return byTuple;
    }

    int count() {
        return count;
    }

    private MemorySegment segment(int sa) {
        return store.chunk(sa / CHUNK_ENTRIES);
    }

    private static long at(int sa) {
        return (long) (sa % CHUNK_ENTRIES) * ENTRY;
    }

    long sourceHigh(int sa) {
        return segment(sa).get(JAVA_LONG, at(sa) + SOURCE);
    }

    long sourceLow(int sa) {
        return segment(sa).get(JAVA_LONG, at(sa) + SOURCE + 8);
    }

    long destinationHigh(int sa) {
        return segment(sa).get(JAVA_LONG, at(sa) + DESTINATION);
    }

    long destinationLow(int sa) {
        return segment(sa).get(JAVA_LONG, at(sa) + DESTINATION + 8);
    }

    int spi(int sa) {
        return segment(sa).get(JAVA_INT, at(sa) + SPI);
    }

    int reqid(int sa) {
        return segment(sa).get(JAVA_INT, at(sa) + REQID);
    }

    int ifId(int sa) {
        return segment(sa).get(JAVA_INT, at(sa) + IF_ID);
    }

    int markValue(int sa) {
        return segment(sa).get(JAVA_INT, at(sa) + MARK);
    }

    int markMask(int sa) {
        return segment(sa).get(JAVA_INT, at(sa) + MASK);
    }

    /** The mark that a packet has when the SA was used for it, as far as {@link #outputMask} goes. */
    int outputMark(int sa) {
        return segment(sa).get(JAVA_INT, at(sa) + OUTPUT_MARK);
    }

    int outputMask(int sa) {
        return segment(sa).get(JAVA_INT, at(sa) + OUTPUT_MASK);
    }

    int family(int sa) {
        return segment(sa).get(JAVA_SHORT, at(sa) + FAMILY);
    }

    int protocol(int sa) {
        return segment(sa).get(JAVA_BYTE, at(sa) + PROTOCOL) & 0xff;
    }

    int mode(int sa) {
        return segment(sa).get(JAVA_BYTE, at(sa) + MODE);
    }

    int direction(int sa) {
        return segment(sa).get(JAVA_BYTE, at(sa) + DIRECTION);
    }

    /** Whether it is not looked for when packets leave (Mobile IPv6). */
    boolean isForReceivingOnly(int sa) {
        return (segment(sa).get(JAVA_BYTE, at(sa) + FLAGS) & SecurityAssociation.FLAG_WILD_RECEIVE) != 0;
    }

    /** Whether it stands for any source. */
    boolean isWithoutSource(int sa) {
        return (sourceHigh(sa) | sourceLow(sa)) == 0;
    }

    /** Whether there is an SA that stands for any source. */
    boolean hasAnyWithoutSource() {
        return anyWithoutSource;
    }

    /**
     * Whether the kernel can move it at all. It cannot move what has no algorithm: an SA that is still being negotiated
     * (XFRM_STATE_ACQ, after XFRM_MSG_ALLOCSPI or an acquire), those that it makes for itself beside IPComp tunnels,
     * and those of Mobile IPv6.
     */
    boolean isMovable(int sa) {
        return segment(sa).get(JAVA_BYTE, at(sa) + MOVABLE) != 0;
    }

    /** What names the SA; for messages to people. */
    SaId id(int sa) {
        return new SaId(destination(sa), spi(sa), new Protocol(protocol(sa)), new Mark(markValue(sa), markMask(sa)));
    }

    IpAddress source(int sa) {
        return IpAddress.ofWire(AddressFamily.of(family(sa)), sourceHigh(sa), sourceLow(sa));
    }

    IpAddress destination(int sa) {
        return IpAddress.ofWire(AddressFamily.of(family(sa)), destinationHigh(sa), destinationLow(sa));
    }

    @Override
    public void close() {
        store.close();
    }
}
