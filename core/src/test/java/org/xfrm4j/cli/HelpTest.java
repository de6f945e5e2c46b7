package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xfrm4j.Finished;
import org.xfrm4j.json.JsonSchema;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Help, manual page and completion: what there is stands in them. */
class HelpTest {
    @TempDir
    Path folder;

    /** All commands that do something, without picocli's own. */
    private static List<CommandLine> commands() {
        return leaves(Main.commandLine(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()))
                .filter(command -> !command.getCommandName().equals("generate-completion")).toList();
    }

    private static Stream<CommandLine> leaves(CommandLine command) {
        return command.getSubcommands().isEmpty() ? Stream.of(command)
                : command.getSubcommands().values().stream().distinct().flatMap(HelpTest::leaves);
    }

    private static String[] words(CommandLine command, String... more) {
        List<String> words = new ArrayList<>(Arrays.asList(command.getCommandSpec().qualifiedName().split(" ")));
        words.removeFirst();
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    @Test
    void eachCommandExplainsItself() {
        assertTrue(commands().size() >= 17, () -> "commands: " + commands().size());
        for (CommandLine command : commands()) {
            String name = command.getCommandSpec().qualifiedName();
            Run help = Run.of(words(command, "--help"));
            assertEquals(ExitStatus.DONE, help.status(), name);
            assertEquals("", help.err(), name);
            assertTrue(help.out().startsWith("Usage: " + name + " "), help.out());
            assertTrue(help.out().contains("Example"), name + " gives no example");
            assertTrue(help.out().contains("  " + name), name + ": the example is of another command");
            for (OptionSpec option : command.getCommandSpec().options()) {
                assertTrue(option.description().length > 0, name + " " + option.longestName());
                for (String spelling : option.names()) {
                    assertTrue(help.out().contains(spelling), name + " " + spelling);
                }
            }
        }
    }

    @Test
    void eachCommandHasAFormOfJson() {
        for (CommandLine command : commands()) {
            if (command.getCommandSpec().findOption("--json") != null) {
                String form = String.join("_", words(command)).replace('-', '_');
                assertTrue(CliForm.forms().has(form), form);
            } else {
                assertEquals("manual", command.getCommandName());
            }
        }
    }

    @Test
    void theFormsAreDescribedInWords() {
        assertEquals(List.of(), JsonSchema.descriptionsThatAreNoText(CliForm.forms().toString()));
    }

    @Test
    void tellsItsVersion() {
        Run version = Run.of("--version");
        assertEquals(ExitStatus.DONE, version.status());
        assertTrue(version.out().startsWith("xfrm4j ") && version.out().contains("\nJava " + Runtime.version()),
                version.out());
    }

    @Test
    void withoutACommandItTellsWhichThereAre() {
        Run nothing = Run.of();
        assertEquals(ExitStatus.USAGE, nothing.status());
        assertTrue(nothing.err().contains("\n  migrate-state "), nothing.err());
        assertEquals(ExitStatus.USAGE, Run.of("sa").status());
        Run wrong = Run.of("migrat");
        assertEquals(ExitStatus.USAGE, wrong.status());
        assertTrue(wrong.err().contains("migrate"), wrong.err());
    }

    @Test
    void theManualPageHoldsEachCommandAndOption() {
        String page = Run.done("manual");
        assertTrue(page.startsWith(".TH XFRM4J 8 "));
        String plain = page.replace("\\-", "-");
        for (CommandLine command : commands()) {
            String name = command.getCommandSpec().qualifiedName();
            int start = plain.indexOf(".SS \"" + name);
            assertTrue(start >= 0, name);
            int next = plain.indexOf("\n.S", start);
            String section = plain.substring(start, next) + plain.substring(0, plain.indexOf("\n.SH \"COMMANDS\""));
            for (OptionSpec option : command.getCommandSpec().options()) {
                for (String spelling : option.names()) {
                    assertTrue(section.contains("\\fB" + spelling + "\\fR"), name + " " + spelling);
                }
            }
        }
        for (int status = ExitStatus.DONE; status <= ExitStatus.INTERRUPTED; status++) {
            assertTrue(page.contains("\\fB" + status + "\\fR"), "status " + status);
        }
        // A line that begins with a point is a request, and there are but these.
        assertEquals(List.of(), page.lines().filter(line -> line.startsWith("."))
                .filter(line -> !line.matches("\\.(TH|SH|SS|PP|TP|B|nf|fi)( .*)?")).toList());
        assertEquals(List.of(), page.lines().filter(line -> !line.chars().allMatch(c -> c >= ' ' && c < 127)).toList());
    }

    /** Where groff is, which is on nearly every system that has manual pages. */
    @Test
    void groffHasNothingToSayAgainstTheManualPage() throws IOException, InterruptedException {
        Path groff = Path.of("/usr/bin/groff");
        if (!Files.isExecutable(groff)) {
            System.err.println("The manual page is not checked by groff: there is no " + groff);
            return;
        }
        Path page = Files.writeString(folder.resolve("xfrm4j.8"), Run.done("manual"));
        Path complaints = folder.resolve("complaints");
        Finished process = Finished.of(new ProcessBuilder(groff.toString(), "-man", "-Tutf8", "-ww", page.toString())
                .redirectError(complaints.toFile()));
        assertEquals(0, process.status());
        assertEquals("", Files.readString(complaints));
        assertTrue(process.output().contains("198.51.100.7"), process.output());
    }

    @Test
    void completionKnowsTheCommands() {
        String script = Run.done("generate-completion");
        assertTrue(script.contains("_picocli_xfrm4j_migratestate()"), script.substring(0, 200));
        assertTrue(script.contains("--dry-run"));
    }
}
