package org.xfrm4j.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;

/** Each structure of policies against what C makes of it, written over memory full of 0xFF that is not 8-aligned. */
class PolicyStructuresTest {
    private static final long AT = Memory.OFFSET;
    private final MemorySegment memory = Memory.dirty(1024);

    private static byte[] fullPolicy() {
        return GoldenBytes.concat(PolicyGoldenBytes.POLICY, PolicyGoldenBytes.POLICY_ATTRIBUTES);
    }

    private static PolicyEncoder write(PolicyEncoder policy) {
        StructuresTest.write(policy.selector());
        policy.lifetime().packets(1000, 2000).secondsSinceAdded(3000, 3600).secondsSinceUsed(600, 700);
        policy.usage().amount(123_456_789_012L, 5).times(1_700_000_000, 1_700_000_001);
        return policy.priority(0x80000001)
                .index(25)
                .direction(xfrm4j_h.XFRM_POLICY_OUT())
                .action(xfrm4j_h.XFRM_POLICY_BLOCK())
                .flags(xfrm4j_h.XFRM_POLICY_LOCALOK() | xfrm4j_h.XFRM_POLICY_CPU_ACQUIRE())
                .share(xfrm4j_h.XFRM_SHARE_USER());
    }

    private static TemplateEncoder write(TemplateEncoder template) {
        return template.destination(0x20010db800000000L, 7)
                .spi(0xc0ffee01)
                .protocol(Inet.IPPROTO_ESP)
                .family(Inet.AF_INET6)
                .source(0x20010db800000000L, 1)
                .reqid(42)
                .mode(xfrm4j_h.XFRM_MODE_TUNNEL())
                .share(xfrm4j_h.XFRM_SHARE_UNIQUE())
                .optional(1)
                .algorithms(~0, 0x1008, 4);
    }

    private static void writeAttributes(PolicyEncoder policy) {
        AttributeEncoder attributes = policy.attributes();
        TemplateEncoder template = new TemplateEncoder();
        long at = attributes.begin(xfrm4j_h.XFRMA_TMPL());
        template.wrap(policy.segment(), at).protocol(Inet.IPPROTO_AH).family(Inet.AF_INET).reqid(7);
        write(template.wrap(policy.segment(), at + TemplateEncoder.LENGTH));
        attributes.end(2 * TemplateEncoder.LENGTH);
        attributes.end(new SecurityContextEncoder()
                .wrap(policy.segment(), attributes.begin(xfrm4j_h.XFRMA_SEC_CTX()))
                .domain(1).algorithm(1).label(new byte[] {'a', ':', 'b', 0}).encodedLength());
        attributes.putPolicyType(xfrm4j_h.XFRM_POLICY_TYPE_SUB())
                .putMark(xfrm4j_h.XFRMA_MARK(), 0x10, 0xff)
                .putU32(xfrm4j_h.XFRMA_IF_ID(), 0x1234)
                .putOffload(3, xfrm4j_h.XFRM_OFFLOAD_PACKET());
    }

    private void assertWritten(byte[] golden, int length) {
        assertEquals(golden.length, length);
        assertArrayEquals(golden, Memory.bytes(memory, AT, golden.length));
        for (long i = 0; i < AT; i++) {
            assertEquals((byte) 0xff, memory.get(ValueLayout.JAVA_BYTE, i), "byte before it at " + i);
        }
        for (long i = AT + ((golden.length + 3) & ~3); i < memory.byteSize(); i++) {
            assertEquals((byte) 0xff, memory.get(ValueLayout.JAVA_BYTE, i), "byte behind it at " + i);
        }
    }

    @Test
    void writesAPolicyAsCDoes() {
        assertWritten(PolicyGoldenBytes.POLICY, write(new PolicyEncoder().wrap(memory, AT)).encodedLength());
    }

    @Test
    void writesAPolicyWithItsAttributesAsCDoes() {
        PolicyEncoder policy = write(new PolicyEncoder().wrap(memory, AT));
        writeAttributes(policy);
        assertWritten(fullPolicy(), policy.encodedLength());
    }

    @Test
    void startsAPolicyWithoutLimits() {
        new PolicyEncoder().wrap(memory, AT);
        PolicyDecoder policy = new PolicyDecoder().wrap(memory, AT, PolicyEncoder.LENGTH);
        assertEquals(LifetimeEncoder.INFINITE, policy.lifetime().softBytes());
        assertEquals(LifetimeEncoder.INFINITE, policy.lifetime().hardPackets());
        assertEquals(0, policy.lifetime().hardSecondsSinceAdded());
    }

    @Test
    void readsAPolicyAsCDoes() {
        PolicyDecoder policy = new PolicyDecoder()
                .wrap(Memory.of(PolicyGoldenBytes.POLICY), 0, PolicyGoldenBytes.POLICY.length);
        assertEquals(443, policy.selector().destinationPort());
        assertEquals(-1, policy.lifetime().softBytes());
        assertEquals(-1, policy.lifetime().hardBytes());
        assertEquals(1000, policy.lifetime().softPackets());
        assertEquals(2000, policy.lifetime().hardPackets());
        assertEquals(3000, policy.lifetime().softSecondsSinceAdded());
        assertEquals(3600, policy.lifetime().hardSecondsSinceAdded());
        assertEquals(600, policy.lifetime().softSecondsSinceUsed());
        assertEquals(700, policy.lifetime().hardSecondsSinceUsed());
        assertEquals(123_456_789_012L, policy.usage().bytes());
        assertEquals(5, policy.usage().packets());
        assertEquals(1_700_000_000, policy.usage().added());
        assertEquals(1_700_000_001, policy.usage().firstUsed());
        assertEquals(0x80000001, policy.priority());
        assertEquals(25, policy.index());
        assertEquals(xfrm4j_h.XFRM_POLICY_OUT(), policy.direction());
        assertEquals(xfrm4j_h.XFRM_POLICY_BLOCK(), policy.action());
        assertEquals(5, policy.flags());
        assertEquals(xfrm4j_h.XFRM_SHARE_USER(), policy.share());
    }

    @Test
    void readsThePolicysAttributesAsCDoes() {
        PolicyDecoder policy = new PolicyDecoder().wrap(Memory.of(fullPolicy()), 0, fullPolicy().length);
        assertEquals(2, policy.templateCount());
        assertEquals(Inet.IPPROTO_AH, policy.template(0).protocol());
        assertEquals(7, policy.template(0).reqid());
        assertEquals(xfrm4j_h.XFRM_MODE_TRANSPORT(), policy.template(0).mode());
        assertTemplate(policy.template(1));
        assertThrows(IndexOutOfBoundsException.class, () -> policy.template(2));
        assertThrows(IndexOutOfBoundsException.class, () -> policy.template(-1));
        assertTrue(policy.has(xfrm4j_h.XFRMA_SEC_CTX()));
        assertEquals(12, policy.attributeLength(xfrm4j_h.XFRMA_SEC_CTX()));
        assertEquals(xfrm4j_h.XFRM_POLICY_TYPE_SUB(), policy.type());
        assertEquals(0x10, policy.markValue());
        assertEquals(0xff, policy.markMask());
        assertEquals(0x1234, policy.ifId());
        assertEquals(3, policy.offloadIfindex());
        assertEquals(xfrm4j_h.XFRM_OFFLOAD_PACKET(), policy.offloadFlags());
    }

    @Test
    void readsAPolicyWhoseAttributesStandElsewhere() {
        byte[] apart = GoldenBytes.concat(PolicyGoldenBytes.POLICY_ATTRIBUTES, PolicyGoldenBytes.POLICY);
        int length = PolicyGoldenBytes.POLICY_ATTRIBUTES.length;
        PolicyDecoder policy = new PolicyDecoder().wrap(Memory.of(apart), length, 0, length);
        assertEquals(25, policy.index());
        assertEquals(0x1234, policy.ifId());
    }

    @Test
    void takesWhatIsNotToldForNone() {
        PolicyDecoder policy = new PolicyDecoder();
        policy.wrap(Memory.of(fullPolicy()), 0, fullPolicy().length);
        policy.wrap(Memory.of(PolicyGoldenBytes.POLICY), 0, PolicyGoldenBytes.POLICY.length);
        assertEquals(0, policy.templateCount());
        assertThrows(IndexOutOfBoundsException.class, () -> policy.template(0));
        assertEquals(xfrm4j_h.XFRM_POLICY_TYPE_MAIN(), policy.type());
        assertEquals(0, policy.markMask());
        assertEquals(0, policy.ifId());
        assertEquals(0, policy.offloadIfindex());
        assertFalse(policy.has(xfrm4j_h.XFRMA_OFFLOAD_DEV()));
    }

    @Test
    void writesATemplateAsCDoes() {
        assertWritten(PolicyGoldenBytes.TEMPLATE, write(new TemplateEncoder().wrap(memory, AT)).encodedLength());
    }

    @Test
    void readsATemplateAsCDoes() {
        assertTemplate(new TemplateDecoder().wrap(Memory.of(PolicyGoldenBytes.TEMPLATE), 0));
    }

    private static void assertTemplate(TemplateDecoder template) {
        assertEquals(0x20010db800000000L, template.destinationHigh());
        assertEquals(7, template.destinationLow());
        assertEquals(0xc0ffee01, template.spi());
        assertEquals(Inet.IPPROTO_ESP, template.protocol());
        assertEquals(Inet.AF_INET6, template.family());
        assertEquals(0x20010db800000000L, template.sourceHigh());
        assertEquals(1, template.sourceLow());
        assertEquals(42, template.reqid());
        assertEquals(xfrm4j_h.XFRM_MODE_TUNNEL(), template.mode());
        assertEquals(xfrm4j_h.XFRM_SHARE_UNIQUE(), template.share());
        assertEquals(1, template.optional());
        assertEquals(~0, template.authenticationAlgorithms());
        assertEquals(0x1008, template.encryptionAlgorithms());
        assertEquals(4, template.compressionAlgorithms());
    }

    @Test
    void refusesToReadAPartOfATemplate() {
        byte[] bytes = fullPolicy();
        bytes[PolicyGoldenBytes.POLICY.length] -= 4; // nla_len
        assertMalformed("XFRMA_TMPL of 124 bytes, where each template has 64",
                () -> new PolicyDecoder().wrap(Memory.of(bytes), 0, bytes.length));
        bytes[PolicyGoldenBytes.POLICY.length] = 8;
        assertMalformed("XFRMA_TMPL cut short: 4 bytes, where 64 are needed",
                () -> new PolicyDecoder().wrap(Memory.of(bytes), 0, bytes.length));
    }

    @Test
    void writesAPolicyIdAsCDoes() {
        PolicyIdEncoder id = new PolicyIdEncoder().wrap(memory, AT)
                .index(25).direction(xfrm4j_h.XFRM_POLICY_OUT());
        StructuresTest.write(id.selector());
        assertWritten(PolicyGoldenBytes.POLICY_ID, id.encodedLength());
    }

    @Test
    void readsAPolicyIdAsCDoes() {
        PolicyIdDecoder id = new PolicyIdDecoder().wrap(Memory.of(PolicyGoldenBytes.POLICY_ID), 0);
        assertEquals(443, id.selector().destinationPort());
        assertEquals(25, id.index());
        assertEquals(xfrm4j_h.XFRM_POLICY_OUT(), id.direction());
    }

    @Test
    void writesDefaultsAsCDoes() {
        assertWritten(PolicyGoldenBytes.DEFAULTS, new PolicyDefaultsEncoder().wrap(memory, AT)
                .in(xfrm4j_h.XFRM_USERPOLICY_BLOCK()).forward(xfrm4j_h.XFRM_USERPOLICY_ACCEPT()).encodedLength());
        assertEquals(0, memory.get(ValueLayout.JAVA_BYTE, AT + 3), "padding behind it");
    }

    @Test
    void readsDefaultsAsCDoes() {
        PolicyDefaultsDecoder defaults = new PolicyDefaultsDecoder()
                .wrap(Memory.of(PolicyGoldenBytes.DEFAULTS), 0, PolicyGoldenBytes.DEFAULTS.length);
        assertEquals(xfrm4j_h.XFRM_USERPOLICY_BLOCK(), defaults.in());
        assertEquals(xfrm4j_h.XFRM_USERPOLICY_ACCEPT(), defaults.forward());
        assertEquals(xfrm4j_h.XFRM_USERPOLICY_UNSPEC(), defaults.out());
        assertMalformed("xfrm_userpolicy_default cut short: 2 bytes",
                () -> new PolicyDefaultsDecoder().wrap(Memory.of(PolicyGoldenBytes.DEFAULTS), 0, 2));
    }

    @Test
    void writesThresholdsAsCDoes() {
        assertWritten(GoldenBytes.concat(new byte[4], PolicyGoldenBytes.THRESHOLDS),
                new SpdInfoEncoder().wrap(memory, AT).ipv4Thresholds(24, 16).ipv6Thresholds(64, 128).encodedLength());
    }

    @Test
    void asksForInformationInFourBytes() {
        assertWritten(new byte[4], new SpdInfoEncoder().wrap(memory, AT).encodedLength());
        memory.fill((byte) 0xff);
        assertWritten(new byte[4], new SadInfoEncoder().wrap(memory, AT).encodedLength());
    }

    @Test
    void readsSpdInformationAsCDoes() {
        byte[] bytes = GoldenBytes.concat(PolicyGoldenBytes.SPD_INFO, PolicyGoldenBytes.THRESHOLDS);
        SpdInfoDecoder info = new SpdInfoDecoder().wrap(Memory.of(bytes), 0, bytes.length);
        assertEquals(1, info.in());
        assertEquals(2, info.out());
        assertEquals(3, info.forward());
        assertEquals(4, info.socketIn());
        assertEquals(5, info.socketOut());
        assertEquals(6, info.socketForward());
        assertEquals(7, info.buckets());
        assertEquals(0x100000, info.maxBuckets());
        assertEquals(24, info.ipv4LocalThreshold());
        assertEquals(16, info.ipv4RemoteThreshold());
        assertEquals(64, info.ipv6LocalThreshold());
        assertEquals(128, info.ipv6RemoteThreshold());
        info.wrap(Memory.of(new byte[4]), 0, 4);
        assertEquals(0, info.in());
        assertEquals(0, info.maxBuckets());
        assertEquals(0, info.ipv6RemoteThreshold());
    }

    @Test
    void readsSadInformationAsCDoes() {
        SadInfoDecoder info = new SadInfoDecoder()
                .wrap(Memory.of(PolicyGoldenBytes.SAD_INFO), 0, PolicyGoldenBytes.SAD_INFO.length);
        assertEquals(9, info.count());
        assertEquals(8, info.buckets());
        assertEquals(0x100000, info.maxBuckets());
        info.wrap(Memory.of(new byte[4]), 0, 4);
        assertEquals(0, info.count());
        assertEquals(0, info.buckets());
    }

    @Test
    void namesTheAttributeOfInformationThatIsCutShort() {
        byte[] spd = PolicyGoldenBytes.SPD_INFO.clone();
        spd[4] = 12;
        assertMalformed("XFRMA_SPD_INFO cut short: 8 bytes, where 24 are needed",
                () -> new SpdInfoDecoder().wrap(Memory.of(spd), 0, spd.length));
        spd[4] = 100;
        assertMalformed("XFRMA_SPD_#1: attribute length of 100 where 40 bytes are left",
                () -> new SpdInfoDecoder().wrap(Memory.of(spd), 0, spd.length));
        byte[] sad = PolicyGoldenBytes.SAD_INFO.clone();
        sad[4] = 4;
        assertMalformed("XFRMA_SAD_CNT cut short: 0 bytes, where 4 are needed",
                () -> new SadInfoDecoder().wrap(Memory.of(sad), 0, sad.length));
        sad[4] = 3;
        assertMalformed("XFRMA_SAD_#1: attribute length of 3",
                () -> new SadInfoDecoder().wrap(Memory.of(sad), 0, sad.length));
    }

    @Test
    void refusesEveryTruncationOfAFixedPart() {
        for (int length = 0; length < PolicyEncoder.LENGTH; length++) {
            byte[] bytes = Arrays.copyOf(PolicyGoldenBytes.POLICY, length);
            assertMalformed("xfrm_userpolicy_info cut short",
                    () -> new PolicyDecoder().wrap(Memory.of(bytes), 0, bytes.length));
        }
        for (int length = 0; length < PolicyIdEncoder.LENGTH; length++) {
            byte[] bytes = Arrays.copyOf(PolicyGoldenBytes.POLICY_ID, length);
            assertMalformed("xfrm_userpolicy_id", () -> new PolicyIdDecoder().wrap(Memory.of(bytes), 0));
        }
        for (int length = 0; length < TemplateEncoder.LENGTH; length++) {
            byte[] bytes = Arrays.copyOf(PolicyGoldenBytes.TEMPLATE, length);
            assertMalformed("xfrm_user_tmpl", () -> new TemplateDecoder().wrap(Memory.of(bytes), 0));
        }
        assertMalformed("SPD information cut short",
                () -> new SpdInfoDecoder().wrap(Memory.of(new byte[3]), 0, 3));
        assertMalformed("SAD information cut short",
                () -> new SadInfoDecoder().wrap(Memory.of(new byte[3]), 0, 3));
    }

    private static void assertMalformed(String message, Executable executable) {
        String actual = assertThrows(MalformedMessageException.class, executable).getMessage();
        assertTrue(actual.contains(message), actual);
    }
}
