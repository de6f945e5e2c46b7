package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every block of README, guides and CONTRIBUTING is known to a test, and of the commands that are not run at least what
 * they name is there. Those that are run, {@link DocumentedShellIT} runs.
 */
class DocumentedShellTest {
    /** Beside {@code console}: what the tests of Java code, and of the dependency, look at; and what is no code. */
    private static final Set<String> OTHERS = Set.of("java", "xml", "text");
    private static final Pattern COMMAND = Pattern.compile(
            "(\\$|mvn|xfrm4j|java|(bench|core/bin|headers)/[a-z]+|ip|git) .*");

    static List<DocumentedShell.Block> notRun() throws IOException {
        return DocumentedShell.blocks().stream().filter(DocumentedShell.Block::isShell).filter(block -> !block.isRun())
                .toList();
    }

    @Test
    void eachBlockIsOfAKindThatATestKnows() throws IOException {
        for (DocumentedShell.Block block : DocumentedShell.blocks()) {
            assertTrue(block.isShell() || OTHERS.contains(block.language()), block.place() + ": " + block.language());
            if (block.language().equals("text")) {
                assertEquals(List.of(), block.lines().stream().filter(line -> COMMAND.matcher(line).matches()).toList(),
                        block.place() + " holds commands");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("notRun")
    void whatIsNotRunNamesWhatIsThere(DocumentedShell.Block block) throws IOException {
        for (DocumentedShell.Command command : block.commands()) {
            String program = command.words().replaceFirst("^(?:[A-Z]+=\\S+ )+", "").split(" ")[0];
            Path file = DocumentedShell.ROOT.resolve(program);
            if (program.contains("/")) {
                assertTrue(Files.isExecutable(file), block.place() + ": " + program);
                String script = Files.readString(file);
                assertEquals(List.of(), matches("(?<= )--[a-z]+", command.words()).filter(option ->
                        !script.contains(option)).toList(), block.place() + ": " + command.words());
            } else {
                assertTrue(Set.of("mvn", "mkdir").contains(program),
                        block.place() + ": " + program);
            }
            assertTests(block, command);
        }
    }

    private static void assertTests(DocumentedShell.Block block, DocumentedShell.Command command) throws IOException {
        for (String name : matches("(?<=-D(?:it\\.)?test=)'?[\\w*]+", command.words()).toList()) {
            Pattern file = Pattern.compile(name.replace("'", "").replace("*", ".*") + "\\.java");
            try (Stream<Path> tests = Files.walk(Path.of("src/test/java"))) {
                assertTrue(name.equals("none")
                        || tests.anyMatch(each -> file.matcher(each.getFileName().toString()).matches()),
                        block.place() + ": there is no test " + name);
            }
        }
    }

    private static Stream<String> matches(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map(MatchResult::group);
    }

    @Test
    void aBlockWithoutAFenceIsFound() {
        AssertionError found = assertThrows(AssertionError.class,
                () -> DocumentedShell.blocks("README.md", List.of("Do:", "", "    rm -rf x")));
        assertTrue(found.getMessage().startsWith("README.md:3: "), found.getMessage());
    }

    @Test
    void whatIsNotRunMustSayWhy() {
        for (String marker : List.of("", "<!-- test: -->", "<!-- test: not run, -->", "<!-- test: runs -->")) {
            DocumentedShell.Block block = new DocumentedShell.Block("here", "console", marker, List.of("$ mvn verify"));
            assertThrows(AssertionError.class, block::isRun, marker);
        }
    }

    @Test
    void comparesWhatIsPrinted() {
        DocumentedShell.Command command = new DocumentedShell.Command("x", List.of("a … c", "…", "d"));
        assertTrue(command.prints("a b c\nd\n"));
        assertTrue(command.prints("a b c\n1\n2\nd\n"));
        assertFalse(command.prints("a b c\n1\n2\n"));
        assertFalse(command.prints("a b\nd\n"));
        assertFalse(new DocumentedShell.Command("x", List.of()).prints("unexpected\n"));
    }
}
