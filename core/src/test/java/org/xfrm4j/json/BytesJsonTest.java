package org.xfrm4j.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.xfrm4j.RandomPolicies;
import org.xfrm4j.RandomSas;
import org.xfrm4j.TestSas;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.sa.Aead;
import org.xfrm4j.sa.Algorithm;
import org.xfrm4j.sa.Auth;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Iptfs;
import org.xfrm4j.sa.Key;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.RawAttribute;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;
import org.xfrm4j.sa.SecurityContext;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.PolicyEncoder;
import org.xfrm4j.wire.SaDecoder;
import org.xfrm4j.wire.SaEncoder;

/** JSON of the kernel's bytes is, byte by byte, that of the values that they are. */
class BytesJsonTest {
    private static final long SEED = 20_261_130;
    private static final int COUNT = 3_000;
    private static final int OFFSET = 4;

    private final MemorySegment memory = Arena.ofAuto().allocate(8_192, 8).fill((byte) 0xff);

    private SaDecoder bytes(SecurityAssociation sa) {
        return new SaDecoder().wrap(memory, OFFSET, sa.encode(memory, OFFSET));
    }

    private PolicyDecoder bytes(Policy policy) {
        return new PolicyDecoder().wrap(memory, OFFSET, policy.encode(memory, OFFSET));
    }

    private static SecurityAssociationBuilder esp() {
        return SecurityAssociation.builder().source("192.0.2.1").destination("198.51.100.7").spi(1)
                .algorithm(Aead.aesGcm(Key.ofHex("000102030405060708090a0b0c0d0e0f10111213")));
    }

    private static void assertSame(Consumer<JsonWriter> ofValue, Consumer<JsonWriter> ofBytes) {
        for (UnaryOperator<JsonWriter> keys : List.<UnaryOperator<JsonWriter>>of(json -> json, JsonWriter::withKeys)) {
            assertEquals(JsonWriter.toString(json -> ofValue.accept(keys.apply(json))),
                    JsonWriter.toString(json -> ofBytes.accept(keys.apply(json))));
        }
    }

    private void assertSame(SecurityAssociation sa) {
        SaDecoder bytes = bytes(sa);
        SecurityAssociation value = SecurityAssociation.from(bytes);
        assertSame(json -> json.write(value), json -> json.write(bytes));
    }

    private void assertSame(Policy policy) {
        PolicyDecoder bytes = bytes(policy);
        Policy value = Policy.from(bytes);
        assertSame(json -> json.write(value), json -> json.write(bytes));
    }

    @Test
    void isThatOfTheValueOfRandomSas() {
        RandomSas.of(SEED, COUNT).forEach(this::assertSame);
    }

    @Test
    void isThatOfTheValueOfRandomPolicies() {
        RandomPolicies.of(SEED, COUNT).forEach(this::assertSame);
    }

    @Test
    void isThatOfTheValueWhereNothingIsLeftOut() {
        SecurityAssociation sa = FullValues.of(SecurityAssociation.class);
        assertTrue(JsonWriter.toString(json -> json.write(bytes(sa))).contains("\"other_attributes\":[{"));
        assertSame(sa);
        Policy policy = FullValues.of(Policy.class);
        assertTrue(JsonWriter.toString(json -> json.write(bytes(policy))).contains("\"other_attributes\":[{"));
        assertSame(policy);
    }

    /** What the embedded kernel cannot have, so that it is not among the random ones. */
    @Test
    void isThatOfTheValueOfWhatNoRandomSaHas() {
        assertSame(esp().securityContext(SecurityContext.selinux("a\"b\u00e4")).build());
        assertSame(esp().direction(Direction.IN).offload(new Offload(5, Offload.INBOUND)).build());
        assertSame(esp().direction(Direction.OUT).offload(new Offload(-1, Offload.PACKET)).build());
        assertSame(esp().encap(new Encap(Encap.ESP_IN_TCP, 1, 2, IpAddress.ANY_IPV4)).build());
        assertSame(esp().mode(Mode.IPTFS).direction(Direction.IN).iptfs(Iptfs.incoming(1, 2)).build());
        assertSame(esp().mode(Mode.IPTFS).direction(Direction.OUT)
                .iptfs(Iptfs.outgoing(true, null, 7, null)).build());
        assertSame(esp().mode(Mode.IPTFS).direction(Direction.OUT)
                .iptfs(Iptfs.outgoing(false, -1, null, 0)).build());
        assertSame(esp().replayThreshold(0).eventTimerThreshold(-1).build());
    }

    @Test
    void takesTheTruncatedFormOfAnAlgorithmThatADumpTellsTwice() {
        SaEncoder encoder = new SaEncoder().wrap(memory, OFFSET).family(2).protocol(51).spi(1);
        Key key = Key.ofHex("000102030405060708090a0b0c0d0e0f");
        for (Algorithm form : List.of(new Auth("hmac(sha256)", key, 0), new Auth("hmac(sha256)", key, 128))) {
            form.encode(memory, encoder.attributes());
        }
        SaDecoder bytes = new SaDecoder().wrap(memory, OFFSET, encoder.encodedLength());
        assertSame(json -> json.write(SecurityAssociation.from(bytes)), json -> json.write(bytes));
    }

    @Test
    void hasNoKeyUnlessItIsAskedFor() {
        byte[] secret = HexFormat.of().parseHex("5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e7aaaa");
        SecurityAssociation sa = SecurityAssociation.builder().source("192.0.2.1").destination("192.0.2.2").spi(1)
                .algorithm(Aead.aesGcm(Key.of(secret)))
                .otherAttribute(new RawAttribute(200, secret)).build();
        String digits = HexFormat.of().formatHex(secret);
        assertFalse(JsonWriter.toString(json -> json.write(bytes(sa))).contains("5ec2e7"));
        String shown = JsonWriter.toString(json -> json.withKeys().write(bytes(sa)));
        assertTrue(shown.contains("\"key\":\"0x" + digits) && shown.contains("\"payload\":\"0x" + digits), shown);
    }

    @Test
    void tellsWhatIsMalformed() {
        SaEncoder encoder = new SaEncoder().wrap(memory, OFFSET).family(3).protocol(50).spi(0xabc);
        SaDecoder sa = new SaDecoder().wrap(memory, OFFSET, encoder.encodedLength());
        assertEquals("SA spi 0x00000abc: family: 3 is neither AF_INET nor AF_INET6",
                assertThrows(MalformedMessageException.class,
                        () -> JsonWriter.toString(json -> json.write(sa))).getMessage());
        PolicyEncoder other = new PolicyEncoder().wrap(memory, OFFSET).direction(7);
        PolicyDecoder policy = new PolicyDecoder().wrap(memory, OFFSET, other.encodedLength());
        assertEquals("policy index 0: dir: 7 is not between 0 and 4",
                assertThrows(MalformedMessageException.class,
                        () -> JsonWriter.toString(json -> json.write(policy))).getMessage());
    }

    @Test
    void aNameThatIsNoneIsMalformed() {
        SecurityAssociation sa = TestSas.esp(1).build();
        SaDecoder bytes = bytes(sa);
        long name = bytes.attributeOffset(xfrm4j_h.XFRMA_ALG_AEAD());
        memory.set(ValueLayout.JAVA_BYTE, name, (byte) 0xe4);
        assertThrows(MalformedMessageException.class, () -> JsonWriter.toString(json -> json.write(bytes)));
        memory.set(ValueLayout.JAVA_BYTE, name, (byte) '"');
        assertSame(json -> json.write(SecurityAssociation.from(bytes)), json -> json.write(bytes));
    }
}
