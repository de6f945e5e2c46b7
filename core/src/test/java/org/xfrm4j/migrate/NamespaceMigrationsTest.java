package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.netlink.NetworkNamespace;

/** What there is to say without a kernel. */
class NamespaceMigrationsTest {
    private static final MoveRule NOTHING = (sa, move) -> false;

    private static NamespaceMigration absent(int number) {
        return NamespaceMigration.of(NetworkNamespace.named("xfrm4j-there-is-none-" + number), NOTHING);
    }

    private static NamespaceMigration withJournal(int number, String file) {
        return new NamespaceMigration(absent(number).namespace(), NOTHING, PlanOptions.DEFAULT,
                RunOptions.DEFAULT.withJournal(Path.of(file)));
    }

    @Test
    void hundredsThatFailHaveAnOutcomeEachInTheirOrder() {
        List<NamespaceMigration> many = IntStream.range(0, 300).mapToObj(NamespaceMigrationsTest::absent).toList();
        Map<NetworkNamespace, NamespaceOutcome> outcomes =
                new NamespaceMigrations(3, NamespaceListener.NONE).run(many);
        assertEquals(many.stream().map(NamespaceMigration::namespace).toList(), List.copyOf(outcomes.keySet()));
        for (NamespaceOutcome outcome : outcomes.values()) {
            NamespaceOutcome.Failed failed = assertInstanceOf(NamespaceOutcome.Failed.class, outcome);
            assertEquals(Errno.ENOENT, assertInstanceOf(NetlinkException.class, failed.cause()).errno());
        }
    }

    @Test
    void noneIsNoWork() {
        assertEquals(Map.of(), new NamespaceMigrations().run(List.of()));
    }

    @Test
    void twoOfOneNamespaceAreRefused() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () ->
                new NamespaceMigrations().run(List.of(absent(1), absent(2), absent(1))));
        assertEquals("network namespace xfrm4j-there-is-none-1: two migrations of it", refused.getMessage());
    }

    @Test
    void oneJournalForTwoIsRefused() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () ->
                new NamespaceMigrations().run(List.of(withJournal(1, "journal"), withJournal(2, "x/../journal"))));
        assertEquals("journal x/../journal: for two migrations", refused.getMessage());
    }

    @Test
    void noThreadIsRefused() {
        assertEquals("threads: 0 is not positive", assertThrows(IllegalArgumentException.class, () ->
                new NamespaceMigrations(0, NamespaceListener.NONE)).getMessage());
    }

    @Test
    void cancelledBeforeItRunsItBeginsNothing() {
        NamespaceMigrations migrations = new NamespaceMigrations();
        migrations.cancel();
        assertTrue(migrations.isCancelled());
        assertEquals(List.of(new NamespaceOutcome.NotBegun(), new NamespaceOutcome.NotBegun()),
                List.copyOf(migrations.run(List.of(absent(1), absent(2))).values()));
    }
}
