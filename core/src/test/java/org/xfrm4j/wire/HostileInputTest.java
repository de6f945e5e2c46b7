package org.xfrm4j.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xfrm4j.Hostile;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;

/**
 * Mutated, truncated and random messages, to every decoder of this package: a value or the documented exception, never
 * anything else, and nothing allocated that a length in the message has chosen. Decoders are found by their names and
 * read through all that they offer, so one that is new is tested, too.
 */
class HostileInputTest {
    private static final int DATAGRAMS = 500_000;
    /** What reading a message may allocate, beside a share of its length: values, their text, this test's own. */
    private static final long ALLOCATION = 64 * 1024;
    private static final long ALLOCATION_PER_BYTE = 200;

    /** Messages as the kernel sends them, by the decoder; of the others the fixed part is filled at random. */
    private static final Map<Class<?>, List<byte[]>> GOLDEN = Map.of(
            SaDecoder.class, List.of(GoldenBytes.SA),
            MigrateStateDecoder.class, List.of(GoldenBytes.concat(
                    GoldenBytes.MIGRATE_STATE, GoldenBytes.MIGRATE_STATE_ATTRIBUTES)),
            PolicyDecoder.class, List.of(GoldenBytes.concat(
                    PolicyGoldenBytes.POLICY, PolicyGoldenBytes.POLICY_ATTRIBUTES)),
            PolicyIdDecoder.class, List.of(PolicyGoldenBytes.POLICY_ID),
            PolicyDefaultsDecoder.class, List.of(PolicyGoldenBytes.DEFAULTS),
            SadInfoDecoder.class, List.of(PolicyGoldenBytes.SAD_INFO),
            SpdInfoDecoder.class, List.of(GoldenBytes.concat(
                    PolicyGoldenBytes.SPD_INFO, PolicyGoldenBytes.THRESHOLDS)),
            SecurityContextDecoder.class, List.of(GoldenBytes.SECURITY_CONTEXT),
            ReplayEsnDecoder.class, List.of(GoldenBytes.REPLAY_ESN),
            AlgorithmDecoder.class, List.of(GoldenBytes.AEAD));

    private static final List<DecoderUnderTest> DECODERS = DecoderUnderTest.all();

    static List<DecoderUnderTest> decoders() {
        return DECODERS;
    }

    /** The payload of an attribute of the type, as it should be. */
    private static byte[] payload(int type, Random random) {
        if (type == xfrm4j_h.XFRMA_ALG_AEAD()) {
            return GoldenBytes.AEAD;
        } else if (type == xfrm4j_h.XFRMA_ALG_AUTH_TRUNC()) {
            return GoldenBytes.AUTH_TRUNC;
        } else if (type == xfrm4j_h.XFRMA_ALG_CRYPT() || type == xfrm4j_h.XFRMA_ALG_AUTH()
                || type == xfrm4j_h.XFRMA_ALG_COMP()) {
            return GoldenBytes.CRYPT;
        } else if (type == xfrm4j_h.XFRMA_REPLAY_ESN_VAL()) {
            return GoldenBytes.REPLAY_ESN;
        } else if (type == xfrm4j_h.XFRMA_SEC_CTX()) {
            return GoldenBytes.SECURITY_CONTEXT;
        } else if (type == xfrm4j_h.XFRMA_TMPL() || type == xfrm4j_h.XFRMA_MIGRATE()) {
            return Hostile.noise((1 + random.nextInt(7)) * XfrmAttributes.minimumLength(type), random);
        } else if (type == xfrm4j_h.XFRMA_SA()) {
            return GoldenBytes.SA;
        } else if (type == xfrm4j_h.XFRMA_POLICY()) {
            return PolicyGoldenBytes.POLICY;
        } else if (type == xfrm4j_h.XFRMA_SA_DIR()) {
            return new byte[] {(byte) random.nextInt(3)};
        }
        return Hostile.noise(XfrmAttributes.minimumLength(type), random);
    }

    /** An attribute that is right, or of a wrong length, or of a wrong type. */
    private static byte[] attribute(Random random) {
        int type = random.nextInt(XfrmAttributes.MAX + 1);
        byte[] payload = payload(type, random);
        int die = random.nextInt(60);
        if (die == 0) {
            payload = Hostile.noise(random.nextInt(100), random);
        } else if (die == 1) {
            type = random.nextInt(0x10000);
        } else if (die == 2) {
            type = 1 + random.nextInt(6); // information has attributes of its own numbers
        }
        byte[] attribute = DecoderUnderTest.attribute(type, payload);
        if (random.nextInt(60) == 0) {
            int length = random.nextBoolean() ? random.nextInt(0x10000) : random.nextInt(5);
            attribute[0] = (byte) length;
            attribute[1] = (byte) (length >>> 8);
        }
        return attribute;
    }

    /** Mostly zeros, which reach further than noise does: families, directions and modes are small numbers. */
    private static byte[] fixedPart(int length, Random random) {
        if (random.nextInt(3) == 0) {
            return Hostile.noise(length, random);
        }
        byte[] bytes = new byte[length];
        for (int i = random.nextInt(6); i > 0 && length > 0; i--) {
            bytes[random.nextInt(length)] = (byte) random.nextInt(random.nextBoolean() ? 12 : 256);
        }
        return bytes;
    }

    private static byte[] datagram(DecoderUnderTest decoder, Random random) {
        if (random.nextInt(16) == 0) {
            return Hostile.noise(random.nextInt(600), random);
        }
        List<byte[]> golden = GOLDEN.getOrDefault(decoder.type(), List.of());
        List<byte[]> parts = new ArrayList<>();
        parts.add(!golden.isEmpty() && random.nextInt(4) > 0 ? golden.get(random.nextInt(golden.size()))
                : fixedPart(decoder.fixedLength(), random));
        if (decoder.needed() != DecoderUnderTest.NONE && random.nextInt(8) > 0) {
            parts.add(DecoderUnderTest.attribute(decoder.needed(), payload(decoder.needed(), random)));
        }
        if (decoder.hasLength()) {
            for (int i = random.nextInt(12); i > 0; i--) {
                parts.add(attribute(random));
            }
        }
        byte[] message = GoldenBytes.concat(parts.toArray(byte[][]::new));
        return random.nextInt(3) == 0 ? message : Hostile.mutate(message, random);
    }

    @Test
    void givesAValueOrTheDocumentedException() throws InterruptedException {
        // Those of whole messages are met more often: there is more to them.
        List<DecoderUnderTest> weighted = DECODERS.stream()
                .flatMap(decoder -> Stream.generate(() -> decoder).limit(decoder.hasValue() ? 4 : 1)).toList();
        Map<String, int[]> outcomes = new TreeMap<>();
        DECODERS.forEach(decoder -> outcomes.put(decoder.toString(), new int[2]));
        int[] count = new int[1];
        Hostile.feed(DATAGRAMS, () -> {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            MemorySegment memory = Memory.dirty(1 << 18);
            return (random, report) -> {
                DecoderUnderTest decoder = weighted.get(random.nextInt(weighted.size()));
                byte[] bytes = datagram(decoder, random);
                report.reads(decoder.toString());
                // Exact ends: whatever reads behind the message reads behind the segment, and is seen.
                long start = memory.byteSize() - bytes.length;
                MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, start, bytes.length);
                MemorySegment datagram = memory.asSlice(start);
                long before = threads.getCurrentThreadAllocatedBytes();
                try {
                    decoder.read(datagram, random);
                    outcomes.get(decoder.toString())[0]++;
                } catch (MalformedMessageException expected) {
                    outcomes.get(decoder.toString())[1]++;
                } catch (Throwable e) {
                    throw new AssertionError(Hostile.hex(bytes), e);
                }
                long allocated = threads.getCurrentThreadAllocatedBytes() - before;
                if (allocated > ALLOCATION + ALLOCATION_PER_BYTE * bytes.length && count[0] > DATAGRAMS / 10) {
                    throw new AssertionError(allocated + " bytes allocated to read " + Hostile.hex(bytes));
                }
                count[0]++;
            };
        });
        if (count[0] >= DATAGRAMS) {
            outcomes.forEach((decoder, outcome) -> {
                int least = (outcome[0] + outcome[1]) / 50;
                assertTrue(outcome[0] > least, decoder + ": " + Arrays.toString(outcome) + ", mutations too wild");
                // A structure of a byte is hardly ever wrong.
                assertTrue(outcome[1] > least / 10, decoder + ": " + Arrays.toString(outcome) + ", too tame");
            });
        }
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void refusesEveryTruncationOfTheFixedPart(DecoderUnderTest decoder) {
        for (int length = 0; length < decoder.fixedLength(); length++) {
            MemorySegment cut = Memory.of(new byte[length]);
            assertThrows(MalformedMessageException.class, () -> decoder.wrap(cut, 0, cut.byteSize()));
        }
        MemorySegment whole = Memory.of(decoder.least(decoder.fixedLength()));
        decoder.wrap(whole, 0, whole.byteSize());
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void refusesAPlaceOutsideTheSegment(DecoderUnderTest decoder) {
        int fixed = decoder.fixedLength();
        MemorySegment segment = Memory.of(new byte[fixed + 64]);
        long size = segment.byteSize();
        for (long offset : new long[] {-1, Long.MIN_VALUE, size + 1, Long.MAX_VALUE, Long.MAX_VALUE - fixed}) {
            assertThrows(MalformedMessageException.class, () -> decoder.wrap(segment, offset, fixed), "at " + offset);
        }
        if (decoder.hasLength()) {
            for (long length : new long[] {size + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
                assertThrows(MalformedMessageException.class, () -> decoder.wrap(segment, 0, length),
                        length + " bytes");
            }
        }
    }

    @Test
    void takesWholeMessagesThemselves() {
        GOLDEN.forEach((type, messages) -> messages.forEach(message -> {
            DecoderUnderTest decoder = DECODERS.stream().filter(one -> one.type() == type).findFirst().orElseThrow();
            try {
                decoder.read(Memory.of(message), null);
            } catch (Throwable e) {
                fail(type + ": " + Hostile.hex(message), e);
            }
        }));
        assertTrue(DECODERS.size() >= GOLDEN.size());
        assertEquals(SaEncoder.LENGTH, DECODERS.stream().filter(one -> one.type() == SaDecoder.class).findFirst()
                .orElseThrow().fixedLength());
    }
}
