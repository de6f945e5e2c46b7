package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a main class of the tests in a JVM of its own, with other privileges than this one's. */
public final class ChildJvm {
    private static final int SIGKILL = 9;
    /** util-linux: this user without CAP_NET_ADMIN, which root would get back on exec but for the bounding set. */
    static final List<String> WITHOUT_NET_ADMIN =
            List.of("setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin", "--");
    /** util-linux: root of a user namespace of its own, and in it of a network namespace of its own. */
    static final List<String> IN_OWN_NETWORK = List.of("unshare", "--user", "--map-root-user", "--net", "--");
    /** The like in the network of others, where CAP_NET_ADMIN of one's own user namespace is worth nothing. */
    static final List<String> IN_FOREIGN_NETWORK = List.of("unshare", "--user", "--map-root-user", "--");

    private ChildJvm() {
    }

    /** {@return whether {@code prefix} can start a process here} */
    static boolean canStart(List<String> prefix) throws InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return process.waitFor() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    /** {@return whether this process has CAP_NET_ADMIN} */
    static boolean hasNetAdmin() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(each -> each.startsWith("CapEff:")).findFirst().orElseThrow();
        return (Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16) >>> 12 & 1) != 0;
    }

    /**
     * Runs a class.
     *
     * @param prefix what starts the JVM
     * @param main the class
     * @param arguments for it
     * @return the lines that it printed
     */
    static List<String> run(List<String> prefix, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return run(prefix, 128, main, arguments);
    }

    /** The like, with a heap of so many MiB. */
    static List<String> run(List<String> prefix, int heap, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = command(prefix, heap, main, arguments);
        Path errors = Files.createTempFile("child", ".err");
        try {
            Finished child = Finished.of(new ProcessBuilder(command).redirectError(errors.toFile()));
            assertEquals(0, child.status(), () -> child.output() + read(errors));
            return child.output().lines().toList();
        } finally {
            Files.delete(errors);
        }
    }

    /**
     * Runs a class until it prints something, then kills the process (SIGKILL).
     *
     * @param main the class
     * @param arguments for it
     * @return what it printed: a line
     */
    public static String runAndKill(Class<?> main, String... arguments) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("child", ".err");
        try {
            Process child = new ProcessBuilder(command(List.of(), 128, main, arguments))
                    .redirectError(errors.toFile()).start();
            String line = child.inputReader().readLine();
            child.destroyForcibly();
            assertEquals(128 + SIGKILL, child.waitFor(), () -> line + read(errors));
            return line;
        } finally {
            Files.delete(errors);
        }
    }

    private static List<String> command(List<String> prefix, int heap, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-Xmx" + heap + "m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "--enable-native-access=ALL-UNNAMED", "-cp", String.join(File.pathSeparator,
                        place(ChildJvm.class), place(Xfrm.class), place(org.xfrm4j.bindings.nlmsghdr.class),
                        place(org.slf4j.Logger.class), Path.of("target", "test-classes").toAbsolutePath().toString()),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    /** A class of a module that is patched with tests still reports where the module itself stands. */
    private static String place(Class<?> type) throws IOException {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException impossible) {
            throw new IOException(impossible);
        }
    }
}
