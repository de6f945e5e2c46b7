package org.xfrm4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;

/**
 * The embedded kernel, without a single SA at the start of each test:
 *
 * <pre>
 *   &#64;RegisterExtension
 *   final EmbeddedKernel kernel = new EmbeddedKernel();
 * </pre>
 *
 * <p>Fails elsewhere, before anything is touched: a test that flushed the SAs of a host would cut its tunnels, and one
 * that was skipped would be taken for passed.
 */
@SuppressWarnings("exports") // JUnit's types, in a package that is exported; but tests are not.
public final class EmbeddedKernel implements BeforeEachCallback, AfterEachCallback {
    private Xfrm xfrm;

    /** For a field of a test class. */
    public EmbeddedKernel() {
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        requireEmbedded();
        xfrm = Xfrm.open();
        try {
            MigrateSupport support = xfrm.migrateSupport();
            if (support != MigrateSupport.SUPPORTED) {
                throw new IllegalStateException("the embedded kernel cannot be used for tests: " + support.reason());
            }
            xfrm.sas().flush();
        } catch (RuntimeException | Error failed) {
            xfrm.close();
            throw failed;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (xfrm != null) {
            xfrm.close();
        }
    }

    /**
     * Checks that this is user-mode Linux.
     *
     * @throws IllegalStateException if it is not
     */
    public static void requireEmbedded() {
        try {
            if (!Files.readString(Path.of("/proc/cpuinfo")).contains("User Mode Linux")) {
                throw new IllegalStateException("tests named …IT change the kernel's SAs and run in the embedded "
                        + "kernel only (Failsafe starts it through bench/lab/bin/java), not on " + release());
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("whether this is the embedded kernel cannot be told", unreadable);
        }
    }

    private static String release() throws IOException {
        return "Linux " + Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
    }

    /** The test's way to the kernel, closed with the test; another may be opened beside it. */
    public Xfrm xfrm() {
        return xfrm;
    }

    /** Its SAs. */
    public SaDatabase sas() {
        return xfrm.sas();
    }

    /** Adds an SA, and returns it as the kernel has it: with the time when it was added, and all that it sets itself. */
    public SecurityAssociation add(SecurityAssociation sa) {
        sas().add(sa);
        return find(sa.id()).orElseThrow(() -> new AssertionError("added, but not there: " + sa));
    }

    /** The SA of exactly this name: {@link SaDatabase#get} looks marks up through masks and may find another one. */
    public Optional<SecurityAssociation> find(SaId id) {
        List<SecurityAssociation> found = all().stream().filter(sa -> sa.id().equals(id)).toList();
        if (found.size() > 1) {
            throw new AssertionError("two SAs of one name: " + found);
        }
        return found.stream().findFirst();
    }

    /** All SAs, keys included. */
    public List<SecurityAssociation> all() {
        return sas().list(SaFilter.ALL);
    }
}
