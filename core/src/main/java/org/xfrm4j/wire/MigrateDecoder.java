package org.xfrm4j.wire;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_userpolicy_type;
import org.xfrm4j.netlink.MalformedMessageException;

/**
 * Reads an XFRM_MSG_MIGRATE: a {@code struct xfrm_userpolicy_id} ({@link PolicyIdEncoder}) and its attributes.
 *
 * <p>A request holds its entries in one {@code XFRMA_MIGRATE}, one after the other, while the kernel's announcement has an
 * {@code XFRMA_MIGRATE} for each ({@code build_migrate}, net/xfrm/xfrm_user.c); this takes both.
 */
public final class MigrateDecoder {
    /** The most entries of a message, {@code XFRM_MAX_DEPTH}. */
    public static final int MAX_ENTRIES = 6;

    private final AttributeTable table = new AttributeTable();
    private final PolicyIdDecoder policy = new PolicyIdDecoder();
    private final MigrateEntryDecoder entry = new MigrateEntryDecoder();
    private final long[] entries = new long[MAX_ENTRIES];
    private MemorySegment segment = MemorySegment.NULL;
    private int count;

    /** A decoder that is yet to be wrapped around memory. */
    public MigrateDecoder() {
    }

    /**
     * Points at the message.
     *
     * @param length bytes that structure and attributes have
     * @throws MalformedMessageException if the structure or an attribute is cut short, or goes beyond the segment, or
     *     there are no entries or more than {@link #MAX_ENTRIES}
     */
    public MigrateDecoder wrap(MemorySegment segment, long offset, long length) {
        Layouts.check("xfrm_userpolicy_id", segment, offset, length, PolicyIdEncoder.LENGTH);
        this.segment = segment;
        policy.wrap(segment, offset);
        table.index(segment, offset + PolicyIdEncoder.LENGTH, length - PolicyIdEncoder.LENGTH);
        count = 0;
        AttributeDecoder attributes = table.attributes();
        while (attributes.next()) {
            if (attributes.type() == xfrm4j_h.XFRMA_MIGRATE()) {
                addEntries(attributes.payloadOffset(), attributes.payloadLength());
            }
        }
        if (count == 0) {
            throw new MalformedMessageException("XFRM_MSG_MIGRATE without XFRMA_MIGRATE");
        }
        return this;
    }

    private void addEntries(long offset, int length) {
        if (length % MigrateEntryEncoder.LENGTH != 0) {
            throw new MalformedMessageException("XFRMA_MIGRATE of " + length + " bytes, where each entry has "
                    + MigrateEntryEncoder.LENGTH);
        }
        for (int at = 0; at < length; at += MigrateEntryEncoder.LENGTH) {
            if (count == MAX_ENTRIES) {
                throw new MalformedMessageException("XFRM_MSG_MIGRATE with more than " + MAX_ENTRIES + " entries");
            }
            entries[count++] = offset + at;
        }
    }

    /** {@return the memory that is being read} */
    public MemorySegment segment() {
        return segment;
    }

    /** {@return the decoder of the selector and direction by which the policy was looked up} */
    public PolicyIdDecoder policy() {
        return policy;
    }

    /** {@return {@code XFRM_POLICY_TYPE_MAIN}, also where it is not told, or {@code XFRM_POLICY_TYPE_SUB}} */
    public int policyType() {
        return table.fieldU8(xfrm4j_h.XFRMA_POLICY_TYPE(), xfrm_userpolicy_type.type$offset());
    }

    /** {@return how many entries there are, 1 to {@link #MAX_ENTRIES}} */
    public int entryCount() {
        return count;
    }

    /**
     * An entry.
     *
     * @param index from 0
     * @return always the same decoder; what it shows changes with the next call
     * @throws IndexOutOfBoundsException if there is no such entry
     */
    public MigrateEntryDecoder entry(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("entry " + index + " of " + count);
        }
        return entry.wrap(segment, entries[index]);
    }

    /** {@return whether there is an attribute of the type} */
    public boolean has(int attributeType) {
        return table.has(attributeType);
    }

    /** {@return where the {@code xfrm_user_kmaddress} is, from the segment's start; -1 if there is none} */
    public long kmAddressOffset() {
        return table.offset(xfrm4j_h.XFRMA_KMADDRESS());
    }

    /** {@return where the {@code xfrm_encap_tmpl} is, from the segment's start; -1 if there is none} */
    public long encapOffset() {
        return table.offset(xfrm4j_h.XFRMA_ENCAP());
    }

    /** {@return the id of the XFRM interface, which only a request tells; 0 for none} */
    public int ifId() {
        return table.u32(xfrm4j_h.XFRMA_IF_ID(), 0);
    }
}
