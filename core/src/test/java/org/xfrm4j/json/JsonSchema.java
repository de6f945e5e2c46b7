package org.xfrm4j.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Checks JSON against the schema that goes with the library. */
public final class JsonSchema {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private JsonSchema() {
    }

    /** The schema's text as a tree. */
    static ObjectNode text() {
        try (InputStream text = JsonWriter.class.getResourceAsStream(JsonWriter.SCHEMA)) {
            return (ObjectNode) MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Where a schema describes something otherwise than in a text, as it has to.
     *
     * @param schema the schema, or a part of it
     * @return places; empty where all is well
     */
    public static List<String> descriptionsThatAreNoText(String schema) {
        List<String> places = new ArrayList<>();
        collect(MAPPER.readTree(schema), "", places);
        return places;
    }

    private static void collect(JsonNode node, String path, List<String> places) {
        // Behind "properties" stand names, of which one may be this.
        if (node.isObject() && !path.endsWith("/properties") && node.has("description")
                && !node.get("description").isString()) {
            places.add(path);
        }
        if (node.isObject()) {
            node.propertyStream().forEach(field -> collect(field.getValue(), path + "/" + field.getKey(), places));
        } else {
            node.forEach(element -> collect(element, path + "[]", places));
        }
    }

    /** Why a value is not of a form; empty when it is. */
    static List<String> errors(String form, JsonNode value) {
        return SCHEMAS.computeIfAbsent(form, JsonSchema::schema).validate(value).stream().map(Error::toString).toList();
    }

    /**
     * Fails if a value is not of a form.
     *
     * @param form a name in the schema, for instance {@code migration_report}
     */
    public static void assertForm(String form, String json) {
        check(form, json);
    }

    /**
     * Parses a value that must be of a form.
     *
     * @param form a name in the schema, for instance {@code migration_report}
     */
    static JsonNode check(String form, String json) {
        JsonNode value = MAPPER.readTree(json);
        assertEquals(List.of(), errors(form, value), json);
        return value;
    }

    private static Schema schema(String form) {
        ObjectNode schema = text();
        assertEquals(true, schema.at("/$defs/" + form).isObject(), "no form " + form + " in the schema");
        schema.put("$ref", "#/$defs/" + form);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
    }
}
