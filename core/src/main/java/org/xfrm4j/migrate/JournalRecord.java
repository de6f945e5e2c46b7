package org.xfrm4j.migrate;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.PolicyDecoder;

/**
 * A record of a journal ({@link JournalFormat}) while it is put together, message by message, in the place from where
 * it is written to the file: outside the heap, as all that messages are encoded into.
 */
final class JournalRecord {
    private static final long FIRST_BYTES = 64 * 1024;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private MemorySegment segment = Arena.ofAuto().allocate(FIRST_BYTES);
    private long end;

    JournalRecord begin(byte kind) {
        end = JournalFormat.LENGTH_BYTES;
        return putByte(kind);
    }

    JournalRecord putByte(int value) {
        makeRoom(Byte.BYTES);
        segment.set(ValueLayout.JAVA_BYTE, end, (byte) value);
        end += Byte.BYTES;
        return this;
    }

    JournalRecord putInt(int value) {
        makeRoom(Integer.BYTES);
        segment.set(INT, end, value);
        end += Integer.BYTES;
        return this;
    }

    /** A message, behind its length. */
    void put(PolicyDecoder policy) {
        makeRoom(Integer.BYTES + PolicyForm.mostBytes(policy));
        int length = PolicyForm.whole(policy, segment, end + Integer.BYTES);
        putInt(length);
        end += length;
    }

    /** A message, behind its length. */
    void put(MigrateStateDecoder message) {
        putInt((int) message.length());
        makeRoom(message.length());
        MemorySegment.copy(message.segment(), message.offset(), segment, end, message.length());
        end += message.length();
    }

    /** The whole record; valid until the next one begins. */
    ByteBuffer end() {
        int length = (int) end - JournalFormat.LENGTH_BYTES;
        segment.set(INT, 0, length);
        segment.set(INT, Integer.BYTES, ~length);
        CRC32C checksum = new CRC32C();
        checksum.update(segment.asSlice(JournalFormat.LENGTH_BYTES, length).asByteBuffer());
        putInt((int) checksum.getValue());
        return segment.asSlice(0, end).asByteBuffer();
    }

    private void makeRoom(long bytes) {
        if (end + bytes > segment.byteSize()) {
            MemorySegment larger = Arena.ofAuto().allocate(2 * (end + bytes));
            MemorySegment.copy(segment, 0, larger, 0, end);
            segment = larger;
        }
    }
}
