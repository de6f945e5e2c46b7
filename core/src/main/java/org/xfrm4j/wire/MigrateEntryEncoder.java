package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm_user_migrate;

/**
 * Writes a {@code struct xfrm_user_migrate}: the templates and SAs that an XFRM_MSG_MIGRATE moves, from which addresses
 * to which. {@code XFRMA_MIGRATE} holds up to six.
 *
 * <pre>{@code
 * struct xfrm_user_migrate {
 *     xfrm_address_t  old_daddr;     //  0
 *     xfrm_address_t  old_saddr;     // 16
 *     xfrm_address_t  new_daddr;     // 32
 *     xfrm_address_t  new_saddr;     // 48
 *     __u8            proto;         // 64
 *     __u8            mode;          // 65
 *     __u16           reserved;      // 66
 *     __u32           reqid;         // 68
 *     __u16           old_family;    // 72
 *     __u16           new_family;    // 74
 * };                                 // 76
 * }</pre>
 */
public final class MigrateEntryEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_user_migrate.sizeof();

    static final long OLD_DADDR = xfrm_user_migrate.old_daddr$offset();
    static final long OLD_SADDR = xfrm_user_migrate.old_saddr$offset();
    static final long NEW_DADDR = xfrm_user_migrate.new_daddr$offset();
    static final long NEW_SADDR = xfrm_user_migrate.new_saddr$offset();
    static final long PROTO = xfrm_user_migrate.proto$offset();
    static final long MODE = xfrm_user_migrate.mode$offset();
    static final long REQID = xfrm_user_migrate.reqid$offset();
    static final long OLD_FAMILY = xfrm_user_migrate.old_family$offset();
    static final long NEW_FAMILY = xfrm_user_migrate.new_family$offset();

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** An encoder that is yet to be wrapped around memory. */
    public MigrateEntryEncoder() {
    }

    /** Points at the structure and zeroes it. */
    public MigrateEntryEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        Layouts.zero(segment, offset, LENGTH);
        return this;
    }

    /** The outer destination now. */
    public MigrateEntryEncoder oldDestination(long high, long low) {
        Layouts.address(segment, offset + OLD_DADDR, high, low);
        return this;
    }

    /** The outer source now. */
    public MigrateEntryEncoder oldSource(long high, long low) {
        Layouts.address(segment, offset + OLD_SADDR, high, low);
        return this;
    }

    /** The outer destination to be. */
    public MigrateEntryEncoder newDestination(long high, long low) {
        Layouts.address(segment, offset + NEW_DADDR, high, low);
        return this;
    }

    /** The outer source to be. */
    public MigrateEntryEncoder newSource(long high, long low) {
        Layouts.address(segment, offset + NEW_SADDR, high, low);
        return this;
    }

    /** The protocol: {@link Inet#IPPROTO_ESP}, … */
    public MigrateEntryEncoder protocol(int protocol) {
        Layouts.u8(segment, offset + PROTO, protocol);
        return this;
    }

    /** {@code XFRM_MODE_…} */
    public MigrateEntryEncoder mode(int mode) {
        Layouts.u8(segment, offset + MODE, mode);
        return this;
    }

    /** The reqid now; 0 for any. */
    public MigrateEntryEncoder reqid(int reqid) {
        segment.set(U32_HOST, offset + REQID, reqid);
        return this;
    }

    /** Families of the addresses now and to be. */
    public MigrateEntryEncoder families(int oldFamily, int newFamily) {
        Layouts.u16(segment, offset + OLD_FAMILY, oldFamily);
        Layouts.u16(segment, offset + NEW_FAMILY, newFamily);
        return this;
    }

    /** {@return the size of the structure, in bytes} */
    public int encodedLength() {
        return LENGTH;
    }
}
