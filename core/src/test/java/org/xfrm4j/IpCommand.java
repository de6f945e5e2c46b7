package org.xfrm4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * iproute2's {@code ip}: Debian's newest from the cache, where {@code core/src/test/scripts/fetch-ip} has put it before
 * the tests began, else the system's own.
 */
public final class IpCommand {
    private static final Path IP = find();

    private IpCommand() {
    }

    private static Path find() {
        String cache = System.getenv("XFRM4J_CACHE");
        String home = System.getenv("XDG_CACHE_HOME");
        Path root = cache != null ? Path.of(cache)
                : (home != null ? Path.of(home) : Path.of(System.getenv("HOME"), ".cache")).resolve("xfrm4j");
        List<Path> places = List.of(root.resolve("iproute2/current/ip"), Path.of("/usr/sbin/ip"), Path.of("/sbin/ip"),
                Path.of("/usr/bin/ip"), Path.of("/bin/ip"));
        return places.stream().filter(Files::isExecutable).findFirst().orElseThrow(() -> new AssertionError(
                "there is no ip, neither the system's own nor in " + root
                        + ": core/src/test/scripts/fetch-ip brings it"));
    }

    /** {@return where it is, to be started otherwise} */
    public static Path path() {
        return IP;
    }

    /**
     * Runs it.
     *
     * @param arguments its arguments
     * @return what it prints
     * @throws AssertionError if it says that it failed
     */
    public static String run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(IP.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TZ", "UTC");
        builder.environment().put("LC_ALL", "C");
        try {
            Finished ip = Finished.of(builder);
            if (ip.status() != 0) {
                throw new AssertionError(command + ": " + ip.output());
            }
            return ip.output();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
