package org.xfrm4j.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xfrm4j.MigrateSupport;
import org.xfrm4j.SadInformation;
import org.xfrm4j.SpdInformation;
import org.xfrm4j.event.Missed;
import org.xfrm4j.event.Nothing;
import org.xfrm4j.event.Notice;
import org.xfrm4j.event.XfrmEvent;
import org.xfrm4j.migrate.MigrationReport;
import org.xfrm4j.migrate.PlanGroup;
import org.xfrm4j.migrate.RecoveryReport;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.sa.SecurityAssociation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Nothing of a value is missing from its JSON, and nothing is there that the schema does not know. */
class JsonFormTest {
    /** What a name may have behind it: its unit. */
    private static final Set<String> UNITS = Set.of("", "_nanoseconds", "_microseconds", "_seconds", "_unix_seconds",
            "_bytes", "_packets", "_ticks", "_tenths");
    /** Components whose own components stand in their place. */
    private static final Set<String> FLATTENED = Set.of("SecurityAssociation.id", "Policy.id");

    private static String json(BiConsumer<JsonWriter, Object> write, Object value) {
        return JsonWriter.toString(json -> write.accept(json.withKeys(), value));
    }

    private static void assertWhole(String form, Record value, String json) {
        List<String> missing = new ArrayList<>();
        missing(value, JsonSchema.check(form, json), value.getClass().getSimpleName(), missing);
        assertEquals(List.of(), missing, "not in the JSON: " + json);
    }

    private static void missing(Record value, JsonNode json, String path, List<String> missing) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object part = part(value, component);
            String name = component.getName();
            if (FLATTENED.contains(value.getClass().getSimpleName() + "." + name)) {
                missing((Record) part, json, path + "." + name, missing);
                continue;
            }
            String snake = name.replaceAll("(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
            JsonNode field = UNITS.stream().map(unit -> json.get(snake + unit)).filter(found -> found != null)
                    .findFirst().orElse(null);
            if (field == null) {
                missing.add(path + "." + name);
            } else {
                inside(part, field, path + "." + name, missing);
            }
        }
    }

    private static void inside(Object part, JsonNode json, String path, List<String> missing) {
        if (part instanceof Record record && json.isObject()) {
            missing(record, json, path, missing);
        } else if (part instanceof Collection<?> list) {
            assertEquals(list.size(), json.size(), path);
            Iterator<JsonNode> elements = json.iterator();
            for (Object element : list) {
                inside(element, elements.next(), path + "[]", missing);
            }
        }
    }

    private static Object part(Record value, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component.toString(), e);
        }
    }

    @Test
    void everyComponentOfAnSaIsThere() {
        SecurityAssociation sa = FullValues.of(SecurityAssociation.class);
        assertWhole("security_association", sa, json((json, value) -> json.write((SecurityAssociation) value), sa));
    }

    @Test
    void everyComponentOfAPolicyIsThere() {
        Policy policy = FullValues.of(Policy.class);
        assertWhole("policy", policy, json((json, value) -> json.write((Policy) value), policy));
    }

    @Test
    void everyComponentOfAGroupOfAPlanIsThere() {
        PlanGroup group = FullValues.of(PlanGroup.class);
        assertWhole("plan_group", group, json((json, value) -> json.write((PlanGroup) value), group));
    }

    @Test
    void everyComponentOfAMigrationReportIsThere() {
        MigrationReport report = FullValues.of(MigrationReport.class);
        assertWhole("migration_report", report, json((json, value) -> json.write((MigrationReport) value), report));
    }

    @Test
    void everyComponentOfARecoveryReportIsThere() {
        RecoveryReport report = FullValues.of(RecoveryReport.class);
        assertWhole("recovery_report", report, json((json, value) -> json.write((RecoveryReport) value), report));
    }

    @Test
    void everyFigureIsThere() {
        record Both(SadInformation sad, SpdInformation spd) {
        }

        Both both = FullValues.of(Both.class);
        assertWhole("information", both, JsonWriter.toString(json -> json.write(both.sad(), both.spd())));
    }

    @Test
    void everyComponentOfEveryEventIsThere() {
        Class<?>[] kinds = XfrmEvent.class.getPermittedSubclasses();
        assertTrue(kinds.length > 15);
        for (Class<?> kind : kinds) {
            Record event = FullValues.of(kind.asSubclass(Record.class));
            assertWhole("event", event, json((json, value) -> json.write((Notice) value), event));
        }
    }

    @Test
    void whatIsNoEventIsSaidToo() {
        assertEquals("{\"event\":\"missed\"}\n{\"event\":\"nothing\"}\n", JsonWriter.toString(json -> {
            json.write(new Missed());
            json.write(new Nothing());
        }));
        JsonSchema.check("event", "{\"event\":\"missed\"}");
    }

    @Test
    void everySupportHasItsWord() {
        for (MigrateSupport support : MigrateSupport.values()) {
            JsonNode json = JsonSchema.check("migrate_support", JsonWriter.toString(writer -> writer.write(support)));
            assertEquals(support == MigrateSupport.SUPPORTED, json.get("supported").asBoolean());
        }
    }

    @Test
    void aFieldThatTheSchemaDoesNotKnowIsFound() {
        assertFalse(JsonSchema.errors("migrate_support", tree(
                "{\"supported\":true,\"support\":\"supported\",\"reason\":\"\",\"more\":1}")).isEmpty());
        assertFalse(JsonSchema.errors("event", tree("{\"event\":\"missed\",\"more\":1}")).isEmpty());
        assertFalse(JsonSchema.errors("recovery_report", tree("{\"groups\":[]}")).isEmpty());
    }

    private static JsonNode tree(String json) {
        return new JsonMapper().readTree(json);
    }

    /** Otherwise something new could come in anywhere without a test that says so. */
    @Test
    void theSchemaLeavesNothingOpen() {
        List<String> open = new ArrayList<>();
        open(JsonSchema.text(), "", open);
        assertEquals(List.of(), open);
    }

    @Test
    void theSchemaDescribesInWords() {
        assertEquals(List.of(), JsonSchema.descriptionsThatAreNoText(JsonSchema.text().toString()));
        assertEquals(List.of("/$defs/x[]"), JsonSchema.descriptionsThatAreNoText(
                "{\"$defs\":{\"x\":[{\"description\":[\"a\"]}]}}"));
    }

    private static void open(JsonNode node, String path, List<String> open) {
        if (node.isObject() && node.path("type").asString("").equals("object")
                && node.path("additionalProperties").asBoolean(true)) {
            open.add(path);
        }
        if (node.isObject() && node.path("type").asString("").equals("object")) {
            Stream.of(node.get("required")).flatMap(required -> required.valueStream())
                    .filter(name -> node.get("properties").get(name.asString()) == null)
                    .forEach(name -> open.add(path + ": " + name + " is required and not there"));
        }
        if (node.isObject()) {
            node.propertyStream().forEach(field -> open(field.getValue(), path + "/" + field.getKey(), open));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                open(node.get(i), path + "/" + i, open);
            }
        }
    }
}
