package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_mark;
import org.xfrm4j.bindings.xfrm_user_offload;
import org.xfrm4j.netlink.MalformedMessageException;

/**
 * Reads a {@code struct xfrm_usersa_info} with its attributes: an SA as a dump, XFRM_MSG_GETSA or an event brings it.
 * For its layout see {@link SaEncoder}.
 *
 * <p>{@code wrap} copies the structure's fields, and walks the attributes once and notes where each is, so that finding
 * one takes the same time for all. Limits and usage are read where they are.
 */
public final class SaDecoder {
    private final AttributeTable table = new AttributeTable();
    private final SelectorDecoder selector = new SelectorDecoder();
    private final LifetimeDecoder lifetime = new LifetimeDecoder();
    private final UsageDecoder usage = new UsageDecoder();
    /** The structure. */
    private final long[] words = Words.of(SaEncoder.LENGTH);
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;

    /** A decoder that is yet to be wrapped around memory. */
    public SaDecoder() {
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
    public SaDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("xfrm_usersa_info", segment, offset, length, SaEncoder.LENGTH);
        return wrap(segment, offset, offset + SaEncoder.LENGTH, length - SaEncoder.LENGTH);
    }

    /** Points at a structure that was checked, whose attributes do not stand right behind it. */
    SaDecoder wrap(MemorySegment segment, long offset, long attributesOffset, long attributesLength) {
        this.segment = segment;
        this.offset = offset;
        Words.read(segment, offset, words, 0, words.length);
        table.index(segment, attributesOffset, attributesLength);
        return this;
    }

    /** {@return the memory that is being read} */
    public MemorySegment segment() {
        return segment;
    }

    /** The structure, in words; not to be changed. */
    long[] words() {
        return words;
    }

    /** {@return where the structure starts, from the segment's start} */
    public long offset() {
        return offset;
    }

    /** {@return the decoder of the selector} */
    public SelectorDecoder selector() {
        return selector.wrap(words, SaEncoder.SELECTOR);
    }

    /** {@return bytes 0 to 7 of the outer destination} */
    public long destinationHigh() {
        return Words.addressHigh(words, SaEncoder.DADDR);
    }

    /** {@return bytes 8 to 15 of the outer destination} */
    public long destinationLow() {
        return Words.addressLow(words, SaEncoder.DADDR);
    }

    /** {@return the SPI; 0 while an IKE daemon is yet to answer the kernel's acquire} */
    public int spi() {
        return Words.u32BigEndian(words, SaEncoder.SPI);
    }

    /** {@return the protocol: {@link Inet#IPPROTO_ESP}, …} */
    public int protocol() {
        return Words.u8(words, SaEncoder.PROTO);
    }

    /** {@return bytes 0 to 7 of the outer source} */
    public long sourceHigh() {
        return Words.addressHigh(words, SaEncoder.SADDR);
    }

    /** {@return bytes 8 to 15 of the outer source} */
    public long sourceLow() {
        return Words.addressLow(words, SaEncoder.SADDR);
    }

    /** {@return the decoder of the limits} */
    public LifetimeDecoder lifetime() {
        return lifetime.wrap(segment, offset + SaEncoder.LIFETIME);
    }

    /** {@return the decoder of what was used so far} */
    public UsageDecoder usage() {
        return usage.wrap(segment, offset + SaEncoder.USAGE);
    }

    /** {@return how many packets were older than the replay window} */
    public int statsReplayWindow() {
        return Words.u32(words, SaEncoder.STATS_REPLAY_WINDOW);
    }

    /** {@return how many packets were replayed} */
    public int statsReplay() {
        return Words.u32(words, SaEncoder.STATS_REPLAY);
    }

    /** {@return how many packets failed their integrity check} */
    public int statsIntegrityFailed() {
        return Words.u32(words, SaEncoder.STATS_INTEGRITY_FAILED);
    }

    /** {@return the {@code seq} of the acquire that this SA answers; 0 for none} */
    public int seq() {
        return Words.u32(words, SaEncoder.SEQ);
    }

    /** {@return the reqid; 0 for none} */
    public int reqid() {
        return Words.u32(words, SaEncoder.REQID);
    }

    /** {@return the family of the outer addresses} */
    public int family() {
        return Words.u16(words, SaEncoder.FAMILY);
    }

    /** {@return the mode, {@code XFRM_MODE_…}} */
    public int mode() {
        return Words.u8(words, SaEncoder.MODE);
    }

    /** {@return the size of the replay window in packets; 0 where {@code XFRMA_REPLAY_ESN_VAL} tells it} */
    public int replayWindow() {
        return Words.u8(words, SaEncoder.REPLAY_WINDOW);
    }

    /** {@return {@code XFRM_STATE_…} bits} */
    public int flags() {
        return Words.u8(words, SaEncoder.FLAGS);
    }

    /** {@return the cursor of the attributes, before the first} */
    public AttributeDecoder attributes() {
        return table.attributes();
    }

    /** {@return whether there is an attribute of the type} */
    public boolean has(int attributeType) {
        return table.has(attributeType);
    }

    /** {@return where the payload of the attribute is, from the segment's start; -1 if there is none} */
    public long attributeOffset(int attributeType) {
        return table.offset(attributeType);
    }

    /** {@return how many bytes the payload of the attribute has; -1 if there is none} */
    public int attributeLength(int attributeType) {
        return table.length(attributeType);
    }

    /** {@return the value of an attribute that holds 8 bits; 0 if there is none} */
    public int u8(int attributeType) {
        return table.u8(attributeType);
    }

    /** {@return the value of an attribute that holds 16 bits; 0 if there is none} */
    public int u16(int attributeType) {
        return table.u16(attributeType);
    }

    /** {@return the value of an attribute that holds 32 bits; {@code otherwise} if there is none} */
    public int u32(int attributeType, int otherwise) {
        return table.u32(attributeType, otherwise);
    }

    /** {@return the value of an attribute that holds 64 bits; 0 if there is none} */
    public long u64(int attributeType) {
        return table.u64(attributeType);
    }

    /** {@return bytes 0 to 7 of an attribute that holds an address; 0 if there is none} */
    public long addressHigh(int attributeType) {
        return has(attributeType) ? Layouts.addressHigh(segment, attributeOffset(attributeType)) : 0;
    }

    /** {@return bytes 8 to 15 of an attribute that holds an address; 0 if there is none} */
    public long addressLow(int attributeType) {
        return has(attributeType) ? Layouts.addressLow(segment, attributeOffset(attributeType)) : 0;
    }

    /** {@return the mark's value; 0 if the SA has none} */
    public int markValue() {
        return table.fieldU32(xfrm4j_h.XFRMA_MARK(), xfrm_mark.v$offset());
    }

    /** {@return the mark's mask; 0 if the SA has none} */
    public int markMask() {
        return table.fieldU32(xfrm4j_h.XFRMA_MARK(), xfrm_mark.m$offset());
    }

    /** {@return where the {@code xfrm_encap_tmpl} is, from the segment's start; -1 if the SA has none} */
    public long encapOffset() {
        return table.offset(xfrm4j_h.XFRMA_ENCAP());
    }

    /** {@return the type of encapsulation; 0 for none} */
    public int encapType() {
        long at = encapOffset();
        return at < 0 ? 0 : Layouts.u16(segment, at + EncapEncoder.TYPE);
    }

    /** {@return the mark that packets get after the transform} */
    public int outputMarkValue() {
        return table.u32(xfrm4j_h.XFRMA_SET_MARK(), 0);
    }

    /** {@return which bits of the output mark count; all if the SA has an output mark without a mask} */
    public int outputMarkMask() {
        return has(xfrm4j_h.XFRMA_SET_MARK()) ? table.u32(xfrm4j_h.XFRMA_SET_MARK_MASK(), ~0) : 0;
    }

    /** {@return the id of the XFRM interface; 0 for none} */
    public int ifId() {
        return table.u32(xfrm4j_h.XFRMA_IF_ID(), 0);
    }

    /** {@return {@code XFRM_SA_DIR_IN}, {@code XFRM_SA_DIR_OUT}, or 0 where it was not told} */
    public int direction() {
        return table.u8(xfrm4j_h.XFRMA_SA_DIR());
    }

    /** {@return the interval of NAT keepalives in seconds; 0 for none} */
    public int natKeepaliveInterval() {
        return table.u32(xfrm4j_h.XFRMA_NAT_KEEPALIVE_INTERVAL(), 0);
    }

    /** {@return the fewest seconds between two announcements of a changed NAT mapping; 0 for the default} */
    public int mappingThreshold() {
        return table.u32(xfrm4j_h.XFRMA_MTIMER_THRESH(), 0);
    }

    /** {@return the index of the interface that the SA is offloaded to; 0 for none} */
    public int offloadIfindex() {
        return table.fieldU32(xfrm4j_h.XFRMA_OFFLOAD_DEV(), xfrm_user_offload.ifindex$offset());
    }

    /** {@return {@code XFRM_OFFLOAD_…} bits} */
    public int offloadFlags() {
        return table.fieldU8(xfrm4j_h.XFRMA_OFFLOAD_DEV(), xfrm_user_offload.flags$offset());
    }
}
