package org.xfrm4j.migrate;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.wire.MigrateStateDecoder;

/** Writes a journal; see {@link JournalFormat}. The file is for its owner alone. */
final class JournalWriter implements Journal {
    private static final int POLICY_BYTES = 6 * 1024;

    private final FileChannel file;
    private final MigrateStateDecoder move = new MigrateStateDecoder();
    private final byte[] policyBytes = new byte[POLICY_BYTES];

    private JournalWriter(FileChannel file) {
        this.file = file;
    }

    static JournalWriter create(Path path, JournalFormat.Place place) throws IOException {
        FileChannel file = FileChannel.open(path, Set.of(CREATE_NEW, WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            // Released when the file is closed or the process dies: until then nobody recovers what is still going on.
            if (file.tryLock() == null) {
                throw new IOException(path + " was locked by another process as soon as it was there");
            }
            writeFully(file, JournalFormat.header(place));
            file.force(true);
            syncFolder(path);
            return new JournalWriter(file);
        } catch (IOException | RuntimeException failed) {
            file.close();
            Files.deleteIfExists(path);
            throw failed;
        }
    }

    /** The file's name, too, has to survive a crash. */
    private static void syncFolder(Path path) throws IOException {
        try (FileChannel folder = FileChannel.open(path.toAbsolutePath().getParent())) {
            folder.force(true);
        }
    }

    @Override
    public void plan(int groups) throws IOException {
        // Not forced: what matters is written before a step begins.
        record(JournalFormat.PLAN_BEGINS, ByteBuffer.allocate(Integer.BYTES).putInt(groups).array());
    }

    @Override
    public void begin(List<GroupWork> groups) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(groups.size());
        for (GroupWork group : groups) {
            write(group, out);
        }
        record(JournalFormat.STEP_BEGINS, bytes.toByteArray());
        file.force(false);
    }

    private void write(GroupWork group, DataOutputStream out) throws IOException {
        out.writeByte(group.outgoing() ? 1 : 0);
        out.writeInt(group.policyCount());
        for (int i = 0; i < group.policyCount(); i++) {
            write(group.original(i), out);
            write(group.changed(i), out);
        }
        out.writeInt(group.moveCount());
        for (int i = 0; i < group.moveCount(); i++) {
            write(group.forward(i, move), out);
            write(group.back(i, move), out);
        }
    }

    private void write(Policy policy, DataOutputStream out) throws IOException {
        int length = policy.encode(MemorySegment.ofArray(policyBytes), 0);
        out.writeInt(length);
        out.write(policyBytes, 0, length);
    }

    private static void write(MigrateStateDecoder message, DataOutputStream out) throws IOException {
        out.writeInt((int) message.length());
        out.write(message.segment().asSlice(message.offset(), message.length()).toArray(ValueLayout.JAVA_BYTE));
    }

    @Override
    public void done(int[] stuck) throws IOException {
        ByteBuffer contents = ByteBuffer.allocate((1 + stuck.length) * Integer.BYTES).putInt(stuck.length);
        for (int place : stuck) {
            contents.putInt(place);
        }
        // Not forced: recovery looks where things are, and then finds that there is nothing to do.
        record(JournalFormat.STEP_DONE, contents.array());
    }

    @Override
    public void end() throws IOException {
        record(JournalFormat.MIGRATION_ENDED, new byte[0]);
        file.force(false);
    }

    /**
     * Writes to the journal of a migration that is over that all of it is about to be taken back. On disk when this
     * returns.
     *
     * @param end where its last whole record ends
     */
    static void undoAll(FileChannel file, long end) throws IOException {
        file.truncate(end).position(end);
        writeFully(file, JournalFormat.record(JournalFormat.ALL_UNDONE, new byte[0]));
        file.force(true);
    }

    private void record(byte kind, byte[] contents) throws IOException {
        writeFully(file, JournalFormat.record(kind, contents));
    }

    private static void writeFully(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
