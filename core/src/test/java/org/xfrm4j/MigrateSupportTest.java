package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xfrm4j.migrate.Migrator;
import org.xfrm4j.migrate.Move;
import org.xfrm4j.migrate.MoveResult;
import org.xfrm4j.migrate.Outcome;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.Selector;

/**
 * The probe on the host's own kernel, whatever it is: it must tell the truth, and the truth is found without it, by
 * messages written by hand, by the kernel's symbols, and by a real migration in a private network namespace. Nothing of
 * the host is touched.
 */
class MigrateSupportTest {
    private static final String UNKNOWN_MESSAGE = "EINVAL (22)";
    private static final String NOT_PERMITTED = "EPERM (1)";
    private static final String CUT_SHORT = "EINVAL (22) Invalid header length";

    @BeforeAll
    static void needsAKernelWithXfrm() {
        try (Xfrm xfrm = Xfrm.open()) {
            assertTrue(xfrm.requests().maxReplies() > 0);
        } catch (NetlinkException refused) {
            assumeTrue(refused.errno() != Errno.EPROTONOSUPPORT, "this kernel has no XFRM: " + refused.getMessage());
            throw refused;
        }
    }

    /** Whether the kernel's code for the message is there; empty where its symbols are not shown. */
    private static Optional<Boolean> kernelHasIt() throws IOException {
        Path symbols = Path.of("/proc/kallsyms");
        if (!Files.isReadable(symbols)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(symbols)) {
            List<String> xfrm = lines.filter(line -> line.contains(" xfrm_do_migrate")).toList();
            return xfrm.isEmpty() ? Optional.empty()
                    : Optional.of(xfrm.stream().anyMatch(line -> line.contains(" xfrm_do_migrate_state")));
        }
    }

    private static void assertTruth(Map<String, String> told, boolean permitted) throws IOException {
        String support = told.get(SupportWitness.SUPPORT);
        String witness = told.toString();
        switch (told.get(SupportWitness.EMPTY_MESSAGE)) {
            case UNKNOWN_MESSAGE -> assertEquals("OLD_KERNEL", support, witness);
            case NOT_PERMITTED -> {
                assertFalse(permitted, witness);
                assertEquals("NO_PERMISSION", support, witness);
            }
            case CUT_SHORT -> {
                assertTrue(permitted, witness);
                assertTrue(List.of("SUPPORTED", "CONFIG_OFF").contains(support), witness);
            }
            default -> throw new AssertionError("the kernel answers something else: " + witness);
        }
        kernelHasIt().ifPresent(there -> assertEquals(there, !support.equals("OLD_KERNEL"), witness));
    }

    @Test
    void tellsTheTruthToThisProcess() throws Exception {
        assertTruth(SupportWitness.run(List.of()), ChildJvm.hasNetAdmin());
    }

    @Test
    void tellsTheTruthWithoutPermission() throws Exception {
        List<String> prefix = ChildJvm.hasNetAdmin() ? ChildJvm.WITHOUT_NET_ADMIN : List.of();
        assumeTrue(ChildJvm.canStart(prefix), "no way to drop CAP_NET_ADMIN here: setpriv of util-linux cannot do it");
        assertTruth(SupportWitness.run(prefix), false);
    }

    @Test
    void tellsTheTruthInSomebodyElsesNetwork() throws Exception {
        assumeTrue(ChildJvm.canStart(ChildJvm.IN_FOREIGN_NETWORK), "no user namespaces here: unshare cannot make one");
        assertTruth(SupportWitness.run(ChildJvm.IN_FOREIGN_NETWORK), false);
    }

    /** With permission, and so that a real migration can be tried. */
    @Test
    void tellsTheTruthInANetworkOfItsOwn() throws Exception {
        assumeTrue(ChildJvm.canStart(ChildJvm.IN_OWN_NETWORK),
                "no user and network namespaces here: unshare cannot make them");
        Map<String, String> told = SupportWitness.run(ChildJvm.IN_OWN_NETWORK, SupportWitness.MIGRATE);
        assertTruth(told, true);
        String migration = told.get(SupportWitness.MIGRATION);
        switch (told.get(SupportWitness.SUPPORT)) {
            case "SUPPORTED" -> assertTrue(migration.equals(SupportWitness.MOVED)
                    || migration.startsWith(SupportWitness.NO_ESP), migration);
            case "CONFIG_OFF" -> assertTrue(migration.equals("ENOPROTOOPT")
                    || migration.startsWith(SupportWitness.NO_ESP), migration);
            default -> assertTrue(migration.equals("EINVAL") || migration.startsWith(SupportWitness.NO_ESP),
                    migration);
        }
        assertEquals(told.get(SupportWitness.SUPPORT), told.get(SupportWitness.SUPPORT + " again"));
    }

    /** A kernel that cannot do it says so to a move as well: the first row of the table of errors. */
    @Test
    void rejectsAMoveWithTheReasonThatTheProbeFound() {
        SaId absent = SaId.of(TestSas.DESTINATION, 0x7fff_fff1, Protocol.ESP);
        Move move = Move.of(absent).source(TestSas.NEW_SOURCE).destination(TestSas.NEW_DESTINATION).reqid(1)
                .selector(Selector.ALL_IPV4).build();
        try (Xfrm xfrm = Xfrm.open()) {
            MigrateSupport support = xfrm.migrateSupport();
            MoveResult result = new Migrator(xfrm).move(List.of(move)).getFirst();
            assertEquals(support == MigrateSupport.SUPPORTED ? Outcome.GONE : Outcome.REJECTED, result.outcome());
            assertEquals(switch (support) {
                case SUPPORTED -> Errno.ESRCH;
                case OLD_KERNEL -> Errno.EINVAL;
                case CONFIG_OFF -> Errno.ENOPROTOOPT;
                case NO_PERMISSION -> Errno.EPERM;
                case COMPAT_TASK -> Errno.EOPNOTSUPP;
            }, result.refusal().errno());
            assertEquals(support == MigrateSupport.OLD_KERNEL || support == MigrateSupport.NO_PERMISSION,
                    result.refusal().text() == null, result::toString);
        }
    }
}
