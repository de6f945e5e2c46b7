package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xfrm4j.RandomPolicies;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.RawAttribute;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.PolicyIdEncoder;

/**
 * {@link PolicyForm}, {@link PolicyEnds} and {@link PlainPolicy}, which go by bytes, against the same done with values.
 */
class PolicyFormTest {
    private static final int UNKNOWN_TYPE = 77;
    private static final long SEED = 20;

    private final MemorySegment segment = MemorySegment.ofArray(new byte[16 * 1024]);

    /** Of every kind; some with attributes of a kernel that is newer than the library. */
    private static List<Policy> policies() {
        List<Policy> policies = new ArrayList<>();
        Random random = new Random(SEED);
        for (Policy policy : RandomPolicies.of(SEED, 2_000)) {
            byte[] payload = new byte[random.nextInt(9)];
            random.nextBytes(payload);
            policies.add(random.nextInt(4) > 0 ? policy
                    : new Policy(policy.id(), policy.index(), policy.priority(), policy.action(), policy.flags(),
                            policy.share(), policy.templates(), policy.lifetime(), policy.usage(), policy.offload(),
                            List.of(new RawAttribute(UNKNOWN_TYPE, payload))));
        }
        return policies;
    }

    private byte[] bytes(int length) {
        return segment.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private PolicyDecoder written(int length) {
        return new PolicyDecoder().wrap(segment, 8, length);
    }

    @Test
    void writesAllThatAPolicyHas() {
        for (Policy policy : policies()) {
            segment.fill((byte) 0x55);
            byte[] written = bytes(PolicyForm.whole(DumpedPolicy.of(policy), segment, 8));
            segment.fill((byte) 0x55);
            assertArrayEquals(bytes(policy.encode(segment, 8)), written);
        }
    }

    @Test
    void blockingOneIsTheSameWithoutTemplates() {
        for (Policy policy : policies()) {
            segment.fill((byte) 0x55);
            byte[] written = bytes(PolicyForm.blocking(DumpedPolicy.of(policy), segment, 8));
            segment.fill((byte) 0x55);
            assertArrayEquals(bytes(PolicyForm.blocking(policy).encode(segment, 8)), written);
        }
    }

    @Test
    void nameIsAllThatTellsAPolicyFromOthers() {
        for (Policy policy : policies()) {
            segment.fill((byte) 0x55);
            byte[] written = bytes(PolicyForm.name(DumpedPolicy.of(policy), segment, 8));
            segment.fill((byte) 0x55);
            assertArrayEquals(bytes(policy.id().encode(new PolicyIdEncoder().wrap(segment, 8))), written);
        }
    }

    /** A kernel without sub policies does not tell the type. */
    @Test
    void noMessageIsLongerThanIsMadeRoomFor() {
        for (Policy policy : policies()) {
            PolicyDecoder dumped = DumpedPolicy.of(policy);
            long type = dumped.attributeOffset(xfrm4j_h.XFRMA_POLICY_TYPE()) - AttributeEncoder.HEADER_LENGTH;
            long behind = type + AttributeEncoder.HEADER_LENGTH + 8;
            MemorySegment.copy(dumped.segment(), behind, dumped.segment(), type, dumped.length() - behind);
            dumped.wrap(dumped.segment(), 0, dumped.length() - (behind - type));
            int most = PolicyForm.mostBytes(dumped);
            assertTrue(PolicyForm.whole(dumped, segment, 8) <= most, policy::toString);
            assertTrue(PolicyForm.blocking(dumped, segment, 8) <= most, policy::toString);
            assertTrue(PolicyForm.name(dumped, segment, 8) <= most, policy::toString);
        }
    }

    /** As the kernel tells of an incoming policy, and refuses when written. */
    @Test
    void leavesOutThatOffloadIsInboundAndABlockingPolicyHasNone() {
        Policy incoming = RandomPolicies.of(SEED, 1).getFirst().toBuilder()
                .offload(new Offload(7, Offload.PACKET)).build();
        PolicyDecoder dumped = DumpedPolicy.of(incoming);
        dumped.segment().set(ValueLayout.JAVA_BYTE, dumped.attributeOffset(xfrm4j_h.XFRMA_OFFLOAD_DEV()) + 4,
                (byte) (Offload.PACKET | Offload.INBOUND));
        assertEquals(Offload.PACKET | Offload.INBOUND, dumped.offloadFlags());

        assertEquals(incoming, Policy.from(written(PolicyForm.whole(dumped, segment, 8))));
        assertEquals(Offload.PACKET | Offload.INBOUND, dumped.offloadFlags(), "the dump is as it was");
        assertFalse(written(PolicyForm.blocking(dumped, segment, 8)).has(xfrm4j_h.XFRMA_OFFLOAD_DEV()));
    }

    /** A journal has what is written; the kernel adds INBOUND. */
    @Test
    void offloadThatIsWrittenIsTheSameAsTheKernelTellsIt() {
        Policy written = RandomPolicies.of(SEED, 1).getFirst().toBuilder()
                .offload(new Offload(7, Offload.PACKET)).build();
        Policy told = written.toBuilder().offload(new Offload(7, Offload.PACKET | Offload.INBOUND)).build();
        Policy elsewhere = written.toBuilder().offload(new Offload(8, Offload.PACKET | Offload.INBOUND)).build();

        assertTrue(PolicyCheck.isSame(written, told));
        assertFalse(PolicyCheck.isSame(written, elsewhere));
        assertFalse(PolicyCheck.isSame(written, written.toBuilder().offload(null).build()));
    }

    /** Templates and selectors, of both families, with SAs that have one of the addresses or reqids by chance. */
    @Test
    void policyAfterMovesIsTheSameInBytesAsInValues() {
        Random random = new Random(SEED);
        PolicyEnds ends = new PolicyEnds();
        int renamed = 0;
        int refused = 0;
        for (Policy policy : policies()) {
            List<MoveEnds> moves = new ArrayList<>();
            for (int i = 0; i < policy.templates().size(); i++) {
                moves.add(random.nextInt(4) == 0 ? null : ends(random, policy, i));
            }
            PolicyDecoder dumped = DumpedPolicy.of(policy);
            ends.begin(dumped);
            moves.forEach(ends::next);
            Policy expected;
            try {
                expected = PolicyEndsModel.after(policy, moves);
            } catch (IllegalArgumentException impossible) {
                refused++;
                assertFalse(PlainPolicy.is(ends.policy()), impossible::getMessage);
                continue;
            }
            assertEquals(expected, Policy.from(ends.policy()));
            assertEquals(expected.equals(policy), ends.policy().isSameButUsageAndIndex(dumped));
            assertEquals(expected.id().equals(policy.id()), PolicyForm.hasSameSelector(dumped, ends.policy()));
            renamed += expected.id().equals(policy.id()) ? 0 : 1;
        }
        assertTrue(renamed > 50 && refused > 50, renamed + " renamed, " + refused + " refused");
    }

    private static MoveEnds ends(Random random, Policy policy, int template) {
        boolean selector = random.nextInt(3) == 0;
        IpAddress source = selector ? policy.selector().source().address()
                : random.nextInt(3) > 0 ? policy.templates().get(template).source() : IpAddress.parse("192.0.2.77");
        IpAddress destination = selector ? policy.selector().destination().address()
                : random.nextInt(3) > 0 ? policy.templates().get(template).destination() : source;
        if (destination.family() != source.family()) {
            destination = source;
        }
        Policy other = RandomPolicies.of(random.nextInt(100), 1).getFirst();
        boolean staysInFamily = random.nextInt(3) > 0 && other.selector().family() != source.family();
        IpAddress newSource = staysInFamily ? source : other.selector().source().address();
        IpAddress newDestination = staysInFamily ? destination : other.selector().destination().address();
        return TestEnds.of(source, destination, newSource, newDestination, random.nextInt(), random.nextBoolean());
    }

    @Test
    void plainPoliciesAreThoseThatTheBuilderTakes() {
        int plain = 0;
        Random random = new Random(SEED);
        for (Policy policy : policies()) {
            PolicyDecoder dumped = DumpedPolicy.of(policy);
            for (int i = 0; i < 20; i++) {
                // Any byte of the structure or of a template may be anything.
                dumped.segment().set(ValueLayout.JAVA_BYTE, random.nextInt((int) dumped.length()),
                        (byte) random.nextInt(i < 10 ? 4 : 256));
                PolicyDecoder damaged = new PolicyDecoder();
                try {
                    damaged.wrap(dumped.segment(), 0, dumped.length());
                } catch (RuntimeException noPolicy) {
                    break;
                }
                if (PlainPolicy.is(damaged)) {
                    plain++;
                    Policy.from(damaged).toBuilder().build();
                }
            }
        }
        assertTrue(plain > 1_000, plain + " plain");
        Policy usual = TestGateway.policy(1, PolicyDirection.OUT);
        assertTrue(PlainPolicy.is(DumpedPolicy.of(usual)), "and those of gateways are");
    }
}
