package org.xfrm4j.bench.report;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The form of {@code bench/scale}: a list of flat objects, told apart by "measure"; the first tells the machine. */
final class ScaleFile {
    private static final String MEASURE = "measure";

    private ScaleFile() {
    }

    static void read(String file, JsonNode content, Results results) {
        JsonNode machine = content.get(0);
        if (!machine.path(MEASURE).asString("").equals("machine")) {
            throw new IllegalArgumentException("the first entry does not tell the machine");
        }
        Map<String, String> facts = ResultsReader.facts(machine);
        facts.remove(MEASURE);
        Run run = Run.of(file, facts);
        results.runs().add(run);
        for (JsonNode entry : content) {
            if (entry != machine) {
                results.rows().add(new Row(run, values(entry)));
            }
        }
    }

    private static Map<String, Object> values(JsonNode entry) {
        Map<String, Object> values = new LinkedHashMap<>();
        entry.properties().forEach(property -> values.put(property.getKey(),
                property.getValue().isNumber() ? property.getValue().doubleValue() : property.getValue().asString()));
        return values;
    }
}
