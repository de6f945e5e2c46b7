package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xfrm4j.Finished;

/** Bash completes what is typed, by the script that the command line prints. */
class CompletionTest {
    @TempDir
    Path folder;

    private Path script;

    @BeforeEach
    void writeTheScript() throws IOException {
        script = Files.writeString(folder.resolve("xfrm4j.bash"), Run.done("generate-completion"));
    }

    /** What bash offers for the last of these words, as it would after a tab. */
    private List<String> completions(String... words) throws IOException, InterruptedException {
        String asked = """
                source "$1"
                shift
                COMP_WORDS=("$@")
                COMP_CWORD=$(($# - 1))
                COMP_LINE="$*"
                COMP_POINT=${#COMP_LINE}
                function_name=$(complete -p xfrm4j | sed 's/.*-F \\([^ ]*\\).*/\\1/')
                # compopt works in a completion only, which this is not.
                compopt() { :; }
                "$function_name" xfrm4j "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                printf '%s\\n' "${COMPREPLY[@]}"
                """;
        List<String> command = new ArrayList<>(List.of("bash", "--norc", "-c", asked, "bash",
                script.toString()));
        command.addAll(List.of(words));
        Finished bash = Finished.of(new ProcessBuilder(command).redirectErrorStream(true));
        assertEquals(0, bash.status(), bash.output());
        return bash.output().lines().map(String::strip).filter(line -> !line.isEmpty()).distinct().sorted().toList();
    }

    @Test
    void completesCommands() throws Exception {
        assertEquals(List.of("migrate", "migrate-state"), completions("xfrm4j", "mig"));
        assertEquals(List.of("show"), completions("xfrm4j", "sa", "sh"));
        assertTrue(completions("xfrm4j", "").containsAll(List.of("probe", "sa", "policy", "migrate", "migrate-state",
                "recover", "monitor", "count")));
    }

    @Test
    void completesOptions() throws Exception {
        assertEquals(List.of("--dry-run"), completions("xfrm4j", "migrate", "--from", "192.0.2.1", "--dr"));
        assertEquals(List.of("--show-keys"), completions("xfrm4j", "sa", "list", "--show"));
        assertEquals(List.of("--journal"), completions("xfrm4j", "recover", "--j").stream()
                .filter(option -> !option.equals("--json")).toList());
    }

    @Test
    void offersNothingWhereNothingFits() throws Exception {
        assertEquals(List.of(), completions("xfrm4j", "nonsense-that-is-none"));
        assertEquals(List.of(), completions("xfrm4j", "migrate", "--nonsense"));
    }
}
