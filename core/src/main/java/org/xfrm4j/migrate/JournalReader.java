package org.xfrm4j.migrate;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/**
 * Reads a journal, record by record; see {@link JournalFormat}. All of it is understood before anything is made of it,
 * but groups are kept of one step at a time: of the others it is noted where they stand.
 */
final class JournalReader {
    private final Path file;
    private final Source source;
    private final List<Step> steps = new ArrayList<>();
    private InputStream in = InputStream.nullInputStream();
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    /** Where the record in hand begins. */
    private long at;
    /** Whether the last step has begun and is not done. */
    private boolean isOpen;
    private long planned;
    private boolean ended;
    private boolean torn;

    private JournalReader(Path file, Source source) {
        this.file = file;
        this.source = source;
    }

    /** The bytes of a journal. */
    @FunctionalInterface
    interface Source {
        /** Reads from an offset on; what was read from before is not read any more. */
        InputStream from(long offset) throws IOException;
    }

    /**
     * A step that had begun.
     *
     * @param at where its record stands
     * @param groups how many groups it has
     * @param unfinished the places of those that are neither moved nor taken back: all, where the step was not done
     */
    record Step(long at, int groups, int[] unfinished) {
    }

    /**
     * What a journal says.
     *
     * @param reader reads groups
     * @param place where it was written
     * @param steps the steps that had begun, in their order
     * @param planned how many groups all plans have that began to run
     * @param ended whether the migration came to its end, whatever that was
     * @param torn whether the last record was cut short: what it was about was not touched
     * @param end where the last record ends that was not
     */
    record Contents(JournalReader reader, JournalFormat.Place place, List<Step> steps, long planned, boolean ended,
                    boolean torn, long end) {
        /** Whether any group is moved or taken back. */
        boolean hasFinished() {
            return steps.stream().anyMatch(step -> step.unfinished().length < step.groups());
        }

        /** How many groups never began. */
        long neverBegun() {
            return planned - steps.stream().mapToInt(Step::groups).sum();
        }

        /** All groups of a step. */
        List<GroupWork> groups(Step step) throws IOException {
            return reader.groupsOf(step);
        }
    }

    /**
     * Reads a journal.
     *
     * @param file its name, for messages
     * @param source its bytes
     * @throws IOException if it cannot be read, is none, or is damaged: cut short is only its last record
     */
    static Contents read(Path file, Source source) throws IOException {
        return new JournalReader(file, source).contents();
    }

    private Contents contents() throws IOException {
        in = source.from(0);
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
        return new Contents(this, place, List.copyOf(steps), planned, ended, torn, at);
    }

    private List<GroupWork> groupsOf(Step step) throws IOException {
        at = step.at();
        in = source.from(at);
        if (!readRecord() || bytes.get() != JournalFormat.STEP_BEGINS) {
            throw new IOException(damaged("is not what it was a moment ago"));
        }
        return groups();
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
        if (ended && kind != JournalFormat.ALL_UNDONE) {
            throw new IOException(damaged("follows the end of the migration"));
        }
        switch (kind) {
            case JournalFormat.PLAN_BEGINS -> planned += bytes.getInt();
            case JournalFormat.STEP_BEGINS -> {
                steps.add(begun(at, groups().size()));
                isOpen = true;
            }
            case JournalFormat.STEP_DONE -> stepDone();
            case JournalFormat.MIGRATION_ENDED -> ended = true;
            case JournalFormat.ALL_UNDONE -> {
                steps.replaceAll(step -> begun(step.at(), step.groups()));
                isOpen = false;
            }
            default -> throw new IOException(damaged("is of kind " + kind + ", which is not known"));
        }
    }

    private static Step begun(long at, int groups) {
        return new Step(at, groups, IntStream.range(0, groups).toArray());
    }

    private void stepDone() throws IOException {
        if (!isOpen) {
            throw new IOException(damaged("ends a step that had not begun"));
        }
        Step step = steps.removeLast();
        int[] stuck = new int[Objects.checkIndex(bytes.getInt(), step.groups() + 1)];
        for (int i = 0; i < stuck.length; i++) {
            stuck[i] = Objects.checkIndex(bytes.getInt(), step.groups());
        }
        steps.add(new Step(step.at(), step.groups(), stuck));
        isOpen = false;
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
        List<MemorySegment> original = new ArrayList<>();
        List<MemorySegment> changed = new ArrayList<>();
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

    private MemorySegment policy() {
        MemorySegment message = message();
        // That it can be understood is found out now, not when something has been done.
        Policy.from(new PolicyDecoder().wrap(message, 0, message.byteSize()));
        return message;
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
    private record JournaledGroup(boolean outgoing, List<MemorySegment> originals, List<MemorySegment> changes,
                                  List<MemorySegment> forward, List<MemorySegment> back) implements GroupWork {
        @Override
        public int policyCount() {
            return originals.size();
        }

        @Override
        public PolicyDecoder original(int policy, PolicyDecoder decoder) {
            return decoder.wrap(originals.get(policy), 0, originals.get(policy).byteSize());
        }

        @Override
        public PolicyDecoder changed(int policy, PolicyDecoder decoder) {
            return decoder.wrap(changes.get(policy), 0, changes.get(policy).byteSize());
        }

        @Override
        public boolean isRenamed(int policy) {
            return !PolicyForm.hasSameSelector(original(policy, new PolicyDecoder()),
                    changed(policy, new PolicyDecoder()));
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
