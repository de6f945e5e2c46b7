package org.xfrm4j.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDefaults;

/** Mutated and truncated messages of policies: the documented exception or a value, and nothing allocated to decode. */
class PolicyHostileInputTest {
    private static final int DATAGRAMS = 150_000;
    private static final long SEED = 20_261_125;
    private static final int READS = 100_000;

    private static final byte[] POLICY =
            GoldenBytes.concat(PolicyGoldenBytes.POLICY, PolicyGoldenBytes.POLICY_ATTRIBUTES,
                    GoldenBytes.bytes("0900", "c800", "0102030405", "000000")); // an attribute of type 200
    private static final List<byte[]> GOOD = List.of(
            POLICY,
            PolicyGoldenBytes.POLICY_ID,
            PolicyGoldenBytes.DEFAULTS,
            GoldenBytes.concat(PolicyGoldenBytes.SPD_INFO, PolicyGoldenBytes.THRESHOLDS),
            PolicyGoldenBytes.SAD_INFO);

    private final PolicyDecoder policy = new PolicyDecoder();
    private final PolicyIdDecoder id = new PolicyIdDecoder();
    private final PolicyDefaultsDecoder defaults = new PolicyDefaultsDecoder();
    private final SpdInfoDecoder spd = new SpdInfoDecoder();
    private final SadInfoDecoder sad = new SadInfoDecoder();
    private final PolicyDecoder rereader = new PolicyDecoder();
    private final MemorySegment written = Memory.dirty(2048);

    private static byte[] mutate(byte[] good, Random random) {
        byte[] bytes = random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length + 1)) : good.clone();
        for (int i = random.nextInt(8); i > 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            bytes[at] = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> (byte) 0xff;
                case 2 -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
                default -> (byte) random.nextInt();
            };
        }
        return bytes;
    }

    private void read(int kind, MemorySegment datagram) {
        long length = datagram.byteSize();
        switch (kind) {
            case 0 -> readPolicy(datagram);
            case 1 -> {
                id.wrap(datagram, 0);
                id.selector().user();
                id.direction();
            }
            case 2 -> PolicyDefaults.from(defaults.wrap(datagram, 0, length)).toString();
            case 3 -> {
                spd.wrap(datagram, 0, length);
                spd.socketForward();
                spd.maxBuckets();
                spd.ipv4RemoteThreshold();
                spd.ipv6RemoteThreshold();
            }
            default -> {
                sad.wrap(datagram, 0, length);
                sad.count();
                sad.maxBuckets();
            }
        }
    }

    private void readPolicy(MemorySegment datagram) {
        policy.wrap(datagram, 0, datagram.byteSize());
        Policy value = Policy.from(policy);
        assertTrue(value.toString().length() > 0);
        // What was read can be written, and is then read as the same; but of a label a zero at its end is the kernel's.
        int length = value.encode(written, Memory.OFFSET);
        Policy again = Policy.from(rereader.wrap(written, Memory.OFFSET, length));
        assertEquals(value.id().withSecurityContext(null), again.id().withSecurityContext(null));
        assertEquals(value.templates(), again.templates());
        assertEquals(value.otherAttributes(), again.otherAttributes());
    }

    @Test
    void givesAValueOrTheDocumentedException() {
        Random random = new Random(SEED);
        MemorySegment memory = Memory.dirty(1024);
        int values = 0;
        int refused = 0;
        for (int i = 0; i < DATAGRAMS; i++) {
            int kind = Math.max(0, random.nextInt(2 * GOOD.size()) - GOOD.size());
            byte[] bytes = mutate(GOOD.get(kind), random);
            // Exact ends: whatever reads behind the message reads behind the segment, and is seen.
            MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, memory.byteSize() - bytes.length, bytes.length);
            MemorySegment datagram = memory.asSlice(memory.byteSize() - bytes.length);
            try {
                read(kind, datagram);
                values++;
            } catch (MalformedMessageException expected) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("datagram " + i + " of seed " + SEED, e);
            }
        }
        assertTrue(values > DATAGRAMS / 20, "only " + values + " were good: the mutations are too wild to reach far");
        assertTrue(refused > DATAGRAMS / 20, "only " + refused + " were refused: the mutations are too tame");
    }

    @Test
    void takesTheMessagesThemselves() {
        for (int kind = 0; kind < GOOD.size(); kind++) {
            read(kind, Memory.of(GOOD.get(kind)));
        }
    }

    private long decode(MemorySegment datagram, int times) {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            policy.wrap(datagram, 0, POLICY.length);
            for (int t = 0; t < policy.templateCount(); t++) {
                sum += policy.template(t).reqid();
            }
            sum += policy.selector().destinationPort() + policy.lifetime().hardSecondsSinceAdded() + policy.ifId()
                    + policy.usage().packets() + policy.markMask() + policy.type();
        }
        return sum;
    }

    @Test
    void decodesWithoutAllocating() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertTrue(threads.isThreadAllocatedMemoryEnabled());
        MemorySegment datagram = Memory.of(POLICY);
        decode(datagram, READS);
        long before = threads.getCurrentThreadAllocatedBytes();
        long nothing = threads.getCurrentThreadAllocatedBytes() - before;
        long sum = decode(datagram, READS);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before - 2 * nothing;
        assertEquals((7L + 42 + 443 + 3600 + 0x1234 + 5 + 0xff + 1) * READS, sum);
        // Less than a byte each: what is left is the JVM's own, such as a compiled method being installed.
        assertTrue(allocated < READS / 10, allocated + " bytes for " + READS + " policies");
    }
}
