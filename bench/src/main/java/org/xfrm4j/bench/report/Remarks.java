package org.xfrm4j.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why targets are missed: written by people, in {@code remarks.md} beside the results. A heading of the second level
 * names a target, as {@code bench/report} prints it, or without the bracket that tells where, for all of that name;
 * what follows is the reason. What stands before the first such heading is for those who read the file.
 *
 * @param byHeading the reasons
 */
record Remarks(Map<String, String> byHeading) {
    static final String FILE = "remarks.md";
    static final Remarks NONE = new Remarks(Map.of());
    private static final String HEADING = "## ";

    /**
     * Those of a folder of results; none if it has no such file.
     *
     * @throws IOException if it cannot be read, or a heading stands there twice or without a reason
     */
    static Remarks read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return NONE;
        }
        Map<String, StringBuilder> texts = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(HEADING)) {
                text = new StringBuilder();
                if (texts.put(line.substring(HEADING.length()).strip(), text) != null) {
                    throw new IOException(file + ": there are two remarks on \"" + line.substring(HEADING.length())
                            + "\"");
                }
            } else {
                text.append(line.strip()).append(' ');
            }
        }
        Map<String, String> byHeading = new LinkedHashMap<>();
        for (Map.Entry<String, StringBuilder> entry : texts.entrySet()) {
            byHeading.put(entry.getKey(), entry.getValue().toString().strip().replaceAll(" +", " "));
            if (byHeading.get(entry.getKey()).isEmpty()) {
                throw new IOException(file + ": nothing is said about \"" + entry.getKey() + "\"");
            }
        }
        return new Remarks(byHeading);
    }

    /** Why this one is missed; if it is not, nobody shall ask. */
    Optional<String> of(Target target) {
        return Optional.ofNullable(byHeading.getOrDefault(target.name(), byHeading.get(target.what())));
    }

    /**
     * What does not fit the results: remarks on targets that are reached, and missed targets on which there is none.
     *
     * @throws IOException if a heading names no target
     */
    List<String> misfits(List<Target> targets) throws IOException {
        List<String> misfits = new ArrayList<>();
        for (String heading : byHeading.keySet()) {
            List<Target> meant = targets.stream()
                    .filter(target -> heading.equals(target.name()) || heading.equals(target.what())).toList();
            if (meant.isEmpty()) {
                throw new IOException(FILE + ": there is no target \"" + heading + "\"");
            }
            if (meant.stream().noneMatch(target -> target.verdict() == Verdict.MISSED)
                    && meant.stream().anyMatch(target -> target.verdict() == Verdict.REACHED)) {
                misfits.add("is reached, so the remark on it is out of date: " + heading);
            }
        }
        targets.stream().filter(target -> target.verdict() == Verdict.MISSED && of(target).isEmpty())
                .forEach(target -> misfits.add("is missed, and no remark says why: " + target.name()));
        return misfits;
    }
}
