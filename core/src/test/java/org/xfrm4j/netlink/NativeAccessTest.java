package org.xfrm4j.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xfrm4j.Finished;

/** Opens a socket in a JVM that was started without the permission to, and with it. */
class NativeAccessTest {
    private static final String DENIED = "native access is not enabled; start Java with --enable-native-access=";

    /** What the child runs. */
    static final class Opener {
        public static void main(String[] args) {
            try (RequestSocket socket = RequestSocket.open(0)) {
                System.out.println("opened, " + (socket.maxReplies() > 0));
            } catch (NativeAccessException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    @Test
    void namesTheFlagOnTheClassPath() throws Exception {
        assertEquals(DENIED + "ALL-UNNAMED", onTheClassPath("--illegal-native-access=deny"));
    }

    @Test
    void opensWithTheFlagThatItNamesOnTheClassPath() throws Exception {
        assertEquals("opened, true",
                onTheClassPath("--illegal-native-access=deny", "--enable-native-access=ALL-UNNAMED"));
    }

    @Test
    void namesTheFlagOnTheModulePath() throws Exception {
        assertEquals(DENIED + "org.xfrm4j.core", onTheModulePath("--illegal-native-access=deny"));
    }

    @Test
    void opensWithTheFlagThatItNamesOnTheModulePath() throws Exception {
        assertEquals("opened, true",
                onTheModulePath("--illegal-native-access=deny", "--enable-native-access=org.xfrm4j.core"));
    }

    private static String onTheClassPath(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(flags));
        command.addAll(List.of("-cp", String.join(File.pathSeparator, main(), tests(), bindings(), slf4j()),
                Opener.class.getName()));
        return java(command);
    }

    private static String onTheModulePath(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(flags));
        command.addAll(List.of("-p", String.join(File.pathSeparator, main(), bindings(), slf4j()),
                "--patch-module", "org.xfrm4j.core=" + tests(), "-m", "org.xfrm4j.core/" + Opener.class.getName()));
        return java(command);
    }

    private static String java(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(arguments);
        command.addFirst(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The child says that no logger is bound; what it prints itself comes last.
        Finished child = Finished.of(new ProcessBuilder(command).redirectErrorStream(true));
        assertEquals(0, child.status(), child.output());
        return child.output().strip().lines().toList().getLast();
    }

    private static String main() throws IOException {
        return place(RequestSocket.class);
    }

    private static String tests() throws IOException {
        return Path.of("target", "test-classes").toAbsolutePath().toString();
    }

    private static String bindings() throws IOException {
        return place(org.xfrm4j.bindings.nlmsghdr.class);
    }

    private static String slf4j() throws IOException {
        return place(org.slf4j.Logger.class);
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
