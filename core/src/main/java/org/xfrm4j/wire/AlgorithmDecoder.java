package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;
import static org.xfrm4j.wire.Layouts.U8;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;

/** Reads an algorithm with its key; for the structures see {@link AlgorithmEncoder}. */
public final class AlgorithmDecoder {
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;
    private boolean icv;
    private int headerLength;

    /** A decoder that is yet to be wrapped around memory. */
    public AlgorithmDecoder() {
    }

    /**
     * Points at the structure.
     *
     * @param attributeType the attribute that holds it, which tells which structure it is
     * @param length bytes that structure and key have: the attribute's payload length
     * @throws MalformedMessageException if they need more, or the segment ends before they do
     */
    public AlgorithmDecoder wrap(MemorySegment segment, long offset, int length, int attributeType) {
        int header = AlgorithmEncoder.headerLength(attributeType);
        Layouts.check(XfrmAttributes.name(attributeType), segment, offset, length, header);
        long bits = Integer.toUnsignedLong(segment.get(U32_HOST, offset + AlgorithmEncoder.KEY_LENGTH));
        if ((bits + 7) / 8 > length - header) {
            throw new MalformedMessageException(XfrmAttributes.name(attributeType) + ": key of " + bits
                    + " bits does not fit into " + (length - header) + " bytes");
        }
        this.segment = segment;
        this.offset = offset;
        this.headerLength = header;
        this.icv = AlgorithmEncoder.hasIcvLength(attributeType);
        return this;
    }

    /** {@return where the name starts, from the segment's start} */
    public long nameOffset() {
        return offset + AlgorithmEncoder.NAME;
    }

    /** {@return how long the name is, in bytes} */
    public int nameLength() {
        int length = 0;
        while (length < AlgorithmEncoder.MAX_NAME_LENGTH && segment.get(U8, nameOffset() + length) != 0) {
            length++;
        }
        return length;
    }

    /** {@return the length of the integrity check value, in bits; 0 for a structure that has none} */
    public int icvLength() {
        return icv ? segment.get(U32_HOST, offset + AlgorithmEncoder.ICV_LENGTH) : 0;
    }

    /** {@return the length of the key, in bits} */
    public int keyLength() {
        return segment.get(U32_HOST, offset + AlgorithmEncoder.KEY_LENGTH);
    }

    /** {@return how many bytes the key takes} */
    public int keyBytes() {
        return AlgorithmEncoder.keyBytes(keyLength());
    }

    /** {@return where the key is, from the segment's start} */
    public long keyOffset() {
        return offset + headerLength;
    }
}
