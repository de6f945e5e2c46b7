package org.xfrm4j.bench.scale;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One measurement: names with numbers and texts, on one line of JSON. Java's and the C twin's programs print such
 * lines, and the file of results is a list of them; bench/README.md says what the names mean.
 */
final class Result {
    private static final Pattern ENTRY = Pattern.compile("\"([^\"]+)\": *(?:\"([^\"]*)\"|(-?[0-9.]+))");

    private final Map<String, Object> entries = new LinkedHashMap<>();

    /** Reads a line. */
    static Result parse(String line) {
        Result result = new Result();
        Matcher matcher = ENTRY.matcher(line);
        while (matcher.find()) {
            result.entries.put(matcher.group(1),
                    matcher.group(2) != null ? matcher.group(2) : (Object) (long) Double.parseDouble(matcher.group(3)));
        }
        return result;
    }

    Result put(String name, String text) {
        entries.put(name, text.replace('"', '\'').replace('\\', '/'));
        return this;
    }

    Result put(String name, long number) {
        entries.put(name, number);
        return this;
    }

    /** Takes all of another's. */
    Result putAll(Result other) {
        entries.putAll(other.entries);
        return this;
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    long number(String name) {
        return ((Number) entries.get(name)).longValue();
    }

    String text(String name) {
        return String.valueOf(entries.get(name));
    }

    /** Nanoseconds for each SA that moved. */
    double nanosEach() {
        return (double) number("nanoseconds") / number("moved");
    }

    @Override
    public String toString() {
        return entries.entrySet().stream().map(entry -> "\"" + entry.getKey() + "\": "
                + (entry.getValue() instanceof String text ? "\"" + text + "\"" : entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
