package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xfrm4j.TestSas;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.SaDecoder;

/** The journal's file: what is in it, and what is made of one that is cut short or damaged. */
class JournalTest {
    private static final JournalFormat.Place PLACE =
            new JournalFormat.Place(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"), 0x0102030405060708L);
    private static final HexFormat HEX = HexFormat.of();

    @TempDir
    Path folder;

    private final MoveTable moves = new MoveTable();

    @AfterEach
    void free() {
        moves.close();
    }

    private Path file() {
        return folder.resolve("journal");
    }

    /** A group whose policies are of these peers, and whose moves have these numbers. */
    private record TestGroup(boolean outgoing, List<Integer> peers, MoveTable table, List<Integer> numbers)
            implements GroupWork {
        @Override
        public int policyCount() {
            return peers.size();
        }

        @Override
        public Policy original(int policy) {
            return TestGateway.policy(peers.get(policy), outgoing ? PolicyDirection.OUT : PolicyDirection.IN);
        }

        @Override
        public Policy changed(int policy) {
            return KernelState.moved(original(policy), TestGateway.HERE, TestGateway.NEW_HERE);
        }

        @Override
        public PolicyDecoder original(int policy, PolicyDecoder decoder) {
            return DumpedPolicy.of(original(policy), decoder);
        }

        @Override
        public PolicyDecoder changed(int policy, PolicyDecoder decoder) {
            return DumpedPolicy.of(changed(policy), decoder);
        }

        @Override
        public boolean isRenamed(int policy) {
            return false;
        }

        @Override
        public int moveCount() {
            return numbers.size();
        }

        @Override
        public MigrateStateDecoder forward(int move, MigrateStateDecoder decoder) {
            return table.forward(numbers.get(move), decoder);
        }

        @Override
        public MigrateStateDecoder back(int move, MigrateStateDecoder decoder) {
            return table.back(numbers.get(move), decoder);
        }
    }

    private int move(SecurityAssociation sa) {
        MemorySegment segment = MemorySegment.ofArray(new byte[4096]);
        SaDecoder decoder = new SaDecoder().wrap(segment, 0, sa.encode(segment, 0));
        assertTrue(TestGateway.RULE.decide(decoder, moves.begin().from(decoder)));
        return moves.add(0, decoder);
    }

    private TestGroup outgoing(int peer) {
        return new TestGroup(true, List.of(peer), moves, List.of(move(TestGateway.out(peer).build())));
    }

    private TestGroup incoming(int peer) {
        return new TestGroup(false, List.of(peer, peer + 100), moves,
                List.of(move(TestGateway.in(peer).build()), move(TestGateway.in(peer + 100).build())));
    }

    private static JournalReader.Contents read(byte[] journal) throws IOException {
        return JournalReader.read(Path.of("some journal"),
                offset -> new ByteArrayInputStream(journal, (int) offset, journal.length));
    }

    /** The groups that are neither moved nor taken back. */
    private static List<GroupWork> unfinished(JournalReader.Contents contents) throws IOException {
        List<GroupWork> groups = new ArrayList<>();
        for (JournalReader.Step step : contents.steps()) {
            List<GroupWork> all = contents.groups(step);
            assertEquals(all.size(), step.groups());
            Arrays.stream(step.unfinished()).forEach(place -> groups.add(all.get(place)));
        }
        return groups;
    }

    private static List<GroupWork> all(JournalReader.Contents contents) throws IOException {
        List<GroupWork> groups = new ArrayList<>();
        for (JournalReader.Step step : contents.steps()) {
            groups.addAll(contents.groups(step));
        }
        return groups;
    }

    private JournalReader.Contents read() throws IOException {
        return read(Files.readAllBytes(file()));
    }

    /** Bit by bit, so that it is not the code that is tested. */
    private static int crc32c(byte[] bytes) {
        int crc = ~0;
        for (byte each : bytes) {
            crc ^= each & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82f63b78;
            }
        }
        return ~crc;
    }

    private static String withChecksum(String hex) {
        return hex + HEX.toHexDigits(crc32c(HEX.parseHex(hex)));
    }

    private static ByteBuffer recordOf(byte kind, byte[] contents) {
        int length = 1 + contents.length;
        ByteBuffer record = ByteBuffer.allocate(JournalFormat.LENGTH_BYTES + length + Integer.BYTES);
        record.putInt(length).putInt(~length).put(kind).put(contents);
        return record.putInt(JournalFormat.checksum(record.array(), JournalFormat.LENGTH_BYTES, length)).flip();
    }

    private static String record(String contents) {
        int length = contents.length() / 2;
        return HEX.toHexDigits(length) + HEX.toHexDigits(~length) + withChecksum(contents);
    }

    private static String message(Policy policy) {
        byte[] bytes = new byte[4096];
        int length = policy.encode(MemorySegment.ofArray(bytes), 0);
        return HEX.toHexDigits(length) + HEX.formatHex(bytes, 0, length);
    }

    private static byte[] bytes(MigrateStateDecoder message) {
        return message.segment().asSlice(message.offset(), message.length()).toArray(ValueLayout.JAVA_BYTE);
    }

    private static String message(MigrateStateDecoder move) {
        return HEX.toHexDigits((int) move.length()) + HEX.formatHex(bytes(move));
    }

    @Test
    void isWrittenAsDocumented() throws IOException {
        assertEquals(0xe3069283, crc32c("123456789".getBytes(StandardCharsets.US_ASCII)), "the check value of CRC-32C");
        TestGroup group = outgoing(1);
        try (Journal journal = JournalWriter.create(file(), PLACE)) {
            journal.plan(2);
            journal.begin(List.of(group));
            journal.done(new int[] {0});
            journal.end();
        }
        MigrateStateDecoder decoder = new MigrateStateDecoder();
        String expected = withChecksum(
                HEX.formatHex("xfrm4jJ1".getBytes(StandardCharsets.US_ASCII))
                + "00112233445566778899aabbccddeeff"            // boot
                + "0102030405060708")                           // network namespace
                + record("04"                                   // a plan begins
                        + "00000002")                           // groups
                + record("01"                                   // a step begins
                        + "00000001"                            // groups
                        + "01"                                  // outgoing
                        + "00000001"                            // policies
                        + message(group.original(0))
                        + message(group.changed(0))
                        + "00000001"                            // moves
                        + message(group.forward(0, decoder))
                        + message(group.back(0, decoder)))
                + record("02"                                   // the step is done
                        + "00000001"                            // stuck
                        + "00000000")                           // the first of its groups
                + record("03");                                 // the migration has ended
        assertEquals(expected, HEX.formatHex(Files.readAllBytes(file())));
    }

    private static void assertSame(GroupWork expected, GroupWork actual) {
        MigrateStateDecoder decoder = new MigrateStateDecoder();
        MigrateStateDecoder other = new MigrateStateDecoder();
        assertEquals(expected.outgoing(), actual.outgoing());
        assertEquals(expected.policyCount(), actual.policyCount());
        for (int i = 0; i < expected.policyCount(); i++) {
            assertEquals(expected.original(i), actual.original(i));
            assertEquals(expected.changed(i), actual.changed(i));
        }
        assertEquals(expected.moveCount(), actual.moveCount());
        for (int i = 0; i < expected.moveCount(); i++) {
            assertArrayEquals(bytes(expected.forward(i, decoder)), bytes(actual.forward(i, other)));
            assertArrayEquals(bytes(expected.back(i, decoder)), bytes(actual.back(i, other)));
        }
    }

    private static void assertSame(List<? extends GroupWork> expected, List<GroupWork> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertSame(expected.get(i), actual.get(i));
        }
    }

    @Test
    void tellsWhatHadBegunAndWasNotDone() throws IOException {
        TestGroup first = incoming(1);
        TestGroup second = outgoing(2);
        TestGroup third = outgoing(3);
        try (Journal journal = JournalWriter.create(file(), PLACE)) {
            assertSame(List.of(), unfinished(read()));
            journal.begin(List.of(first));
            assertSame(List.of(first), unfinished(read()));
            journal.done(new int[0]);
            assertSame(List.of(), unfinished(read()));
            journal.begin(List.of(second, third));
            assertSame(List.of(second, third), unfinished(read()));
        }
        assertEquals(PLACE, read().place());
        assertFalse(read().ended());
        assertFalse(read().torn());
    }

    @Test
    void ofAStepThatIsDoneOnlyGroupsThatAreStuckAreLeft() throws IOException {
        TestGroup stuck = outgoing(2);
        TestGroup begun = outgoing(4);
        try (Journal journal = JournalWriter.create(file(), PLACE)) {
            journal.begin(List.of(outgoing(1), stuck, outgoing(3)));
            journal.done(new int[] {1});
            journal.begin(List.of(begun));
            assertSame(List.of(stuck, begun), unfinished(read()));
            journal.done(new int[0]);
            journal.end();
        }
        assertSame(List.of(stuck), unfinished(read()));
        assertTrue(read().ended());
    }

    @Test
    void tellsHowManyGroupsNeverBeganAndWhatWasFinished() throws IOException {
        TestGroup finished = incoming(1);
        TestGroup stuck = outgoing(2);
        TestGroup later = outgoing(3);
        try (Journal journal = JournalWriter.create(file(), PLACE)) {
            journal.plan(5);
            assertEquals(5, read().neverBegun());
            journal.begin(List.of(finished, stuck));
            journal.done(new int[] {1});
            assertEquals(3, read().neverBegun());
            journal.plan(1);
            assertEquals(4, read().neverBegun());
            journal.begin(List.of(later));
            journal.done(new int[0]);
            journal.end();
        }
        assertEquals(3, read().neverBegun());
        assertSame(List.of(stuck), unfinished(read()));
        assertSame(List.of(finished, stuck, later), all(read()));
        assertTrue(read().ended());
    }

    @Test
    void whereAllIsTakenBackNothingIsFinishedAnyMore() throws IOException {
        TestGroup first = incoming(1);
        TestGroup second = outgoing(2);
        try (Journal journal = JournalWriter.create(file(), PLACE)) {
            journal.begin(List.of(first));
            journal.done(new int[0]);
            journal.begin(List.of(second));
            journal.done(new int[0]);
        }
        assertTrue(read().hasFinished());
        byte[] whole = Files.readAllBytes(file());
        Files.write(file(), join(whole, new byte[] {0, 0, 0}));
        assertTrue(read().torn());
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            JournalWriter.undoAll(channel, read().end());
        }
        assertEquals(HEX.formatHex(whole) + record("05"), HEX.formatHex(Files.readAllBytes(file())));
        assertSame(List.of(first, second), unfinished(read()));
        assertFalse(read().torn());
        assertFalse(read().hasFinished());
    }

    @Test
    void isForItsOwnerAlone() throws IOException {
        JournalWriter.create(file(), PLACE).close();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    }

    @Test
    void doesNotOverwriteAFile() throws IOException {
        Files.writeString(file(), "something else");
        assertThrows(FileAlreadyExistsException.class, () -> JournalWriter.create(file(), PLACE));
        assertEquals("something else", Files.readString(file()));
        assertThrows(NoSuchFileException.class, () -> JournalWriter.create(folder.resolve("no/folder"), PLACE));
    }

    @Test
    void aTailThatIsTornAnywhereIsRecognised() throws IOException {
        TestGroup first = outgoing(1);
        TestGroup second = incoming(2);
        List<Integer> ends = new ArrayList<>();
        List<List<TestGroup>> unfinished = List.of(List.of(), List.of(first), List.of(), List.of(second), List.of());
        try (Journal journal = JournalWriter.create(file(), PLACE)) {
            ends.add((int) Files.size(file()));
            journal.begin(List.of(first));
            ends.add((int) Files.size(file()));
            journal.done(new int[0]);
            ends.add((int) Files.size(file()));
            journal.begin(List.of(second));
            ends.add((int) Files.size(file()));
            journal.done(new int[0]);
            ends.add((int) Files.size(file()));
        }
        byte[] whole = Files.readAllBytes(file());
        for (int length = 0; length <= whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            if (length < JournalFormat.HEADER_BYTES) {
                assertThrows(IOException.class, () -> read(cut));
                continue;
            }
            JournalReader.Contents contents = read(cut);
            assertEquals(!ends.contains(length), contents.torn(), "cut to " + length + " bytes");
            int records = (int) ends.stream().filter(end -> end <= cut.length).count();
            assertSame(unfinished.get(records - 1), unfinished(contents));
        }
    }

    @Test
    void damageAnywhereIsRefused() throws IOException {
        try (Journal journal = JournalWriter.create(file(), PLACE)) {
            journal.begin(List.of(outgoing(1)));
            journal.done(new int[0]);
            journal.begin(List.of(outgoing(2)));
        }
        byte[] whole = Files.readAllBytes(file());
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << at % 8);
            assertThrows(IOException.class, () -> read(damaged), "bit " + at % 8 + " of byte " + at);
        }
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        try (Journal journal = JournalWriter.create(file(), PLACE)) {
            journal.end();
        }
        byte[] whole = Files.readAllBytes(file());
        assertRefused("some journal is no journal of a migration, or of another version", new byte[100]);
        assertRefused("some journal: the record at byte 36 is damaged in its length", changed(whole, 39));
        assertRefused("some journal: the record at byte 36 is damaged", changed(whole, 44));
        assertRefused("some journal: the record at byte 49 follows the end of the migration",
                join(whole, recordOf(JournalFormat.MIGRATION_ENDED, new byte[0]).array()));
        byte[] header = Arrays.copyOf(whole, JournalFormat.HEADER_BYTES);
        assertRefused("some journal: the record at byte 36 is of kind 9, which is not known",
                join(header, recordOf((byte) 9, new byte[0]).array()));
        byte[] begun = join(header, recordOf(JournalFormat.STEP_BEGINS, new byte[4]).array());
        assertRefused("some journal: the record at byte 53 is longer than what it tells",
                join(begun, recordOf(JournalFormat.STEP_DONE, new byte[5]).array()));
        assertRefused("some journal: the record at byte 36 ends a step that had not begun",
                join(header, recordOf(JournalFormat.STEP_DONE, new byte[4]).array()));
        assertRefused("some journal: the record at byte 36 cannot be understood",
                join(header, recordOf(JournalFormat.STEP_BEGINS, new byte[] {0, 0, 0, 1, 1}).array()));
        assertRefused("some journal: the record at byte 53 cannot be understood",
                join(begun, recordOf(JournalFormat.STEP_DONE,
                        new byte[] {0, 0, 0, 1, 0, 0, 0, 0}).array()));
    }

    private static void assertRefused(String message, byte[] journal) {
        assertEquals(message, assertThrows(IOException.class, () -> read(journal)).getMessage());
    }

    private static byte[] changed(byte[] journal, int at) {
        byte[] damaged = journal.clone();
        damaged[at] ^= 1;
        return damaged;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void holdsNoKey() throws IOException {
        byte[] key = new byte[36];
        new Random(4711).nextBytes(key);
        SecurityAssociation sa = TestGateway.out(1).algorithm(TestSas.aesGcm(4711)).build();
        MemorySegment encoded = MemorySegment.ofArray(new byte[4096]);
        int length = sa.encode(encoded, 0);
        assertTrue(contains(encoded.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), key), "the SA has this key");
        try (Journal journal = JournalWriter.create(file(), PLACE)) {
            journal.begin(List.of(new TestGroup(true, List.of(1), moves, List.of(move(sa)))));
        }
        byte[] journal = Files.readAllBytes(file());
        for (int at = 0; at + 4 <= key.length; at++) {
            assertFalse(contains(journal, Arrays.copyOfRange(key, at, at + 4)), "bytes of the key from " + at);
        }
    }

    private static boolean contains(byte[] all, byte[] part) {
        return HEX.formatHex(all).contains(HEX.formatHex(part));
    }
}
