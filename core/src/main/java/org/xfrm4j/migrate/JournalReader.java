package org.xfrm4j.migrate;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/** Reads a journal; see {@link JournalFormat}. */
final class JournalReader {
    private final Path file;
    private final ByteBuffer bytes;
    private final List<GroupWork> unfinished = new ArrayList<>();
    private List<GroupWork> begun = List.of();
    private boolean complete;
    private boolean torn;

    private JournalReader(Path file, byte[] bytes) {
        this.file = file;
        this.bytes = ByteBuffer.wrap(bytes);
    }

    /**
     * What a journal says.
     *
     * @param place where it was written
     * @param unfinished the groups of steps that had begun and were not done, in their order: of the last one, and of
     *     those before in which a group was stuck
     * @param complete whether the migration was done
     * @param torn whether the last record was cut short: what it was about was not touched
     */
    record Contents(JournalFormat.Place place, List<GroupWork> unfinished, boolean complete, boolean torn) {
    }

    /**
     * Reads a journal.
     *
     * @throws IOException if it cannot be read, is none, or is damaged elsewhere than at its end
     */
    static Contents read(Path file) throws IOException {
        return new JournalReader(file, Files.readAllBytes(file)).contents();
    }

    private Contents contents() throws IOException {
        JournalFormat.Place place = header();
        try {
            while (bytes.hasRemaining() && !torn) {
                record();
            }
        } catch (BufferUnderflowException | MalformedMessageException | IllegalArgumentException damaged) {
            throw new IOException(file + ": the record before byte " + bytes.position() + " cannot be understood",
                    damaged);
        }
        unfinished.addAll(begun);
        return new Contents(place, List.copyOf(unfinished), complete, torn);
    }

    private JournalFormat.Place header() throws IOException {
        byte[] all = bytes.array();
        int checked = JournalFormat.HEADER_BYTES - Integer.BYTES;
        boolean ours = all.length >= JournalFormat.HEADER_BYTES
                && Arrays.equals(all, 0, JournalFormat.MAGIC.length, JournalFormat.MAGIC, 0,
                        JournalFormat.MAGIC.length)
                && bytes.getInt(checked) == JournalFormat.checksum(all, 0, checked);
        if (!ours) {
            throw new IOException(file + " is no journal of a migration, or of another version");
        }
        bytes.position(JournalFormat.MAGIC.length);
        JournalFormat.Place place = new JournalFormat.Place(new UUID(bytes.getLong(), bytes.getLong()),
                bytes.getLong());
        bytes.position(JournalFormat.HEADER_BYTES);
        return place;
    }

    private void record() throws IOException {
        int start = bytes.position();
        int length = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt();
        long needed = (long) length + Integer.BYTES;
        boolean whole = length >= 1 && length <= JournalFormat.MOST_BYTES && bytes.remaining() >= needed;
        int contents = bytes.position();
        if (!whole || bytes.getInt(contents + length) != JournalFormat.checksum(bytes.array(), contents, length)) {
            if (whole && contents + needed < bytes.limit()) {
                throw new IOException(file + ": the record at byte " + start + " is damaged, and others follow it");
            }
            torn = true;
            return;
        }
        understand(bytes.get());
        bytes.position(contents + length + Integer.BYTES);
    }

    private void understand(byte kind) throws IOException {
        switch (kind) {
            case JournalFormat.STEP_BEGINS -> {
                unfinished.addAll(begun);
                begun = groups();
            }
            case JournalFormat.STEP_DONE -> begun = List.of();
            case JournalFormat.MIGRATION_DONE -> complete = true;
            default -> throw new IOException(file + ": a record of kind " + kind);
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
        byte[] message = new byte[Math.clamp(bytes.getInt(), 0, bytes.remaining())];
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
