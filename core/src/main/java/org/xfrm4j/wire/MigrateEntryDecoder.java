package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads a {@code struct xfrm_user_migrate}; for its layout see {@link MigrateEntryEncoder}. */
public final class MigrateEntryDecoder {
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public MigrateEntryDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @throws MalformedMessageException if the segment ends before it does
     */
    public MigrateEntryDecoder wrap(MemorySegment segment, long offset) {
        Layouts.check("xfrm_user_migrate", segment, offset, MigrateEntryEncoder.LENGTH, MigrateEntryEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        return this;
    }

    /** {@return bytes 0 to 7 of the outer destination before} */
    public long oldDestinationHigh() {
        return Layouts.addressHigh(segment, offset + MigrateEntryEncoder.OLD_DADDR);
    }

    /** {@return bytes 8 to 15 of the outer destination before} */
    public long oldDestinationLow() {
        return Layouts.addressLow(segment, offset + MigrateEntryEncoder.OLD_DADDR);
    }

    /** {@return bytes 0 to 7 of the outer source before} */
    public long oldSourceHigh() {
        return Layouts.addressHigh(segment, offset + MigrateEntryEncoder.OLD_SADDR);
    }

    /** {@return bytes 8 to 15 of the outer source before} */
    public long oldSourceLow() {
        return Layouts.addressLow(segment, offset + MigrateEntryEncoder.OLD_SADDR);
    }

    /** {@return bytes 0 to 7 of the outer destination afterwards} */
    public long newDestinationHigh() {
        return Layouts.addressHigh(segment, offset + MigrateEntryEncoder.NEW_DADDR);
    }

    /** {@return bytes 8 to 15 of the outer destination afterwards} */
    public long newDestinationLow() {
        return Layouts.addressLow(segment, offset + MigrateEntryEncoder.NEW_DADDR);
    }

    /** {@return bytes 0 to 7 of the outer source afterwards} */
    public long newSourceHigh() {
        return Layouts.addressHigh(segment, offset + MigrateEntryEncoder.NEW_SADDR);
    }

    /** {@return bytes 8 to 15 of the outer source afterwards} */
    public long newSourceLow() {
        return Layouts.addressLow(segment, offset + MigrateEntryEncoder.NEW_SADDR);
    }

    /** {@return the protocol} */
    public int protocol() {
        return Layouts.u8(segment, offset + MigrateEntryEncoder.PROTO);
    }

    /** {@return the mode, {@code XFRM_MODE_…}} */
    public int mode() {
        return Layouts.u8(segment, offset + MigrateEntryEncoder.MODE);
    }

    /** {@return the reqid; 0 for any} */
    public int reqid() {
        return segment.get(U32_HOST, offset + MigrateEntryEncoder.REQID);
    }

    /** {@return the family of the addresses before} */
    public int oldFamily() {
        return Layouts.u16(segment, offset + MigrateEntryEncoder.OLD_FAMILY);
    }

    /** {@return the family of the addresses afterwards} */
    public int newFamily() {
        return Layouts.u16(segment, offset + MigrateEntryEncoder.NEW_FAMILY);
    }
}
