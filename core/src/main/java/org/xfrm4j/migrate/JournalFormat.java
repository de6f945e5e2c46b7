package org.xfrm4j.migrate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.xfrm4j.Xfrm;

/**
 * The journal's format, version 1. All numbers are big-endian, save in the kernel's messages, which are as sent.
 *
 * <pre>
 * file      header, records
 * header    8 bytes "xfrm4jJ1"; 16 bytes: the boot (/proc/sys/kernel/random/boot_id); 8 bytes: the network namespace
 *           (SO_NETNS_COOKIE); 4 bytes: CRC-32C of the 32 before
 * record    4 bytes: length of kind and contents; 4 bytes: the same with all bits inverted; 1 byte: kind; contents;
 *           4 bytes: CRC-32C of kind and contents
 * kind 1    a step begins: 4 bytes: groups; for each 1 byte: outgoing (1) or not (0);
 *             4 bytes: policies; for each twice 4 bytes length and XFRM_MSG_UPDPOLICY: as it was, as it shall be;
 *             4 bytes: moves; for each twice 4 bytes length and XFRM_MSG_MIGRATE_STATE: forward, back
 * kind 2    the last step that began is done; 4 bytes: groups that are stuck; for each 4 bytes: its place in the step,
 *             from 0
 * kind 3    the migration has ended: all is done, or it was cancelled, or could not go on. Only kind 5 follows
 * kind 4    a plan begins to run: 4 bytes: groups. The first is the plan that was given, each other one was made by
 *           looking again
 * kind 5    a recovery begins to take back all groups that had begun, those that were done as well: none is done any
 *           more. The only kind that a recovery writes, in the place of a record that was cut short if there is one
 * </pre>
 *
 * <p>A record is written by one call, and on disk before what it is about is touched. One that is cut short is the
 * last: its step was not touched. Groups are in no record before their step begins: of those that never began there is
 * just the number. Anything else that is wrong is damage: a record that cannot be read could be about
 * SAs that were touched. There are no keys in these messages.
 */
final class JournalFormat {
    static final byte[] MAGIC = "xfrm4jJ1".getBytes(StandardCharsets.US_ASCII);
    static final int HEADER_BYTES = 36;
    /** What stands before a record's kind. */
    static final int LENGTH_BYTES = 8;
    static final byte STEP_BEGINS = 1;
    static final byte STEP_DONE = 2;
    static final byte MIGRATION_ENDED = 3;
    static final byte PLAN_BEGINS = 4;
    static final byte ALL_UNDONE = 5;

    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    private JournalFormat() {
    }

    /**
     * Where a migration happens: a journal of another boot or namespace says nothing about this one.
     *
     * @param boot the running kernel's boot
     * @param namespace the cookie of the network namespace, which no other has during this boot
     */
    record Place(UUID boot, long namespace) {
        static Place of(Xfrm xfrm) throws IOException {
            return new Place(UUID.fromString(Files.readString(BOOT).strip()), xfrm.requests().namespaceCookie());
        }
    }

    static ByteBuffer header(Place place) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).put(MAGIC)
                .putLong(place.boot().getMostSignificantBits()).putLong(place.boot().getLeastSignificantBits())
                .putLong(place.namespace());
        return header.putInt(checksum(header.array(), 0, header.position())).flip();
    }

    static int checksum(byte[] bytes, int offset, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, offset, length);
        return (int) checksum.getValue();
    }
}
