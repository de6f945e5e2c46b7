package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_mark;
import org.xfrm4j.bindings.xfrm_user_offload;
import org.xfrm4j.netlink.MalformedMessageException;

/**
 * Reads a {@code struct xfrm_user_migrate_state} and its attributes: a request, or the notification that the kernel
 * sends to XFRMNLGRP_MIGRATE. For its layout see {@link MigrateStateEncoder}.
 *
 * <p>A notification has the header of the request, except that the selector is the one that the moved SA really has.
 * Its attributes are what the moved SA has, and {@code XFRMA_SA_DIR}; one that took encapsulation away holds an
 * {@code XFRMA_ENCAP} of type 0.
 */
public final class MigrateStateDecoder {
    private final AttributeTable table = new AttributeTable();
    private final SaIdDecoder id = new SaIdDecoder();
    private final SelectorDecoder selector = new SelectorDecoder();
    /** The structure; of the last word only the first half is in memory. */
    private final long[] words = Words.of(MigrateStateEncoder.LENGTH);
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;
    private long length;

    /** A decoder that is yet to be wrapped around memory. */
    public MigrateStateDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @param segment the memory to read
     * @param offset where the structure starts: behind the {@code nlmsghdr}
     * @param length bytes that structure and attributes have
     * @return this
     * @throws MalformedMessageException if the structure or an attribute is cut short, or goes beyond the segment
     */
    public MigrateStateDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("xfrm_user_migrate_state", segment, offset, length, MigrateStateEncoder.LENGTH);
        this.segment = segment;
        this.offset = offset;
        this.length = length;
        Words.read(segment, offset, words, 0, Words.index(MigrateStateEncoder.NEW_FAMILY));
        words[Words.index(MigrateStateEncoder.NEW_FAMILY)] =
                segment.get(U32_LITTLE_ENDIAN, offset + MigrateStateEncoder.NEW_FAMILY);
        table.index(segment, offset + MigrateStateEncoder.LENGTH, length - MigrateStateEncoder.LENGTH);
        return this;
    }

    /** {@return where the structure starts, from the segment's start} */
    public long offset() {
        return offset;
    }

    /** {@return how many bytes structure and attributes have} */
    public long length() {
        return length;
    }

    /** {@return the memory that is being read} */
    public MemorySegment segment() {
        return segment;
    }

    /** {@return the decoder of what names the SA before the move} */
    public SaIdDecoder id() {
        return id.wrap(words, MigrateStateEncoder.ID);
    }

    /** {@return the value of the SA's mark before the move} */
    public int oldMarkValue() {
        return Words.u32(words, MigrateStateEncoder.OLD_MARK);
    }

    /** {@return the mask of the SA's mark before the move} */
    public int oldMarkMask() {
        return Words.u32(words, MigrateStateEncoder.OLD_MARK + xfrm_mark.m$offset());
    }

    /** {@return bytes 0 to 7 of the new destination} */
    public long newDestinationHigh() {
        return Words.addressHigh(words, MigrateStateEncoder.NEW_DADDR);
    }

    /** {@return bytes 8 to 15 of the new destination} */
    public long newDestinationLow() {
        return Words.addressLow(words, MigrateStateEncoder.NEW_DADDR);
    }

    /** {@return bytes 0 to 7 of the new source} */
    public long newSourceHigh() {
        return Words.addressHigh(words, MigrateStateEncoder.NEW_SADDR);
    }

    /** {@return bytes 8 to 15 of the new source} */
    public long newSourceLow() {
        return Words.addressLow(words, MigrateStateEncoder.NEW_SADDR);
    }

    /** {@return the decoder of the new selector} */
    public SelectorDecoder newSelector() {
        return selector.wrap(words, MigrateStateEncoder.NEW_SEL);
    }

    /** {@return the new reqid; 0 for none} */
    public int newReqid() {
        return Words.u32(words, MigrateStateEncoder.NEW_REQID);
    }

    /** {@return {@code XFRM_MIGRATE_STATE_…} bits} */
    public int flags() {
        return Words.u32(words, MigrateStateEncoder.FLAGS);
    }

    /** {@return the family of the new addresses} */
    public int newFamily() {
        return Words.u16(words, MigrateStateEncoder.NEW_FAMILY);
    }

    /** {@return the reserved field, which must be 0} */
    public int reserved() {
        return Words.u16(words, MigrateStateEncoder.RESERVED);
    }

    /** {@return the cursor of the attributes, before the first} */
    public AttributeDecoder attributes() {
        return table.attributes();
    }

    /** The types that are there, one bit each; of those that are not known see {@link #unknownAttribute}. */
    long presentAttributes() {
        return table.present();
    }

    /** A type that is there and not known; -1 if there is none. */
    int unknownAttribute() {
        return table.unknown();
    }

    /** {@return whether there is an attribute of the type} */
    public boolean has(int attributeType) {
        return table.has(attributeType);
    }

    /** {@return the mark's value in {@code XFRMA_MARK}; 0 if there is none} */
    public int markValue() {
        return table.fieldU32(xfrm4j_h.XFRMA_MARK(), xfrm_mark.v$offset());
    }

    /** {@return the mark's mask in {@code XFRMA_MARK}; 0 if there is none} */
    public int markMask() {
        return table.fieldU32(xfrm4j_h.XFRMA_MARK(), xfrm_mark.m$offset());
    }

    /** {@return the value of the mark that the SA has after the move: the new one, or the old one where it stays} */
    public int newMarkValue() {
        return has(xfrm4j_h.XFRMA_MARK()) ? markValue() : oldMarkValue();
    }

    /** {@return the mask of the mark that the SA has after the move} */
    public int newMarkMask() {
        return has(xfrm4j_h.XFRMA_MARK()) ? markMask() : oldMarkMask();
    }

    /** {@return where the {@code xfrm_encap_tmpl} is, from the segment's start; -1 if there is none} */
    public long encapOffset() {
        return table.offset(xfrm4j_h.XFRMA_ENCAP());
    }

    /** {@return the type in {@code XFRMA_ENCAP}; 0 if there is none} */
    public int encapType() {
        long at = encapOffset();
        return at < 0 ? 0 : Layouts.u16(segment, at + EncapEncoder.TYPE);
    }

    /** {@return the output mark; 0 if there is none} */
    public int outputMarkValue() {
        return table.u32(xfrm4j_h.XFRMA_SET_MARK(), 0);
    }

    /** {@return which bits of the output mark count; all if there is an output mark without a mask} */
    public int outputMarkMask() {
        return has(xfrm4j_h.XFRMA_SET_MARK()) ? table.u32(xfrm4j_h.XFRMA_SET_MARK_MASK(), ~0) : 0;
    }

    /** {@return the interval of NAT keepalives in seconds; 0 for none} */
    public int natKeepaliveInterval() {
        return table.u32(xfrm4j_h.XFRMA_NAT_KEEPALIVE_INTERVAL(), 0);
    }

    /** {@return the fewest seconds between two announcements of a changed NAT mapping; 0 for the default} */
    public int mappingThreshold() {
        return table.u32(xfrm4j_h.XFRMA_MTIMER_THRESH(), 0);
    }

    /** {@return the direction that a notification tells: {@code XFRM_SA_DIR_…}; 0 for none} */
    public int direction() {
        return table.u8(xfrm4j_h.XFRMA_SA_DIR());
    }

    /** {@return the index of the interface in {@code XFRMA_OFFLOAD_DEV}; 0 if there is none} */
    public int offloadIfindex() {
        return table.fieldU32(xfrm4j_h.XFRMA_OFFLOAD_DEV(), xfrm_user_offload.ifindex$offset());
    }

    /** {@return {@code XFRM_OFFLOAD_…} bits} */
    public int offloadFlags() {
        return table.fieldU8(xfrm4j_h.XFRMA_OFFLOAD_DEV(), xfrm_user_offload.flags$offset());
    }
}
