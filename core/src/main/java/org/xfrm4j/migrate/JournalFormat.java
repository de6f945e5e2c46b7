package org.xfrm4j.migrate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The journal's format, version 1. All numbers are big-endian, save in the kernel's messages, which are as they are sent.
 *
 * <pre>
 * file      header, records
 * header    8 bytes "xfrm4jJ1"; 16 bytes: the boot (/proc/sys/kernel/random/boot_id); 8 bytes: the inode of the network
 *           namespace (/proc/self/ns/net); 4 bytes: CRC-32C of the 32 before
 * record    4 bytes: length of what follows, up to the checksum; 1 byte: kind; contents; 4 bytes: CRC-32C of kind and
 *           contents
 * kind 1    a step begins: 4 bytes: groups; for each 1 byte: outgoing (1) or not (0);
 *             4 bytes: policies; for each twice 4 bytes length and XFRM_MSG_UPDPOLICY: as it was, as it shall be;
 *             4 bytes: moves; for each twice 4 bytes length and XFRM_MSG_MIGRATE_STATE: forward, back
 * kind 2    the last step that began is done
 * kind 3    the migration is done
 * </pre>
 *
 * <p>A record is written by one call, and on disk before what it is about is touched. A record that is cut short, or whose
 * checksum is wrong, can only be the last: its step was not touched. There are no keys in these messages.
 */
final class JournalFormat {
    static final byte[] MAGIC = "xfrm4jJ1".getBytes(StandardCharsets.US_ASCII);
    static final int HEADER_BYTES = 36;
    static final byte STEP_BEGINS = 1;
    static final byte STEP_DONE = 2;
    static final byte MIGRATION_DONE = 3;
    /** More than any record has; what claims more is damaged. */
    static final int MOST_BYTES = 1 << 30;

    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    private JournalFormat() {
    }

    /**
     * Where a migration happens: a journal of another boot or namespace says nothing about this one.
     *
     * @param boot the running kernel's boot
     * @param namespace the inode of the network namespace
     */
    record Place(UUID boot, long namespace) {
        static Place here() throws IOException {
            UUID boot = UUID.fromString(Files.readString(BOOT).strip());
            // For example net:[4026531840]; of the thread, which may be in another one than the process's first.
            String namespace = Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
            return new Place(boot, Long.parseLong(namespace.replaceAll("\\D", "")));
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
