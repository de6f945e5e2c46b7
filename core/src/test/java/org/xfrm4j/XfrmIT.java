package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.xfrm4j.migrate.Migrator;
import org.xfrm4j.migrate.Move;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityAssociation;

/** What holds of {@link Xfrm} as a whole: its thread, its life, its socket. */
class XfrmIT {
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    /** Everything that {@code xfrm} can be asked for, by name. */
    private static Map<String, Executable> uses(Xfrm xfrm, SecurityAssociation sa) {
        Move move = Move.of(sa).destination(TestSas.NEW_DESTINATION).build();
        Map<String, Executable> uses = new LinkedHashMap<>();
        uses.put("add", () -> xfrm.sas().add(sa));
        uses.put("update", () -> xfrm.sas().update(sa));
        uses.put("addAll", () -> xfrm.sas().addAll(List.of(sa)));
        uses.put("get", () -> xfrm.sas().get(sa.id()));
        uses.put("delete", () -> xfrm.sas().delete(sa.id()));
        uses.put("dump", () -> xfrm.sas().dump(SaFilter.ALL));
        uses.put("list", () -> xfrm.sas().list(SaFilter.ALL));
        uses.put("flush", () -> xfrm.sas().flush());
        uses.put("flush of a protocol", () -> xfrm.sas().flush(Protocol.ESP));
        uses.put("migrateSupport", xfrm::migrateSupport);
        uses.put("move", () -> new Migrator(xfrm).move(List.of(move)));
        return uses;
    }

    @Test
    void refusesEveryCallOfAnotherThread() throws Exception {
        SecurityAssociation sa = kernel.add(TestSas.esp(0x1001).build());
        Map<String, Executable> uses = uses(kernel.xfrm(), sa);
        uses.put("close", kernel.xfrm()::close);
        List<String> wrong = new ArrayList<>();
        Thread other = Thread.ofPlatform().start(() -> uses.forEach((name, use) -> {
            try {
                use.execute();
                wrong.add(name + " worked");
            } catch (WrongThreadException expected) {
                // as it should be
            } catch (Throwable unexpected) {
                wrong.add(name + ": " + unexpected);
            }
        }));
        other.join();

        assertEquals(List.of(), wrong);
        assertEquals(List.of(sa), kernel.all(), "and nothing came of it");
    }

    @Test
    void worksInAVirtualThreadThatOpensItsOwn() throws Exception {
        SecurityAssociation sa = kernel.add(TestSas.esp(0x1002).build());
        AtomicReference<Object> seen = new AtomicReference<>();
        Thread.ofVirtual().start(() -> {
            try (Xfrm mine = Xfrm.open()) {
                seen.set(mine.sas().list(SaFilter.ALL));
            } catch (RuntimeException | Error failed) {
                seen.set(failed);
            }
        }).join();
        assertEquals(List.of(sa), seen.get());
    }

    @Test
    void isNoUseOnceItIsClosed() {
        SecurityAssociation sa = TestSas.esp(0x1003).build();
        Xfrm closing = Xfrm.open();
        closing.sas().list(SaFilter.ALL);
        closing.close();

        uses(closing, sa).forEach((name, use) -> assertThrows(IllegalStateException.class, use, name));
        assertEquals(List.of(), kernel.all());
    }

    @Test
    void canBeClosedTwice() {
        Xfrm closing = Xfrm.open();
        closing.close();
        assertDoesNotThrow(closing::close);
    }

    @Test
    void closesItsDescriptorAlsoWhenADumpIsHalfWay() throws Exception {
        for (int i = 0; i < 500; i++) {
            kernel.sas().add(TestSas.esp(0x1100 + i).build());
        }
        long before = descriptors();
        Xfrm closing = Xfrm.open();
        assertEquals(before + 1, descriptors());
        assertTrue(closing.sas().dump(SaFilter.ALL).next());
        closing.close();
        assertEquals(before, descriptors());
        assertEquals(500, kernel.all().size(), "the others are not held up");
    }

    @Test
    void opensAnotherOfItsKindThatLivesOnItsOwn() {
        SocketBuffers small = new SocketBuffers(64 * 1024, 128 * 1024);
        Xfrm first = Xfrm.open(small);
        try (Xfrm another = first.openAnother()) {
            assertNotSame(first.requests(), another.requests());
            assertEquals(first.requests().receiveBufferBytes(), another.requests().receiveBufferBytes());
            assertEquals(first.requests().sendBufferBytes(), another.requests().sendBufferBytes());
            first.close();
            another.sas().add(TestSas.esp(0x1004).build());
            assertEquals(1, another.sas().list(SaFilter.ALL).size());
        }
    }

    @Test
    void lendsAnotherWhileADumpIsOpenAndRefusesToMixRequestsIntoIt() {
        SecurityAssociation sa = kernel.add(TestSas.esp(0x1005).build());
        Map<String, Executable> uses = uses(kernel.xfrm(), sa);
        try (Xfrm another = kernel.xfrm().openAnother(); SaDump dump = kernel.sas().dump(SaFilter.ALL)) {
            uses.forEach((name, use) -> {
                IllegalStateException refused = assertThrows(IllegalStateException.class, use, name);
                assertEquals("a dump is open on this socket: close it first, or use another socket",
                        refused.getMessage(), name);
            });
            assertTrue(another.sas().delete(sa.id()));
            assertTrue(dump.next(), "it was there when the dump began and its part was read");
            assertEquals(sa.spi(), dump.sa().spi());
        }
        assertFalse(kernel.sas().delete(sa.id()), "and now works again");
    }

    @Test
    void handsOutAlwaysTheSameDatabaseAndSocket() {
        assertSame(kernel.xfrm().sas(), kernel.xfrm().sas());
        assertSame(kernel.xfrm().requests(), kernel.xfrm().requests());
    }

    private static long descriptors() throws Exception {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
