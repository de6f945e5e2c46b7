package org.xfrm4j.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xfrm4j.RandomPolicies;
import org.xfrm4j.RandomSas;
import org.xfrm4j.TestSas;
import org.xfrm4j.event.Origin;
import org.xfrm4j.event.SaAdded;
import org.xfrm4j.event.UnknownEvent;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.sa.Aead;
import org.xfrm4j.sa.Key;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.RawAttribute;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityContext;
import tools.jackson.databind.JsonNode;

class JsonWriterTest {
    private static final byte[] KEY = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0fcafebabe");

    private static SecurityAssociation withKey() {
        return SecurityAssociation.builder().source("192.0.2.1").destination("192.0.2.2").spi(1)
                .algorithm(Aead.aesGcm(Key.of(KEY))).build();
    }

    @Test
    void anSaLooksLikeThis() {
        SecurityAssociation sa = TestSas.esp(0xc0ffee01).reqid(17)
                .lifetime(Lifetime.UNLIMITED.withBytes(1 << 20, 1 << 21)).build();
        assertEquals("""
                {
                  "source": "192.0.2.1",
                  "destination": "198.51.100.1",
                  "protocol": "esp",
                  "spi": "0xc0ffee01",
                  "reqid": 17,
                  "mode": "tunnel",
                  "selector": {
                    "source": "%s",
                    "destination": "%s"
                  },
                  "algorithms": [
                    {
                      "kind": "aead",
                      "name": "rfc4106(gcm(aes))",
                      "icv_bits": 128,
                      "key_bits": %d
                    }
                  ],
                  "lifetime": {
                    "soft_bytes": 1048576,
                    "hard_bytes": 2097152
                  },
                  "usage": {
                    "bytes": 0,
                    "packets": 0
                  },
                  "stats": {
                    "replay_window": 0,
                    "replay": 0,
                    "integrity_failed": 0
                  },
                  "replay_window": %d
                }
                """.formatted(sa.selector().source(), sa.selector().destination(),
                        sa.algorithms().getFirst().key().bitLength(), sa.replayWindow()), indented(sa));
    }

    private static String indented(SecurityAssociation sa) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonWriter json = JsonWriter.indented(bytes)) {
            json.write(sa);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void keysAreNotWrittenUnlessAskedFor() {
        RawAttribute unknown = new RawAttribute(99, KEY);
        SecurityAssociation sa = withKey().toBuilder().otherAttribute(unknown).build();
        String without = JsonWriter.toString(json -> {
            json.write(sa);
            json.write(new SaAdded(new Origin(1, 2), sa));
            json.write(new UnknownEvent(new Origin(1, 2), 99, KEY));
        });
        assertFalse(without.contains("0a0b0c"), without);
        assertFalse(without.contains("\"key\""), without);
        String with = JsonWriter.toString(json -> json.withKeys().write(sa));
        assertEquals("0x000102030405060708090a0b0c0d0e0fcafebabe",
                JsonSchema.check("security_association", with).at("/algorithms/0/key").asString());
    }

    @Test
    void aWipedKeyIsLeftOut() {
        SecurityAssociation sa = withKey();
        sa.wipeKeys();
        JsonNode json = JsonSchema.check("security_association", JsonWriter.toString(writer ->
                writer.withKeys().write(sa)));
        assertFalse(json.at("/algorithms/0").has("key"));
    }

    @Test
    void randomSasAndPoliciesAreOfTheirForms() {
        for (SecurityAssociation sa : RandomSas.of(4711, 3000)) {
            JsonSchema.check("security_association", JsonWriter.toString(json -> json.write(sa)));
        }
        for (Policy policy : RandomPolicies.of(4711, 3000)) {
            JsonSchema.check("policy", JsonWriter.toString(json -> json.write(policy)));
        }
    }

    /** So that no two SAs look alike which are not. */
    @Test
    void differentSasGiveDifferentJson() {
        Set<SecurityAssociation> sas = Set.copyOf(RandomSas.of(17, 2000));
        Set<String> texts = sas.stream().map(sa -> JsonWriter.toString(json -> json.withKeys().write(sa)))
                .collect(Collectors.toSet());
        assertEquals(sas.size(), texts.size());
    }

    @Test
    void numbersOf64BitsAreExact() {
        SecurityAssociation sa = TestSas.esp(1).lifetime(Lifetime.UNLIMITED.withBytes(-2, Long.MAX_VALUE)).build();
        String json = JsonWriter.toString(writer -> writer.write(sa));
        assertTrue(json.contains("\"soft_bytes\":18446744073709551614,\"hard_bytes\":9223372036854775807"), json);
        JsonSchema.check("security_association", json);
    }

    @Test
    void aLabelWithAnyCharacterIsText() {
        String label = IntStream.range(0, 256).mapToObj(Character::toString).collect(Collectors.joining());
        SecurityAssociation sa = TestSas.esp(1).securityContext(new SecurityContext(1, 1, label)).build();
        assertEquals(label, JsonSchema.check("security_association", JsonWriter.toString(json -> json.write(sa)))
                .at("/security_context/label").asString());
    }

    @Test
    void aValueIsALineAndSoIsAList() {
        SecurityAssociation sa = TestSas.esp(1).build();
        List<String> lines = JsonWriter.toString(json -> {
            json.write(sa);
            json.beginList();
            json.write(sa);
            json.write(sa);
            json.endList();
            json.beginList();
            json.endList();
        }).lines().toList();
        assertEquals(3, lines.size());
        assertEquals("[" + lines.get(0) + "," + lines.get(0) + "]", lines.get(1));
        assertEquals("[]", lines.get(2));
    }

    @Test
    void nothingWrittenIsNothing() {
        assertEquals("", JsonWriter.toString(json -> { }));
    }

    @Test
    void anObjectOfOnesOwnHoldsValues() {
        String json = JsonWriter.toString(writer -> {
            writer.beginObject();
            writer.name("count").value(3);
            writer.name("whole").value(true);
            writer.name("text").value("a\"b");
            writer.name("list").beginList();
            writer.endList();
            writer.endObject();
        });
        assertEquals("{\"count\":3,\"whole\":true,\"text\":\"a\\\"b\",\"list\":[]}\n", json);
    }

    @Test
    void theStreamStaysOpen() {
        boolean[] closed = {false};
        OutputStream out = new ByteArrayOutputStream() {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        try (JsonWriter json = JsonWriter.lines(out)) {
            json.value(1);
        }
        assertFalse(closed[0]);
        assertEquals("1\n", out.toString());
    }

    @Test
    void aStreamThatBreaksIsSaid() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        };
        JsonWriter json = JsonWriter.lines(broken);
        json.value(1);
        UncheckedIOException failure = assertThrows(UncheckedIOException.class, json::flush);
        assertEquals("broken pipe", failure.getCause().getMessage());
    }

    @Test
    void aListThatBreaksOffDoesNotLookWhole() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonWriter json = JsonWriter.lines(bytes)) {
            json.beginList();
            json.value(1);
        }
        assertEquals("[1\n", bytes.toString(StandardCharsets.UTF_8));
    }
}
