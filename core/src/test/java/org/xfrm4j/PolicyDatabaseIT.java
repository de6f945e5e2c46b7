package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.policy.Level;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyBuilder;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.policy.PolicyIndex;
import org.xfrm4j.policy.PolicyName;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.policy.Sharing;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.RawAttribute;
import org.xfrm4j.sa.SecurityContext;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.sa.Usage;
import org.xfrm4j.wire.Inet;
import org.xfrm4j.wire.PolicyEncoder;
import org.xfrm4j.wire.TemplateEncoder;

/** The policy database against a real kernel. */
class PolicyDatabaseIT {
    private static final Selector SELECTOR =
            Selector.of(IpPrefix.parse("10.1.0.0/24"), IpPrefix.parse("10.2.0.0/16"));
    private static final Selector SELECTOR6 =
            Selector.of(IpPrefix.parse("2001:db8:1::/48"), IpPrefix.parse("2001:db8:2::/64"));
    private static final Template TUNNEL =
            Template.tunnel(Protocol.ESP, TestSas.SOURCE, TestSas.DESTINATION).withReqid(42);

    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private PolicyDatabase policies() {
        return kernel.xfrm().policies();
    }

    private static PolicyBuilder out() {
        return Policy.builder().direction(PolicyDirection.OUT).selector(SELECTOR).template(TUNNEL);
    }

    /** The {@code number}th of many policies. */
    private static Policy numbered(int number) {
        IpAddress destination = IpAddress.ofIpv4(0x0a800000 + number);
        return out().selector(Selector.of(IpPrefix.parse("10.1.0.0/24"), IpPrefix.host(destination)))
                .priority(number).build();
    }

    private static List<Policy> numbered(int from, int to) {
        return IntStream.range(from, to).mapToObj(PolicyDatabaseIT::numbered).toList();
    }

    private Policy read(PolicyName name) {
        return policies().get(name).orElseThrow(() -> new AssertionError("not there: " + name));
    }

    /** The same policy but for what the kernel sets by itself. */
    private static void assertSame(Policy expected, Policy actual) {
        assertEquals(expected.toBuilder().index(actual.index()).usage(actual.usage()).build(), actual);
    }

    private static String refusal(Runnable request) {
        return assertThrows(XfrmException.class, request::run).getMessage();
    }

    // ---- One policy --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(value = PolicyDirection.class, names = {"IN", "OUT", "FORWARD"})
    void givesBackWhatWasAdded(PolicyDirection direction) {
        Policy ipv4 = out().direction(direction).build();
        Policy ipv6 = out().direction(direction).selector(SELECTOR6).build();
        policies().add(ipv4);
        policies().add(ipv6);

        Policy read = read(ipv4.id());
        assertSame(ipv4, read);
        assertSame(ipv6, read(ipv6.id()));
        assertEquals(direction.number(), read.index() & 7);
        assertEquals(0, read.usage().useTime());
        long age = System.currentTimeMillis() / 1000 - read.usage().addTime();
        assertTrue(age >= 0 && age < 60, "added " + age + " s ago");
        assertEquals(List.of(read(ipv6.id()), read), policies().list());
    }

    @Test
    void givesBackEveryOptionThatAPolicyCanHave() {
        PolicyBuilder builder = Policy.builder()
                .direction(PolicyDirection.IN)
                .selector(SELECTOR.withProtocol(17).withSourcePort(0x400, 0xfc00).withDestinationPort(4500, 0xffff)
                        .withIfindex(1))
                .type(PolicyType.SUB)
                .mark(new Mark(0x10, 0xff))
                .ifId(0x1234)
                .index(0x1000)
                .priority(0x80000001)
                .action(PolicyAction.BLOCK)
                .flags(Policy.FLAG_LOCAL_OK | Policy.FLAG_ICMP | Policy.FLAG_CPU_ACQUIRE)
                .lifetime(new Lifetime(1, 2, 3, 4, 100_000, 200_000, 300_000, 400_000));
        builder.template(Template.transport(Protocol.COMP).withLevel(Level.USE).withSpi(0x99))
                .template(TUNNEL.withLevel(Level.USE).withShare(Sharing.UNIQUE).withAlgorithms(1, 2, 4))
                .template(Template.of(Protocol.ESP, Mode.BEET, TestSas.SOURCE6, TestSas.DESTINATION6))
                .template(Template.transport(Protocol.AH).withReqid(-1));
        assertThrows(IllegalArgumentException.class, builder::build, "a family that changes in transport mode");
        Policy first = builder.templates(List.of(Template.transport(Protocol.COMP).withLevel(Level.USE),
                TUNNEL.withLevel(Level.USE).withShare(Sharing.UNIQUE).withAlgorithms(1, 2, 4),
                TUNNEL.withSpi(0x99), TUNNEL.withReqid(-1),
                Template.of(Protocol.ESP, Mode.BEET, TestSas.SOURCE6, TestSas.DESTINATION6),
                Template.of(Protocol.ROUTING, Mode.ROUTE_OPTIMIZATION, IpAddress.ANY_IPV6, IpAddress.ANY_IPV6)))
                .build();
        policies().add(first);

        Policy read = read(first.id());
        assertEquals(first.toBuilder().usage(read.usage()).build(), read);
        assertEquals(read, read(read.byIndex()));
    }

    @Test
    void refusesASecondPolicyOfTheSameName() {
        policies().add(out().build());
        Policy second = out().priority(7).action(PolicyAction.BLOCK).templates(List.of()).build();
        assertEquals("XFRM_MSG_NEWPOLICY refused: EEXIST (17) [policy out src 10.1.0.0/24 dst 10.2.0.0/16]",
                refusal(() -> policies().add(second)));
        assertSame(out().build(), read(second.id()));
    }

    @Test
    void tellsPoliciesApartByAllThatNamesThem() {
        PolicyId id = out().build().id();
        List<PolicyId> ids = List.of(
                id,
                id.withType(PolicyType.SUB),
                id.withMark(new Mark(1, 1)),
                id.withMark(new Mark(0, 1)),
                id.withIfId(1),
                PolicyId.of(PolicyDirection.IN, SELECTOR),
                PolicyId.of(PolicyDirection.OUT, SELECTOR.withProtocol(6)),
                // The same packets, and yet another name.
                PolicyId.of(PolicyDirection.OUT, Selector.of(IpPrefix.parse("10.1.0.1/24"), SELECTOR.destination())));
        for (int i = 0; i < ids.size(); i++) {
            policies().add(out().id(ids.get(i)).priority(i).build());
        }
        for (int i = 0; i < ids.size(); i++) {
            assertEquals(i, read(ids.get(i)).priority());
            assertEquals(i, read(read(ids.get(i)).byIndex()).priority());
        }
        for (int i = 0; i < ids.size(); i++) {
            assertTrue(policies().delete(ids.get(i)));
            assertEquals(Optional.empty(), policies().get(ids.get(i)));
            assertEquals(ids.size() - 1 - i, policies().list().size());
        }
    }

    @Test
    void keepsTheIndexThatIsAskedForUnlessItIsTaken() {
        policies().add(numbered(1).toBuilder().index(0x7fff_fff9).build());
        assertEquals(0x7fff_fff9, read(numbered(1).id()).index());
        policies().add(numbered(2).toBuilder().index(0x7fff_fff9).build());
        int other = read(numbered(2).id()).index();
        assertTrue(other != 0 && other != 0x7fff_fff9, "index " + other);
        assertEquals(PolicyDirection.OUT.number(), other & 7);
    }

    @Test
    void findsByIndexOnlyWithTheRightTypeMarkAndInterfaceId() {
        Policy policy = out().mark(new Mark(1, 3)).ifId(9).build();
        policies().add(policy);
        PolicyIndex index = read(policy.id()).byIndex();
        assertSame(policy, read(index));
        List<PolicyIndex> wrong = List.of(
                new PolicyIndex(index.index(), PolicyType.SUB, index.mark(), index.ifId()),
                new PolicyIndex(index.index(), PolicyType.MAIN, new Mark(1, 1), index.ifId()),
                new PolicyIndex(index.index(), PolicyType.MAIN, index.mark(), 8),
                new PolicyIndex(index.index() + 8, PolicyType.MAIN, index.mark(), index.ifId()),
                PolicyIndex.of(index.index()));
        for (PolicyIndex other : wrong) {
            assertEquals(Optional.empty(), policies().get(other), other.toString());
            assertFalse(policies().delete(other), other.toString());
        }
        assertTrue(policies().delete(index));
        assertFalse(policies().delete(index));
        assertEquals(List.of(), policies().list());
    }

    @Test
    void doesNotFindWhatIsNotThere() {
        PolicyId id = out().build().id();
        assertEquals(Optional.empty(), policies().get(id));
        assertFalse(policies().read(id, policy -> assertNull(policy)));
        assertFalse(policies().delete(id));
        assertFalse(policies().delete(PolicyIndex.of(9)));
    }

    // ---- Replacing ---------------------------------------------------------------------------------------------

    @Test
    void replacesAPolicyAndKeepsItsIndex() {
        policies().add(out().build());
        int index = read(out().build().id()).index();
        Policy block = out().index(index + 80).action(PolicyAction.BLOCK).templates(List.of()).priority(3).build();
        policies().update(block);
        Policy read = read(block.id());
        assertSame(block, read);
        assertEquals(index, read.index());
        assertEquals(1, policies().list().size());
    }

    @Test
    void addsByUpdateWhereThereIsNone() {
        policies().update(out().build());
        assertSame(out().build(), read(out().build().id()));
    }

    /** A gateway blocks a flow and lets it go again by such updates: at no time may the policy be away. */
    @Test
    void leavesNoMomentWithoutAPolicyWhileItReplacesOne() throws InterruptedException {
        Policy allow = out().build();
        Policy block = out().action(PolicyAction.BLOCK).priority(5).build();
        policies().add(allow);
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<String> fault = new AtomicReference<>("never looked");
        Thread reader = new Thread(() -> {
            try (Xfrm xfrm = Xfrm.open()) {
                int seen = 0;
                for (; !done.get(); seen++) {
                    Policy policy = xfrm.policies().get(allow.id()).orElseThrow();
                    assertEquals(policy.action() == PolicyAction.BLOCK ? 5 : 0, policy.priority());
                }
                fault.set(seen > 10 ? null : "looked only " + seen + " times");
            } catch (Throwable failed) {
                fault.set(failed.toString());
            }
        });
        reader.start();
        for (int i = 0; i < 1_000; i++) {
            policies().update(i % 2 == 0 ? block : allow);
        }
        done.set(true);
        reader.join();
        assertNull(fault.get());
    }

    // ---- Many --------------------------------------------------------------------------------------------------

    @Test
    void addsManyAndTellsWhichWereRefused() {
        List<Policy> some = List.of(numbered(0), numbered(400), numbered(999));
        assertEquals(List.of(), policies().addAll(some));
        List<PolicyDatabase.AddRefusal> refusals = policies().addAll(numbered(0, 1_000));
        assertEquals(List.of(0, 400, 999), refusals.stream().map(PolicyDatabase.AddRefusal::index).toList());
        assertEquals(some.stream().map(Policy::id).toList(),
                refusals.stream().map(PolicyDatabase.AddRefusal::id).toList());
        assertTrue(refusals.stream().allMatch(refused -> refused.refusal().errno() == Errno.EEXIST));
        assertEquals(1_000, policies().list().size());
        assertEquals(List.of(), policies().addAll(List.of()));
    }

    @Test
    void listsTheNewestFirst() {
        policies().addAll(numbered(0, 100));
        assertEquals(numbered(0, 100).reversed().stream().map(Policy::id).toList(),
                policies().list().stream().map(Policy::id).toList());
    }

    @Test
    void dumpsWithoutAllocatingForEach() {
        int count = 3_000;
        policies().addAll(numbered(0, count));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        sumOfDump();
        long before = threads.getCurrentThreadAllocatedBytes();
        long sum = sumOfDump();
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals((long) count * (count - 1) / 2 + 42L * count, sum);
        assertTrue(allocated < 16L * count, allocated + " bytes for " + count + " policies");
    }

    private long sumOfDump() {
        long sum = 0;
        try (PolicyDump dump = policies().dump()) {
            while (dump.next()) {
                sum += dump.policy().priority() + dump.policy().template(0).reqid();
            }
        }
        return sum;
    }

    @Test
    void endsADumpHalfWay() {
        policies().addAll(numbered(0, 1_000));
        try (PolicyDump dump = policies().dump()) {
            assertTrue(dump.next());
            assertThrows(IllegalStateException.class, () -> policies().get(numbered(1).id()));
        }
        assertEquals(1_000, policies().list().size());
    }

    /** The kernel does not mark such a dump; those that stay are all in it. */
    @Test
    void dumpsWhatStaysWhileOthersComeAndGo() {
        policies().addAll(numbered(0, 1_000));
        List<Integer> seen = new ArrayList<>();
        try (Xfrm other = kernel.xfrm().openAnother(); PolicyDump dump = policies().dump()) {
            for (int i = 0; dump.next(); i++) {
                if (dump.policy().priority() < 500) {
                    seen.add(dump.policy().priority());
                }
                if (i == 10) {
                    other.policies().addAll(numbered(2_000, 2_100));
                    IntStream.range(600, 900).forEach(gone -> other.policies().delete(numbered(gone).id()));
                }
            }
        }
        assertEquals(IntStream.range(0, 500).boxed().toList().reversed(), seen);
    }

    @Test
    void flushesOneTypeOrBoth() {
        Policy main = out().build();
        Policy sub = out().type(PolicyType.SUB).build();
        policies().addAll(List.of(main, sub));
        policies().flush(PolicyType.SUB);
        assertEquals(List.of(main.id()), policies().list().stream().map(Policy::id).toList());
        policies().add(sub);
        policies().flush(PolicyType.MAIN);
        assertEquals(List.of(sub.id()), policies().list().stream().map(Policy::id).toList());
        policies().add(main);
        policies().flush();
        assertEquals(List.of(), policies().list());
        policies().flush(PolicyType.SUB);
        policies().flush();
    }

    // ---- Refusals of the kernel's ------------------------------------------------------------------------------

    /** What the builder refuses, sent all the same: each rule of the builder is one of the kernel's. */
    static Stream<Arguments> malformed() {
        return Stream.of(
                refused("Invalid policy share", policy -> policy.share(4)),
                refused("Invalid policy action", policy -> policy.action(2)),
                refused("Invalid policy direction", policy -> policy.direction(3)),
                refused("Policy index doesn't match direction", policy -> policy.index(8)),
                refused("Invalid selector family", policy -> policy.selector().family(Inet.AF_UNSPEC)),
                refused("Invalid prefix length in selector (must be <= 32 for IPv4)",
                        policy -> policy.selector().family(Inet.AF_INET).destination(0, 0, 33)),
                refused("Invalid prefix length in selector (must be <= 128 for IPv6)",
                        policy -> policy.selector().family(Inet.AF_INET6).source(0, 0, 129)),
                refused("Invalid policy type", policy -> policy.attributes().putPolicyType(2)),
                refused("Template count must be <= XFRM_MAX_DEPTH (6)", policy -> templates(policy, 7, t -> { })),
                refused("Mode in template must be < XFRM_MODE_MAX (6)",
                        policy -> templates(policy, 1, template -> template.mode(6))),
                refused("Invalid XFRM protocol in template",
                        policy -> templates(policy, 1, template -> template.protocol(17))),
                refused("Mode in optional template not allowed in outbound policy",
                        policy -> templates(policy, 1, template -> template.mode(1).optional(1))),
                refused("Mode in template doesn't support a family change",
                        policy -> templates(policy, 1, template -> template.family(Inet.AF_INET6))),
                refused("Invalid family in template",
                        policy -> templates(policy, 1, template -> template.mode(1).family(3))),
                refused("Unrecognized flags in offload request", policy -> policy.attributes().putOffload(1, 0)),
                // What the kernel tells of an offloaded policy for incoming packets.
                refused("Unrecognized flags in offload request", policy -> policy.attributes()
                        .putOffload(1, Offload.PACKET | Offload.INBOUND)),
                refused("Invalid attribute SA_DIR",
                        policy -> policy.attributes().putU8(xfrm4j_h.XFRMA_SA_DIR(), xfrm4j_h.XFRM_SA_DIR_OUT())),
                refused("Invalid attribute SA_PCPU",
                        policy -> policy.attributes().putU32(xfrm4j_h.XFRMA_SA_PCPU(), 0)));
    }

    private static Arguments refused(String text, Consumer<PolicyEncoder> change) {
        return Arguments.of(text, change);
    }

    private static void templates(PolicyEncoder policy, int count, Consumer<TemplateEncoder> change) {
        long at = policy.attributes().begin(xfrm4j_h.XFRMA_TMPL());
        for (int i = 0; i < count; i++) {
            TemplateEncoder template = new TemplateEncoder()
                    .wrap(policy.segment(), at + (long) i * TemplateEncoder.LENGTH)
                    .family(Inet.AF_INET).protocol(Inet.IPPROTO_ESP);
            change.accept(template);
        }
        policy.attributes().end(count * TemplateEncoder.LENGTH);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void isRefusedByTheKernelToo(String text, Consumer<PolicyEncoder> change) {
        NetlinkBatch batch = kernel.xfrm().requests().newBatch(1, 4096);
        PolicyEncoder policy = new PolicyEncoder()
                .wrap(batch.segment(), batch.begin(xfrm4j_h.XFRM_MSG_NEWPOLICY(), 0));
        policy.direction(xfrm4j_h.XFRM_POLICY_OUT()).selector().family(Inet.AF_INET);
        change.accept(policy);
        batch.end(policy.encodedLength());
        kernel.xfrm().requests().execute(batch);
        assertEquals(Errno.EINVAL, batch.results().error(0));
        assertEquals(text, batch.results().text(0));
        assertEquals(List.of(), policies().list());
    }

    @Test
    void tellsWhyAPolicyWasRefused() {
        Policy offloaded = out().offload(new Offload(1, Offload.PACKET)).build();
        assertEquals("XFRM_MSG_NEWPOLICY refused: EINVAL (22) Policy offload is not supported"
                + " [policy out src 10.1.0.0/24 dst 10.2.0.0/16]", refusal(() -> policies().add(offloaded)));
        Policy withDirection = out().otherAttribute(new RawAttribute(xfrm4j_h.XFRMA_SA_DIR(), new byte[] {2}))
                .build();
        assertEquals("XFRM_MSG_UPDPOLICY refused: EINVAL (22) Invalid attribute SA_DIR"
                + " [policy out src 10.1.0.0/24 dst 10.2.0.0/16]", refusal(() -> policies().update(withDirection)));
    }

    /** Why the builder refuses them: the kernel says nothing. */
    @Test
    void takesInSilenceWhatTheBuilderRefuses() {
        NetlinkBatch batch = kernel.xfrm().requests().newBatch(1, 4096);
        PolicyEncoder policy = new PolicyEncoder()
                .wrap(batch.segment(), batch.begin(xfrm4j_h.XFRM_MSG_NEWPOLICY(), 0));
        policy.direction(xfrm4j_h.XFRM_POLICY_OUT()).share(xfrm4j_h.XFRM_SHARE_UNIQUE())
                .selector().family(Inet.AF_INET);
        policy.attributes().putMark(xfrm4j_h.XFRMA_MARK(), 5, 3);
        batch.end(policy.encodedLength());
        kernel.xfrm().requests().execute(batch);
        assertEquals(0, batch.results().error(0));
        Policy read = policies().list().getFirst();
        assertEquals(Sharing.ANY, read.share());
        assertEquals(new Mark(1, 3), read.mark());
    }

    @Test
    void forgetsAnAttributeThatItDoesNotKnow() {
        Policy policy = out().otherAttribute(new RawAttribute(200, new byte[] {1, 2, 3})).build();
        policies().add(policy);
        assertEquals(List.of(), read(policy.id()).otherAttributes());
    }

    /** Needs SELinux in the kernel, as the embedded one has it; without its rules every label is taken. */
    @Test
    void givesBackALabelAndFindsThePolicyByIt() {
        for (String label : List.of("system_u:object_r:ipsec_spd_t:s0", "terminated\0")) {
            Policy policy = out().securityContext(SecurityContext.selinux(label)).build();
            policies().add(policy);
            assertSame(policy, read(policy.id()));
            assertEquals(Optional.empty(), policies().get(policy.id().withSecurityContext(null)));
            assertTrue(policies().delete(policy.id()));
        }
    }

    // ---- Time and sockets --------------------------------------------------------------------------------------

    @Test
    void losesAPolicyWhoseTimeIsUp() throws InterruptedException {
        Policy policy = out().lifetime(Lifetime.UNLIMITED.withSecondsSinceAdded(0, 1)).build();
        policies().add(policy);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (policies().get(policy.id()).isPresent() && System.nanoTime() < deadline) {
            Thread.sleep(100);
        }
        assertEquals(Optional.empty(), policies().get(policy.id()));
    }

    /** Perl sets it: the JDK has no way to IP_XFRM_POLICY. The lab needs Perl as well. */
    @Test
    void readsThePolicyOfASocket() throws IOException, InterruptedException {
        Policy wanted = out().direction(PolicyDirection.OUT).templates(List.of(Template.transport(Protocol.ESP)))
                .build();
        String script = "socket(my $s, 2, 2, 0) or die \"socket: $!\";"
                + "setsockopt($s, 0, " + xfrm4j_h.IP_XFRM_POLICY() + ", pack('H*', $ARGV[0]))"
                + " or die \"setsockopt: $!\";"
                + "$| = 1; print \"ready\\n\"; <STDIN>;";
        Process perl = new ProcessBuilder("perl", "-e", script, socketOption(wanted)).redirectErrorStream(true).start();
        try {
            assertEquals("ready", perl.inputReader().readLine());
            policies().flush();
            Policy read = policies().list().getFirst();
            assertEquals(PolicyDirection.SOCKET_OUT, read.direction());
            assertEquals(SELECTOR, read.selector());
            assertEquals(wanted.templates(), read.templates());
            assertNotEquals(Usage.NONE, read.usage());
            assertEquals(1, kernel.xfrm().information().spd().socketOut());
            assertEquals(0, kernel.xfrm().information().spd().out());
        } finally {
            perl.outputWriter().close();
            assertTrue(perl.waitFor(20, TimeUnit.SECONDS));
        }
    }

    /** {@code struct xfrm_userpolicy_info} and templates behind it, without a netlink attribute, in hex. */
    private String socketOption(Policy policy) {
        NetlinkBatch batch = kernel.xfrm().requests().newBatch(1, 4096);
        PolicyEncoder encoder = new PolicyEncoder().wrap(batch.segment(), 0);
        policy.toBuilder().templates(List.of()).build().encode(encoder);
        long at = PolicyEncoder.LENGTH;
        for (Template template : policy.templates()) {
            at += template.encode(new TemplateEncoder().wrap(batch.segment(), at));
        }
        byte[] bytes = batch.segment().asSlice(0, at).toArray(ValueLayout.JAVA_BYTE);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void usesTheFamilyOfTheSelectorForTransportTemplates() {
        Policy policy = Policy.builder().direction(PolicyDirection.IN).selector(SELECTOR6)
                .template(Template.transport(Protocol.ESP)).build();
        policies().add(policy);
        assertEquals(AddressFamily.INET6, read(policy.id()).templates().getFirst().family());
        assertSame(policy, read(policy.id()));
    }
}
