package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.Finished;
import org.xfrm4j.NoPolicies;

/** The commands that README and guides show do what they say there, in a kernel without SAs and policies. */
class DocumentedShellIT {
    private static final Path LAUNCHER = Path.of("bin").toAbsolutePath();

    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @TempDir
    Path folder;

    static List<DocumentedShell.Block> run() throws IOException {
        return DocumentedShell.blocks().stream().filter(DocumentedShell.Block::isShell)
                .filter(DocumentedShell.Block::isRun).toList();
    }

    @ParameterizedTest
    @MethodSource("run")
    void printsWhatIsShown(DocumentedShell.Block block) throws Exception {
        List<DocumentedShell.Command> commands = block.commands();
        List<String> printed = List.of(printed(commands).split("\036"));
        assertEquals(commands.size(), printed.size(), () -> block + "\n" + String.join("\n", printed));
        for (int i = 0; i < commands.size(); i++) {
            DocumentedShell.Command command = commands.get(i);
            int end = printed.get(i).lastIndexOf('\n');
            String output = printed.get(i).substring(0, end);
            String status = printed.get(i).substring(end + 1);
            String what = block + ": $ " + command.words() + "\n" + output + "status " + status;
            assertTrue(command.prints(output), what);
            // Where it is another, the next command shows it.
            boolean shown = i + 1 < commands.size() && commands.get(i + 1).words().equals("echo $?");
            assertTrue(status.equals("0") || shown, what);
        }
    }

    /** What each prints to both streams, a line break, and its status; ended by a control character. */
    private String printed(List<DocumentedShell.Command> commands) throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder();
        for (DocumentedShell.Command command : commands) {
            // The next command sees the status of this one.
            script.append(command.words()).append('\n')
                    .append("{ status=$?; printf '\\n%d\\036' \"$status\"; (exit \"$status\"); }\n");
        }
        ProcessBuilder builder = new ProcessBuilder("timeout", "600", "bash", "-c", script.toString())
                .directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().remove("JAVA_HOME");
        builder.environment().merge("PATH", LAUNCHER.toString(), (path, mine) -> mine + ":" + path);
        return Finished.of(builder).output();
    }
}
