package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What must always hold of the sources, whatever is added: see CONTRIBUTING.md. */
class ArchitectureTest {
    private static final Path SOURCES = Path.of("src/main/java/org/xfrm4j");
    /** A package uses only those before it. */
    private static final List<String> PACKAGES =
            List.of("text", "netlink", "wire", "sa", "policy", "event", "", "mirror", "migrate", "json", "cli");
    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?org\\.xfrm4j\\.((?:[a-z]+\\.)?)[A-Z]", Pattern.MULTILINE);

    private record Source(String name, String packageName, String text) {
    }

    private static List<Source> sources() throws IOException {
        List<Source> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String packageName = SOURCES.relativize(file.getParent()).toString();
                sources.add(new Source(SOURCES.relativize(file).toString(), packageName, Files.readString(file)));
            }
        }
        assertTrue(sources.size() > 100, "sources found: " + sources.size());
        return sources;
    }

    @Test
    void packagesDependOneWay() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Source source : sources()) {
            int own = PACKAGES.indexOf(source.packageName());
            assertTrue(own >= 0, source.packageName() + ": give the new package its place in the order");
            for (MatchResult match : IMPORT.matcher(source.text()).results().toList()) {
                String used = match.group(1).replace(".", "");
                if (!used.equals("bindings") && PACKAGES.indexOf(used) > own) {
                    wrong.add(source.name() + " uses org.xfrm4j." + used);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void restrictedCallsStandInOneClass() throws IOException {
        List<String> restricted = sources().stream()
                .filter(source -> source.text().contains("\"restricted\"") || source.text().contains("Linker."))
                .map(Source::name).toList();
        assertEquals(List.of("netlink/Libc.java"), restricted);
    }

    @Test
    void thereIsNoJni() throws IOException {
        Pattern jni = Pattern.compile("System\\.load|Runtime\\.getRuntime\\(\\)\\.load|\\bnative\\b[^;{\"*/]*\\([^;{]*;");
        List<String> found = sources().stream().filter(source -> jni.matcher(source.text()).find())
                .map(Source::name).toList();
        assertEquals(List.of(), found);
    }
}
