package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_userpolicy_info;
import org.xfrm4j.netlink.DumpCursor;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.Usage;
import org.xfrm4j.wire.PolicyDecoder;

/**
 * What is read of a policy and written again gives the same policy, to the byte: nothing is lost on the way in or out.
 *
 * <p>The bytes compared are those of the kernel's dumps, all that stands behind the netlink header, but for the 32
 * bytes of {@code curlft} (when added, when first used), which the kernel starts anew. The index is compared, too: the
 * kernel takes the one that is asked for.
 */
class PolicyFidelityIT {
    private static final int POLICIES = 2_500;
    private static final long SEED = Long.getLong("xfrm4j.fidelity.seed", 20_261_125);
    private static final int USAGE = (int) xfrm_userpolicy_info.curlft$offset();
    private static final int USAGE_END = (int) xfrm_userpolicy_info.priority$offset();

    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @Test
    void aDumpThatIsInstalledAgainGivesTheSameDump() {
        install(RandomPolicies.of(SEED, POLICIES));
        List<byte[]> before = dump();
        // The same order as at first: the kernel dumps the newest first.
        List<Policy> decoded = before.reversed().stream().map(PolicyFidelityIT::decode).toList();
        assertEquals(POLICIES, decoded.size());

        policies().flush();
        assertEquals(List.of(), policies().list());
        install(decoded);

        List<byte[]> after = dump();
        assertEquals(POLICIES, after.size());
        for (int i = 0; i < POLICIES; i++) {
            if (!Arrays.equals(before.get(i), after.get(i))) {
                fail("seed " + SEED + ", of the policy\n" + decode(before.get(i))
                        + "\nother bytes came back, before and after:\n" + HexFormat.of().formatHex(before.get(i))
                        + "\n" + HexFormat.of().formatHex(after.get(i)));
            }
        }
    }

    /** The way in is tested for itself: what was lost when writing at first would be missing in both dumps. */
    @Test
    void whatIsReadIsWhatWasWritten() {
        List<Policy> generated = RandomPolicies.of(SEED + 1, POLICIES);
        install(generated);
        Map<PolicyId, Policy> read = policies().list().stream().collect(Collectors.toMap(Policy::id, policy -> policy));
        assertEquals(POLICIES, read.size());
        for (Policy policy : generated) {
            Policy back = read.get(policy.id());
            assertTrue(back.index() != 0 && (policy.index() == 0 || policy.index() == back.index()),
                    () -> "index " + back.index() + " of\n" + policy);
            assertEquals(policy.toBuilder().index(0).usage(Usage.NONE).build(),
                    back.toBuilder().index(0).usage(Usage.NONE).build(), () -> "seed " + (SEED + 1));
        }
    }

    /**
     * What a dump holds, a policy's own encoder writes: same attributes, same order, same padding. Not with a label, to
     * which the kernel has appended a zero.
     */
    @Test
    void encodesAPolicyToTheBytesOfTheDump() {
        install(RandomPolicies.of(SEED + 2, 500).stream()
                .filter(policy -> policy.id().securityContext() == null).toList());
        MemorySegment memory = MemorySegment.ofArray(new byte[2048]);
        for (byte[] bytes : dump()) {
            memory.fill((byte) 0xff);
            int length = decode(bytes).encode(memory, 0);
            assertEquals(HexFormat.of().formatHex(bytes),
                    HexFormat.of().formatHex(memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE)));
        }
    }

    /** A test of thousands shows little if they are all alike. */
    @Test
    void everyKindIsAmongThem() {
        List<Policy> generated = RandomPolicies.of(SEED, POLICIES);
        Map<String, Predicate<Policy>> kinds = new HashMap<>();
        for (PolicyDirection direction : List.of(PolicyDirection.IN, PolicyDirection.OUT, PolicyDirection.FORWARD)) {
            kinds.put("dir " + direction, policy -> policy.direction() == direction);
        }
        for (PolicyType type : PolicyType.values()) {
            kinds.put("ptype " + type, policy -> policy.type() == type);
        }
        for (PolicyAction action : PolicyAction.values()) {
            kinds.put("action " + action, policy -> policy.action() == action);
        }
        for (AddressFamily family : List.of(AddressFamily.INET, AddressFamily.INET6)) {
            kinds.put("family " + family, policy -> policy.selector().family() == family);
        }
        for (int count = 0; count <= 6; count++) {
            int templates = count;
            kinds.put(count + " templates", policy -> policy.templates().size() == templates);
        }
        for (int number = 0; number < 6; number++) {
            Mode mode = new Mode(number);
            kinds.put("mode " + mode, any(template -> template.mode().equals(mode)));
        }
        for (Protocol protocol
                : List.of(Protocol.ESP, Protocol.AH, Protocol.COMP, Protocol.ROUTING, Protocol.DSTOPTS)) {
            kinds.put("proto " + protocol, any(template -> template.protocol().equals(protocol)));
        }
        kinds.put("an outer family of its own", policy -> policy.templates().stream()
                .anyMatch(template -> template.family() != policy.selector().family()));
        kinds.put("level use", any(template -> template.level().isOptional()));
        kinds.put("some algorithms", any(template -> template.encryptionAlgorithms() != Template.ALL_ALGORITHMS));
        kinds.put("spi", any(template -> template.spi() != 0));
        kinds.put("mark", policy -> !policy.mark().isNone());
        kinds.put("if_id", policy -> policy.ifId() != 0);
        kinds.put("label", policy -> policy.id().securityContext() != null);
        kinds.put("index asked for", policy -> policy.index() != 0);
        kinds.put("unlimited", policy -> policy.lifetime().equals(Lifetime.UNLIMITED));
        kinds.put("flags not known", policy -> policy.flags() >>> 3 != 0);
        kinds.put("priority above 2³¹", policy -> policy.priority() < 0);
        kinds.forEach((name, kind) -> assertTrue(generated.stream().filter(kind).count() >= 20, name));
    }

    private static Predicate<Policy> any(Predicate<Template> kind) {
        return policy -> policy.templates().stream().anyMatch(kind);
    }

    private PolicyDatabase policies() {
        return kernel.xfrm().policies();
    }

    private void install(List<Policy> policies) {
        List<PolicyDatabase.AddRefusal> refusals = policies().addAll(policies);
        if (!refusals.isEmpty()) {
            PolicyDatabase.AddRefusal first = refusals.getFirst();
            fail("seed " + SEED + ": " + refusals.size() + " were refused, first " + first.refusal() + "\n"
                    + policies.get(first.index()));
        }
    }

    /** All policies as the kernel wrote them, {@code curlft} zeroed, the newest first. */
    private List<byte[]> dump() {
        NetlinkBatch request = kernel.xfrm().requests().newBatch(1, 256);
        request.begin(xfrm4j_h.XFRM_MSG_GETPOLICY(), xfrm4j_h.NLM_F_DUMP());
        request.end(0);
        List<byte[]> all = new ArrayList<>();
        try (DumpCursor dump = kernel.xfrm().requests().dump(request)) {
            while (dump.next()) {
                assertEquals(xfrm4j_h.XFRM_MSG_NEWPOLICY(), dump.type());
                byte[] bytes = dump.segment().asSlice(dump.payloadOffset(), dump.payloadLength())
                        .toArray(ValueLayout.JAVA_BYTE);
                Arrays.fill(bytes, USAGE, USAGE_END, (byte) 0);
                all.add(bytes);
            }
        }
        return all;
    }

    private static Policy decode(byte[] bytes) {
        return Policy.from(new PolicyDecoder().wrap(MemorySegment.ofArray(bytes), 0, bytes.length));
    }
}
