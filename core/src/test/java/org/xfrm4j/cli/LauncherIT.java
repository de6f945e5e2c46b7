package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.Finished;
import org.xfrm4j.TestSas;

/** The launcher and the runnable jar, as a user starts them: without a flag, whatever java is on the path. */
class LauncherIT {
    private static final Path LAUNCHER = Path.of("bin", "xfrm4j").toAbsolutePath();
    private static final Path JAR = Path.of("target", "xfrm4j.jar").toAbsolutePath();

    /** Versions of class files, and where each tells its own, in bytes from its start. */
    private static final int JAVA_6 = 50;
    private static final int MAJOR_VERSION_AT = 6;

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @TempDir
    Path folder;

    @BeforeEach
    void addAnSa() {
        kernel.add(TestSas.esp(7).reqid(17).build());
    }

    /** Runs words of bash, in which {@code $xfrm4j}, {@code $java} and {@code $jar} stand. */
    private Run bash(String script) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder("bash", "-o", "pipefail", "-c", script)
                .redirectError(errors.toFile());
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("xfrm4j", LAUNCHER.toString());
        builder.environment().put("jar", JAR.toString());
        builder.environment().put("java", Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Finished bash = Finished.of(builder);
        return new Run(bash.status(), bash.output(), Files.readString(errors));
    }

    @Test
    void findsItsJavaAndItsJar() throws Exception {
        assertEquals(new Run(ExitStatus.DONE, Run.done("sa list"), ""), bash("\"$xfrm4j\" sa list"));
        // Also by way of a link, from anywhere, with what is in the environment.
        Path link = Files.createSymbolicLink(folder.resolve("link"), LAUNCHER);
        assertEquals(new Run(ExitStatus.DONE, Run.done("sa list"), ""),
                bash("cd / && XFRM4J_JAVA_OPTIONS='-Xmx64m' '" + link + "' sa list"));
        Files.delete(link);
    }

    @Test
    void theJarNeedsNoFlags() throws Exception {
        assertEquals(new Run(ExitStatus.DONE, Run.done("sa list"), ""), bash("\"$java\" -jar \"$jar\" sa list"));
    }

    /** Java's cache of loaded classes takes none that is older than Java 6's, and each start would verify it anew. */
    @Test
    void noClassIsTooOldForTheCache() throws IOException {
        assumeTrue(Runtime.version().feature() >= 24, "the build gives old classes a newer form from JDK 24 on");
        try (ZipFile jar = new ZipFile(JAR.toFile())) {
            List<String> old = new ArrayList<>();
            for (ZipEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().endsWith(".class") && majorVersion(jar, entry) < JAVA_6) {
                    old.add(entry.getName());
                }
            }
            assertEquals(List.of(), old);
        }
    }

    private static int majorVersion(ZipFile jar, ZipEntry entry) throws IOException {
        try (DataInputStream content = new DataInputStream(jar.getInputStream(entry))) {
            content.skipNBytes(MAJOR_VERSION_AT);
            return content.readUnsignedShort();
        }
    }

    @Test
    void theFilesToInstallAreWhatItPrints() throws IOException {
        assertEquals(Run.done("manual"), Files.readString(Path.of("target", "xfrm4j.8")));
        assertEquals(Run.done("generate-completion"), Files.readString(Path.of("target", "xfrm4j.bash")));
    }

    @Test
    void itsStatusIsThatOfTheCommand() throws Exception {
        Run wrong = bash("\"$xfrm4j\" sa list --nonsense");
        assertEquals(new Run(ExitStatus.USAGE, "", "xfrm4j sa list: Unknown option: '--nonsense'\n"
                + "See xfrm4j sa list --help.\n"), wrong);
        assertEquals(ExitStatus.NOT_ALL,
                bash("\"$xfrm4j\" sa delete dst 192.0.2.9 proto esp spi 9").status());
    }

    @Test
    void withoutPermissionItSaysWhatIsNeeded() throws Exception {
        String without = "setpriv --bounding-set -net_admin --inh-caps -net_admin -- \"$xfrm4j\" ";
        Run list = bash(without + "sa list");
        assertEquals(ExitStatus.UNSUPPORTED, list.status(), list::err);
        assertEquals("", list.out());
        assertTrue(list.err().startsWith("xfrm4j sa list: not permitted: CAP_NET_ADMIN ")
                && list.err().contains("EPERM (1)"), list.err());
        Run migrate = bash(without + "migrate --from 192.0.2.1 --to 203.0.113.1");
        assertEquals(ExitStatus.UNSUPPORTED, migrate.status(), migrate::err);
        Run one = bash(without + "migrate-state dst 198.51.100.7 proto esp spi 7 --new-src 203.0.113.1");
        assertEquals(ExitStatus.UNSUPPORTED, one.status(), one::err);
        assertTrue(one.err().startsWith("xfrm4j migrate-state: not permitted: CAP_NET_ADMIN "), one.err());
        Run probe = bash(without + "probe --json");
        assertEquals(ExitStatus.UNSUPPORTED, probe.status(), probe::err);
        assertEquals("no_permission", CliForm.check("probe", probe.out()).at("/migrate_state/support").asString());
    }

    @Test
    void saysSoWhenThereIsNoJar() throws Exception {
        Files.copy(LAUNCHER, folder.resolve("xfrm4j"));
        Run run = bash("bash '" + folder.resolve("xfrm4j") + "' probe");
        assertEquals(ExitStatus.UNSUPPORTED, run.status());
        assertTrue(run.err().startsWith("xfrm4j: found no xfrm4j.jar: "), run.err());
    }
}
