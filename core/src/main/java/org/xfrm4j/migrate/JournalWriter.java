package org.xfrm4j.migrate;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/** Writes a journal; see {@link JournalFormat}. The file is for its owner alone. */
final class JournalWriter implements Journal {
    private final FileChannel file;
    private final PolicyDecoder policy = new PolicyDecoder();
    private final MigrateStateDecoder move = new MigrateStateDecoder();
    private final JournalRecord record = new JournalRecord();

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
        writeFully(file, record.begin(JournalFormat.PLAN_BEGINS).putInt(groups).end());
    }

    @Override
    public void begin(List<GroupWork> groups) throws IOException {
        record.begin(JournalFormat.STEP_BEGINS).putInt(groups.size());
        for (GroupWork group : groups) {
            put(group);
        }
        writeFully(file, record.end());
        file.force(false);
    }

    private void put(GroupWork group) {
        record.putByte(group.outgoing() ? 1 : 0).putInt(group.policyCount());
        for (int i = 0; i < group.policyCount(); i++) {
            record.put(group.original(i, policy));
            record.put(group.changed(i, policy));
        }
        record.putInt(group.moveCount());
        for (int i = 0; i < group.moveCount(); i++) {
            record.put(group.forward(i, move));
            record.put(group.back(i, move));
        }
    }

    @Override
    public void done(int[] stuck) throws IOException {
        record.begin(JournalFormat.STEP_DONE).putInt(stuck.length);
        for (int place : stuck) {
            record.putInt(place);
        }
        // Not forced: recovery looks where things are, and then finds that there is nothing to do.
        writeFully(file, record.end());
    }

    @Override
    public void end() throws IOException {
        writeFully(file, record.begin(JournalFormat.MIGRATION_ENDED).end());
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
        writeFully(file, new JournalRecord().begin(JournalFormat.ALL_UNDONE).end());
        file.force(true);
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
