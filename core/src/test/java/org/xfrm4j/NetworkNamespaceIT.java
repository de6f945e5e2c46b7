package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xfrm4j.event.SaAdded;
import org.xfrm4j.event.XfrmEvents;
import org.xfrm4j.event.XfrmGroup;
import org.xfrm4j.mirror.Mirror;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.netlink.NetworkNamespace;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.sa.SecurityAssociation;

/** Namespaces by name, process and file; the thread that opens something in one stays in its own. */
class NetworkNamespaceIT {
    private static final String NAME = "xfrm4j-test";
    private static final SecurityAssociation SA = TestSas.esp(0xc0ffee01).build();
    private static final Path OWN = Path.of("/proc/thread-self/ns/net");

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private Process sleeper;
    private Path ownBefore;

    @BeforeEach
    void makesANamespace() throws Exception {
        ownBefore = Files.readSymbolicLink(OWN);
        // The guest sees the host's files: what `ip netns` leaves in /run shall not be left there.
        run("mount", "-t", "tmpfs", "tmpfs", "/run");
        run("ip", "netns", "add", NAME);
        sleeper = new ProcessBuilder("ip", "netns", "exec", NAME, "sleep", "1000").inheritIO().start();
        Path its = Path.of("/proc/" + sleeper.pid() + "/ns/net");
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (Files.readSymbolicLink(its).equals(ownBefore)) {
            assertTrue(System.nanoTime() < deadline, "the process did not get into its namespace");
            Thread.sleep(10);
        }
    }

    @AfterEach
    void removesIt() throws Exception {
        sleeper.destroyForcibly().waitFor();
        run("ip", "netns", "delete", NAME);
        run("umount", "-l", "/run/netns");
        run("umount", "/run");
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Finished program = Finished.of(new ProcessBuilder(command).redirectErrorStream(true));
        assertEquals(0, program.status(), () -> String.join(" ", command) + ": " + program.output());
    }

    private List<NetworkNamespace> allWaysToIt() {
        return List.of(NetworkNamespace.named(NAME), NetworkNamespace.ofProcess(sleeper.pid()),
                NetworkNamespace.at(Path.of("/run/netns", NAME)));
    }

    private void assertStillHere() throws IOException {
        assertEquals(ownBefore, Files.readSymbolicLink(OWN));
    }

    @Test
    void opensByNameProcessAndFile() throws IOException {
        try (Xfrm there = Xfrm.open(NetworkNamespace.named(NAME))) {
            there.sas().add(SA);
        }
        for (NetworkNamespace way : allWaysToIt()) {
            try (Xfrm there = Xfrm.open(way); Xfrm another = there.openAnother()) {
                assertStillHere();
                assertEquals(1, there.sas().list(SaFilter.ALL).size(), way::toString);
                assertEquals(1, another.sas().list(SaFilter.ALL).size(), way::toString);
            }
        }
        assertEquals(List.of(), kernel.all());
        try (Xfrm here = Xfrm.open(NetworkNamespace.current())) {
            assertEquals(List.of(), here.sas().list(SaFilter.ALL));
        }
    }

    @Test
    void listensAndMirrorsThere() throws IOException {
        NetworkNamespace namespace = NetworkNamespace.named(NAME);
        try (XfrmEvents events = XfrmEvents.open(namespace, SocketBuffers.DEFAULT, XfrmGroup.SA);
                Mirror mirror = Mirror.open(namespace, SocketBuffers.DEFAULT);
                Xfrm there = Xfrm.open(namespace)) {
            kernel.add(TestSas.esp(1).build());
            there.sas().add(SA);

            SaAdded added = (SaAdded) events.next(Duration.ofSeconds(10));
            assertEquals(SA.id(), added.sa().id());
            mirror.update(Duration.ZERO);
            assertEquals(1, mirror.sas().size());
            assertTrue(mirror.sa(SA.id()).isPresent());
        }
        assertStillHere();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavesTheThreadWhereItWas(boolean virtual) throws Exception {
        AtomicReference<Throwable> failed = new AtomicReference<>();
        List<Path> seen = new ArrayList<>();
        Thread thread = (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(() -> {
            try (Xfrm there = Xfrm.open(NetworkNamespace.named(NAME))) {
                seen.add(Files.readSymbolicLink(OWN));
                assertThrows(NetlinkException.class, () -> Xfrm.open(NetworkNamespace.named("none")));
                seen.add(Files.readSymbolicLink(OWN));
                there.sas().add(SA);
            } catch (IOException | RuntimeException | Error e) {
                failed.set(e);
            }
        });
        thread.join();
        assertEquals(null, failed.get());
        assertEquals(List.of(ownBefore, ownBefore), seen);
        assertStillHere();
        assertEquals(List.of(), kernel.all());
    }

    @Test
    void keepsAnInterruptForTheCaller() {
        Thread.currentThread().interrupt();
        try (Xfrm there = Xfrm.open(NetworkNamespace.named(NAME))) {
            assertTrue(Thread.interrupted());
            assertEquals(List.of(), there.sas().list(SaFilter.ALL));
        }
    }

    @Test
    void tellsWhyItCannotBeEntered() throws IOException {
        assertRefused(NetworkNamespace.named("none"), Errno.ENOENT, "network namespace none cannot be entered: "
                + "open(/run/netns/none) failed: ENOENT (2): there is none");
        assertRefused(NetworkNamespace.at(Path.of("/proc/self/status")), Errno.EINVAL,
                "network namespace /proc/self/status cannot be entered: setns(/proc/self/status) failed: "
                        + "EINVAL (22): that file does not stand for one");
        assertRefused(NetworkNamespace.at(Path.of("/proc/self/ns/uts")), Errno.EINVAL,
                "network namespace /proc/self/ns/uts cannot be entered: setns(/proc/self/ns/uts) failed: "
                        + "EINVAL (22): that file does not stand for one");
        assertStillHere();
    }

    private static void assertRefused(NetworkNamespace namespace, int errno, String message) {
        NetlinkException refused = assertThrows(NetlinkException.class, () -> Xfrm.open(namespace));
        assertEquals(message, refused.getMessage());
        assertEquals(errno, refused.errno());
    }

    @Test
    void leavesNoDescriptorOpen() throws IOException {
        long before = descriptors();
        for (NetworkNamespace way : allWaysToIt()) {
            Xfrm.open(way).close();
        }
        assertThrows(NetlinkException.class, () -> Xfrm.open(NetworkNamespace.at(Path.of("/proc/self/ns/uts"))));
        assertEquals(before, descriptors());
    }

    private static long descriptors() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a\0b"})
    void refusesWhatIsNoName(String name) {
        assertThrows(IllegalArgumentException.class, () -> NetworkNamespace.named(name));
    }

    @Test
    void comparesByWhatItNames() {
        assertEquals(NetworkNamespace.named(NAME), NetworkNamespace.at(Path.of("/run/netns", NAME)));
        assertNotEquals(NetworkNamespace.named(NAME), NetworkNamespace.current());
        assertThrows(IllegalArgumentException.class, () -> NetworkNamespace.ofProcess(0));
    }
}
