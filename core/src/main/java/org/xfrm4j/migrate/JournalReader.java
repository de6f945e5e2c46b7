package org.xfrm4j.migrate;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/** Reads a journal, record by record; see {@link JournalFormat}. */
final class JournalReader {
    private final Path file;
    private final InputStream in;
    private final List<GroupWork> unfinished = new ArrayList<>();
    private List<GroupWork> begun = List.of();
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    /** Where the record in hand begins. */
    private long at;
    private boolean complete;
    private boolean torn;

    private JournalReader(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /**
     * What a journal says.
     *
     * @param place where it was written
     * @param unfinished the groups that had begun and were neither moved nor taken back, in their order: those of a
     *     last step that was not done, and those before that were stuck
     * @param complete whether the migration was done
     * @param torn whether the last record was cut short: what it was about was not touched
     */
    record Contents(JournalFormat.Place place, List<GroupWork> unfinished, boolean complete, boolean torn) {
    }

    /**
     * Reads a journal.
     *
     * @param file its name, for messages
     * @param in the file, from its beginning
     * @throws IOException if it cannot be read, is none, or is damaged: cut short is only its last record
     */
    static Contents read(Path file, InputStream in) throws IOException {
        return new JournalReader(file, in).contents();
    }

    private Contents contents() throws IOException {
        JournalFormat.Place place = header();
        at = JournalFormat.HEADER_BYTES;
        while (readRecord()) {
            try {
                understand(bytes.get());
            } catch (BufferUnderflowException | IndexOutOfBoundsException | MalformedMessageException
                    | IllegalArgumentException wrong) {
                throw new IOException(damaged("cannot be understood"), wrong);
            }
            if (bytes.hasRemaining()) {
                throw new IOException(damaged("is longer than what it tells"));
            }
            at += JournalFormat.LENGTH_BYTES + bytes.limit() + Integer.BYTES;
        }
        unfinished.addAll(begun);
        return new Contents(place, List.copyOf(unfinished), complete, torn);
    }

    private String damaged(String how) {
        return file + ": the record at byte " + at + " " + how;
    }

    private JournalFormat.Place header() throws IOException {
        byte[] all = in.readNBytes(JournalFormat.HEADER_BYTES);
        int checked = JournalFormat.HEADER_BYTES - Integer.BYTES;
        ByteBuffer header = ByteBuffer.wrap(all);
        boolean ours = all.length == JournalFormat.HEADER_BYTES
                && header.slice(0, JournalFormat.MAGIC.length).equals(ByteBuffer.wrap(JournalFormat.MAGIC))
                && header.getInt(checked) == JournalFormat.checksum(all, 0, checked);
        if (!ours) {
            throw new IOException(file + " is no journal of a migration, or of another version");
        }
        header.position(JournalFormat.MAGIC.length);
        return new JournalFormat.Place(new UUID(header.getLong(), header.getLong()), header.getLong());
    }

    /** Reads the next record's kind and contents; returns whether there is one that is whole. */
    private boolean readRecord() throws IOException {
        byte[] lengths = in.readNBytes(JournalFormat.LENGTH_BYTES);
        if (lengths.length < JournalFormat.LENGTH_BYTES) {
            torn = lengths.length > 0;
            return false;
        }
        int length = ByteBuffer.wrap(lengths).getInt();
        if (length < 1 || length != ~ByteBuffer.wrap(lengths).getInt(Integer.BYTES)) {
            throw new IOException(damaged("is damaged in its length"));
        }
        byte[] contents = in.readNBytes(length);
        byte[] checksum = in.readNBytes(Integer.BYTES);
        if (checksum.length < Integer.BYTES) {
            torn = true;
            return false;
        }
        if (ByteBuffer.wrap(checksum).getInt() != JournalFormat.checksum(contents, 0, length)) {
            throw new IOException(damaged("is damaged"));
        }
        bytes = ByteBuffer.wrap(contents);
        return true;
    }

    private void understand(byte kind) throws IOException {
        if (complete) {
            throw new IOException(damaged("follows the end of the migration"));
        }
        switch (kind) {
            case JournalFormat.STEP_BEGINS -> {
                unfinished.addAll(begun);
                begun = groups();
            }
            case JournalFormat.STEP_DONE -> {
                for (int left = bytes.getInt(); left > 0; left--) {
                    unfinished.add(begun.get(bytes.getInt()));
                }
                begun = List.of();
            }
            case JournalFormat.PLAN_BEGINS -> bytes.getInt();
            case JournalFormat.MIGRATION_DONE -> complete = true;
            default -> throw new IOException(damaged("is of kind " + kind + ", which is not known"));
        }
    }

    private List<GroupWork> groups() {
        int count = bytes.getInt();
        List<GroupWork> groups = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            groups.add(group());
        }
        return groups;
    }

    private GroupWork group() {
        boolean outgoing = bytes.get() != 0;
        List<Policy> original = new ArrayList<>();
        List<Policy> changed = new ArrayList<>();
        for (int left = bytes.getInt(); left > 0; left--) {
            original.add(policy());
            changed.add(policy());
        }
        List<MemorySegment> forward = new ArrayList<>();
        List<MemorySegment> back = new ArrayList<>();
        for (int left = bytes.getInt(); left > 0; left--) {
            forward.add(message());
            back.add(message());
        }
        return new JournaledGroup(outgoing, original, changed, forward, back);
    }

    private Policy policy() {
        MemorySegment message = message();
        return Policy.from(new PolicyDecoder().wrap(message, 0, message.byteSize()));
    }

    private MemorySegment message() {
        int length = bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] message = new byte[length];
        bytes.get(message);
        return MemorySegment.ofArray(message);
    }

    /** A group as a journal has it. */
    private record JournaledGroup(boolean outgoing, List<Policy> originals, List<Policy> changes,
                                  List<MemorySegment> forward, List<MemorySegment> back) implements GroupWork {
        @Override
        public int policyCount() {
            return originals.size();
        }

        @Override
        public Policy original(int policy) {
            return originals.get(policy);
        }

        @Override
        public Policy changed(int policy) {
            return changes.get(policy);
        }

        @Override
        public int moveCount() {
            return forward.size();
        }

        @Override
        public MigrateStateDecoder forward(int move, MigrateStateDecoder decoder) {
            return decoder.wrap(forward.get(move), 0, forward.get(move).byteSize());
        }

        @Override
        public MigrateStateDecoder back(int move, MigrateStateDecoder decoder) {
            return decoder.wrap(back.get(move), 0, back.get(move).byteSize());
        }
    }
}
