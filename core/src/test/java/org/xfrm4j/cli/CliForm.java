package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.xfrm4j.json.JsonWriter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Checks what commands print as JSON against the schema that goes with them. */
final class CliForm {
    private static final String SCHEMA = "xfrm4j-cli.schema.json";
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(
                    "urn:xfrm4j:json", text(JsonWriter.class, JsonWriter.SCHEMA),
                    "urn:xfrm4j:cli", text(Main.class, SCHEMA))));

    private CliForm() {
    }

    /** Parses a document of a command, which must have its form: {@code sa_list} of {@code xfrm4j sa list}. */
    static JsonNode check(String form, String json) {
        JsonNode value = MAPPER.readTree(json);
        List<String> errors = schema(form).validate(value).stream().map(Error::toString).toList();
        assertEquals(List.of(), errors, json);
        return value;
    }

    static ObjectNode forms() {
        return (ObjectNode) MAPPER.readTree(text(Main.class, SCHEMA)).get("$defs");
    }

    private static Schema schema(String form) {
        assertTrue(forms().has(form), "no form " + form + " in the schema");
        return REGISTRY.getSchema(MAPPER.createObjectNode().put("$ref", "urn:xfrm4j:cli#/$defs/" + form));
    }

    private static String text(Class<?> beside, String name) {
        try (InputStream text = beside.getResourceAsStream(name)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
