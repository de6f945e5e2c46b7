package org.xfrm4j.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;
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
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.PolicyEncoder;
import org.xfrm4j.wire.PolicyIdDecoder;
import org.xfrm4j.wire.PolicyIdEncoder;

class PolicyTest {
    private static final Selector SELECTOR =
            Selector.of(IpPrefix.parse("10.1.0.0/24"), IpPrefix.parse("10.2.0.0/16"));
    private static final IpAddress SOURCE = IpAddress.parse("192.0.2.1");
    private static final IpAddress DESTINATION = IpAddress.parse("198.51.100.7");
    private static final Template TUNNEL = Template.tunnel(Protocol.ESP, SOURCE, DESTINATION).withReqid(42);

    private final MemorySegment memory = Arena.ofAuto().allocate(4096, 8).fill((byte) 0xff);

    private static PolicyBuilder out() {
        return Policy.builder().direction(PolicyDirection.OUT).selector(SELECTOR);
    }

    private static Policy full() {
        return out().selector(SELECTOR.withProtocol(6).withDestinationPort(443, 0xffff))
                .type(PolicyType.SUB)
                .mark(new Mark(1, 3))
                .ifId(0x10)
                .securityContext(SecurityContext.selinux("a:b"))
                .index(25)
                .priority(0x80000001)
                .action(PolicyAction.BLOCK)
                .flags(Policy.FLAG_LOCAL_OK | Policy.FLAG_CPU_ACQUIRE | 0x80)
                .template(TUNNEL.withSpi(0x99))
                .template(Template.transport(Protocol.AH).withLevel(Level.USE).withShare(Sharing.UNIQUE)
                        .withAlgorithms(1, 2, 4))
                .lifetime(Lifetime.UNLIMITED.withSecondsSinceAdded(10, 20).withPackets(5, 6))
                .usage(new Usage(1, 2, 3, 4))
                .offload(new Offload(3, Offload.PACKET))
                .otherAttribute(new RawAttribute(200, new byte[] {1, 2, 3}))
                .build();
    }

    private Policy reread(Policy policy) {
        int length = policy.encode(memory, 4);
        return Policy.from(new PolicyDecoder().wrap(memory, 4, length));
    }

    private void assertSurvives(Policy policy) {
        Policy read = reread(policy);
        assertEquals(policy, read);
        assertEquals(policy.hashCode(), read.hashCode());
        assertEquals(policy.toString(), read.toString());
        byte[] first = memory.asSlice(4, policy.encode(memory, 4)).toArray(ValueLayout.JAVA_BYTE);
        byte[] again = memory.asSlice(2000, read.encode(memory, 2000)).toArray(ValueLayout.JAVA_BYTE);
        assertArrayEquals(first, again, "written again, it is the same bytes");
        assertEquals(policy, policy.toBuilder().build());
    }

    private static void assertRefused(String message, UnaryOperator<PolicyBuilder> change) {
        PolicyBuilder builder = change.apply(out());
        String actual = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertTrue(actual.startsWith(message), actual);
    }

    // ---- Round trips -------------------------------------------------------------------------------------------

    @Test
    void survivesWithEveryField() {
        assertSurvives(full());
    }

    @Test
    void survivesWithoutAnyOption() {
        assertSurvives(out().build());
        assertSurvives(out().direction(PolicyDirection.FORWARD)
                .selector(Selector.of(IpPrefix.parse("2001:db8::/32"), IpPrefix.ALL_IPV6)).build());
    }

    @Test
    void survivesWithSixTemplates() {
        PolicyBuilder policy = out().direction(PolicyDirection.IN);
        for (int i = 1; i <= 6; i++) {
            policy.template(TUNNEL.withReqid(i).withLevel(new Level(i)).withShare(new Sharing(200 + i)));
        }
        assertSurvives(policy.build());
    }

    @Test
    void givesTransportTemplatesTheFamilyOfTheirPolicy() {
        Template transport = Template.transport(Protocol.ESP);
        assertEquals(IpAddress.ANY_IPV4, out().template(transport).build().templates().getFirst().source());
        Policy ipv6 = out().selector(Selector.ALL_IPV6).template(transport).build();
        assertEquals(IpAddress.ANY_IPV6, ipv6.templates().getFirst().destination());
    }

    @Test
    void readsThePolicyOfASocketWhichTheBuilderRefuses() {
        PolicyEncoder encoder = new PolicyEncoder().wrap(memory, 4);
        out().build().encode(encoder);
        encoder.direction(4).index(12);
        Policy policy = Policy.from(new PolicyDecoder().wrap(memory, 4, encoder.encodedLength()));
        assertEquals(PolicyDirection.SOCKET_OUT, policy.direction());
        assertTrue(policy.direction().isOfSocket());
        assertTrue(policy.toString().contains("dir socket out "), policy.toString());
        assertThrows(IllegalArgumentException.class, policy::byIndex);
        assertEquals("dir: socket out, the kernel takes such policies from their socket only",
                assertThrows(IllegalArgumentException.class, policy.toBuilder()::build).getMessage());
    }

    @Test
    void doesNotWriteTheInboundFlagThatTheKernelTellsOfOffloads() {
        Policy told = out().direction(PolicyDirection.IN)
                .offload(new Offload(3, Offload.PACKET | Offload.INBOUND)).build();
        assertEquals(Offload.PACKET, reread(told).offload().flags());
    }

    @Test
    void readsTheKernelsBytesToTheirEnd() {
        int length = out().build().encode(memory, 4);
        memory.set(ValueLayout.JAVA_BYTE, 4 + 160, (byte) 7);
        assertMalformed("policy index 0: dir: 7 is not between 0 and 4", length);
        memory.set(ValueLayout.JAVA_BYTE, 4 + 160, (byte) 1);
        memory.set(ValueLayout.JAVA_BYTE, 4 + 161, (byte) 2);
        assertMalformed("policy index 0: action: 2 is not between 0 and 1", length);
        memory.set(ValueLayout.JAVA_BYTE, 4 + 161, (byte) 0);
        memory.set(ValueLayout.JAVA_BYTE, 4 + 42, (byte) 33);
        assertMalformed("policy index 0: prefix length: 33 is not between 0 and 32", length);
    }

    private void assertMalformed(String message, int length) {
        PolicyDecoder decoder = new PolicyDecoder().wrap(memory, 4, length);
        assertEquals(message,
                assertThrows(MalformedMessageException.class, () -> Policy.from(decoder)).getMessage());
    }

    // ---- What the builder refuses ------------------------------------------------------------------------------

    @Test
    void refusesWhatIsMissing() {
        assertEquals("dir: missing",
                assertThrows(NullPointerException.class, Policy.builder().selector(SELECTOR)::build).getMessage());
        assertEquals("selector: missing", assertThrows(NullPointerException.class,
                Policy.builder().direction(PolicyDirection.IN)::build).getMessage());
    }

    @Test
    void refusesWhatTheKernelWouldRefuse() {
        assertRefused("selector: neither IPv4 nor IPv6", policy -> policy.selector(Selector.ALL));
        assertRefused("index: the lowest three bits of 24 do not stand for dir out", policy -> policy.index(24));
        assertRefused("dir: socket in", policy -> policy.direction(PolicyDirection.SOCKET_IN));
        assertRefused("flags: 256 is not between 0 and 255", policy -> policy.flags(256));
        assertRefused("offload: flags 0x0, policies have packet offload only",
                policy -> policy.offload(new Offload(3, 0)));
        assertRefused("offload: interface 0", policy -> policy.offload(new Offload(0, Offload.PACKET)));
    }

    @Test
    void refusesWhatTheKernelWouldSilentlyDoOtherwise() {
        assertRefused("mark: 0x5/0x3 has bits outside its mask", policy -> policy.mark(new Mark(5, 3)));
        assertRefused("share: unique, the kernel knows any only", policy -> policy.share(Sharing.UNIQUE));
    }

    @Test
    void refusesTemplatesThatTheKernelWouldRefuse() {
        assertRefused("templates: 7, a policy has at most 6",
                policy -> policy.templates(Collections.nCopies(7, TUNNEL)));
        assertRefused("template 1: proto: 17 is not one of SAs",
                policy -> policy.template(TUNNEL).template(Template.transport(new Protocol(17))));
        assertRefused("template 0: mode: 6 is not known",
                policy -> policy.template(Template.of(Protocol.ESP, new Mode(6), SOURCE, DESTINATION)));
        assertRefused("template 0: level: use in tunnel mode, which is not for outgoing packets",
                policy -> policy.template(TUNNEL.withLevel(Level.USE)));
        assertRefused("template 1: addresses: of another family than the packet in transport mode",
                policy -> policy.template(Template.tunnel(Protocol.ESP, IpAddress.ANY_IPV6, IpAddress.ANY_IPV6))
                        .template(Template.transport(Protocol.AH)));
        assertEquals("template: source 192.0.2.1 and destination :: of different families",
                assertThrows(IllegalArgumentException.class,
                        () -> Template.tunnel(Protocol.ESP, SOURCE, IpAddress.ANY_IPV6)).getMessage());
    }

    // ---- Names -------------------------------------------------------------------------------------------------

    @Test
    void namesAPolicyBySelectorAndByIndex() {
        PolicyIdEncoder encoder = new PolicyIdEncoder().wrap(memory, 4);
        int length = full().id().encode(encoder);
        PolicyIdDecoder decoder = new PolicyIdDecoder().wrap(memory, 4);
        assertEquals(full().selector(), Selector.from(decoder.selector()));
        assertEquals(0, decoder.index());
        assertEquals(1, decoder.direction());
        // Structure, label, type, mark, interface id.
        assertEquals(64 + 16 + 12 + 12 + 8, length);

        assertEquals(64 + 12 + 12 + 8, full().byIndex().encode(encoder.wrap(memory, 4)));
        decoder.wrap(memory, 4);
        assertEquals(25, decoder.index());
        assertEquals(1, decoder.direction());
        assertEquals(0, decoder.selector().family());
    }

    @Test
    void refusesAnIndexThatNamesNoPolicy() {
        assertEquals("index: 0 names no policy",
                assertThrows(IllegalArgumentException.class, () -> PolicyIndex.of(0)).getMessage());
        assertEquals("index: 4294967295 is not of direction in, out or fwd",
                assertThrows(IllegalArgumentException.class, () -> PolicyIndex.of(-1)).getMessage());
        assertEquals(PolicyDirection.FORWARD, PolicyIndex.of(0x8000000a).direction());
        assertEquals(0, xfrm4j_h.XFRM_POLICY_IN());
    }

    // ---- Text --------------------------------------------------------------------------------------------------

    @Test
    void printsAPolicyAsIpDoes() {
        assertEquals(String.join("\n\t",
                "src 10.1.0.0/24 dst 10.2.0.0/16 proto 6 dport 443",
                "security context a:b",
                "dir out action block index 25 priority 2147483649 ptype sub flag localok cpu-acquire 0x80",
                "mark 0x1/0x3",
                "tmpl src 192.0.2.1 dst 198.51.100.7 proto esp spi 0x00000099 reqid 42 mode tunnel",
                "tmpl src 0.0.0.0 dst 0.0.0.0 proto ah reqid 0 mode transport level use share unique"
                        + " enc-mask 00000002 auth-mask 00000001 comp-mask 00000004",
                "packet offload parameters: dev #3 dir out",
                "if_id 0x10",
                "XFRMA_#200 (3 bytes)",
                "limit: packets soft 5 hard 6 add(sec) soft 10 hard 20"), full().toString());
        assertEquals("src 10.1.0.0/24 dst 10.2.0.0/16\n\tdir out action allow index 0 priority 0 ptype main",
                out().build().toString());
    }

    @Test
    void printsNamesInALine() {
        assertEquals("policy out src 10.1.0.0/24 dst 10.2.0.0/16", out().build().id().toString());
        assertEquals("policy out index 25 ptype sub mark 0x1/0x3 if_id 0x10", full().byIndex().toString());
        assertEquals("in block fwd unchanged out accept",
                PolicyDefaults.ACCEPT.withIn(DefaultAction.BLOCK).withForward(DefaultAction.UNCHANGED).toString());
        assertEquals(List.of("in", "out", "fwd"), List.of(PolicyDirection.of(0).toString(),
                PolicyDirection.of(1).toString(), PolicyDirection.of(2).toString()));
    }
}
