package org.xfrm4j.wire;

import static org.xfrm4j.wire.Layouts.U32_HOST;
import static org.xfrm4j.wire.Layouts.U32_LITTLE_ENDIAN;
import static org.xfrm4j.wire.Layouts.U8;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_user_migrate_state;

/**
 * Writes a {@code struct xfrm_user_migrate_state} and its attributes: XFRM_MSG_MIGRATE_STATE of Linux 7.2, which moves
 * one SA to new addresses.
 *
 * <pre>{@code
 * struct xfrm_user_migrate_state {
 *     struct xfrm_usersa_id  id;            //   0  { daddr, 16 __be32 spi, 20 family, 22 proto }, 1 byte of padding
 *     xfrm_address_t         new_daddr;     //  24
 *     xfrm_address_t         new_saddr;     //  40
 *     struct xfrm_mark       old_mark;      //  56  { v, 60 m }
 *     struct xfrm_selector   new_sel;       //  64
 *     __u32                  new_reqid;     // 120
 *     __u32                  flags;         // 124
 *     __u16                  new_family;    // 128
 *     __u16                  reserved;      // 130
 * };                                        // 132
 * }</pre>
 *
 * <p><b>Zero never means "keep".</b> Addresses, family, reqid and selector are taken as they stand. So each must be
 * given, or all together from the SA with {@link #from}; {@link #encode} refuses a message that lacks one.
 *
 * <p><b>The structure</b> is collected here and put into memory as a whole, by {@link #encode}. Attributes, and a
 * selector that is given field by field ({@link #newSelector()}), are written to their place at once.
 *
 * <p><b>Attributes</b> do mean "keep" when they are left out. For each there are three methods: {@code inherit…} (what
 * a new message starts with), one that sets, and {@code remove…}. The last call counts.
 *
 * <p>To move an SA that a dump brought:
 * <pre>{@code
 * message.wrap(batch, offset).from(sa).newDestination(high, low);
 * int length = message.encode();
 * }</pre>
 *
 * <p>Nothing is checked here beyond completeness: see {@link MigrateStateRules}.
 */
public final class MigrateStateEncoder {
    /** Size of the structure, in bytes. */
    public static final int LENGTH = (int) xfrm_user_migrate_state.sizeof();

    static final long ID = xfrm_user_migrate_state.id$offset();
    static final long NEW_DADDR = xfrm_user_migrate_state.new_daddr$offset();
    static final long NEW_SADDR = xfrm_user_migrate_state.new_saddr$offset();
    static final long OLD_MARK = xfrm_user_migrate_state.old_mark$offset();
    static final long NEW_SEL = xfrm_user_migrate_state.new_sel$offset();
    static final long NEW_REQID = xfrm_user_migrate_state.new_reqid$offset();
    static final long FLAGS = xfrm_user_migrate_state.flags$offset();
    static final long NEW_FAMILY = xfrm_user_migrate_state.new_family$offset();
    static final long RESERVED = xfrm_user_migrate_state.reserved$offset();

    private static final int CLEAR_OFFLOAD = xfrm4j_h.XFRM_MIGRATE_STATE_CLEAR_OFFLOAD();
    private static final int UPDATE_H2H_SEL = xfrm4j_h.XFRM_MIGRATE_STATE_UPDATE_H2H_SEL();

    // Fields that must be given, one bit each.
    private static final int GAVE_ID = 1;
    private static final int GAVE_NEW_DADDR = 1 << 1;
    private static final int GAVE_NEW_SADDR = 1 << 2;
    private static final int GAVE_NEW_FAMILY = 1 << 3;
    private static final int GAVE_NEW_REQID = 1 << 4;
    private static final int GAVE_NEW_SEL = 1 << 5;
    private static final int GAVE_ALL = (1 << 6) - 1;
    private static final String[] FIELDS = {
        "id", "new_daddr", "new_saddr", "new_family", "new_reqid", "new_sel"
    };

    // Attributes, by slot: where in the message each stands. The output mark and its mask are one slot.
    private static final int MARK = 0;
    private static final int ENCAP = 1;
    private static final int OFFLOAD = 2;
    private static final int OUTPUT_MARK = 3;
    private static final int NAT_KEEPALIVE = 4;
    private static final int MAPPING_THRESHOLD = 5;
    private static final int SLOTS = 6;
    private static final int U32_ATTRIBUTE = AttributeEncoder.HEADER_LENGTH + 4;
    private static final int U64_ATTRIBUTE = AttributeEncoder.HEADER_LENGTH + 8;

    /** The longest that a message can be, attributes included, in bytes. */
    public static final int MAX_ENCODED_LENGTH = LENGTH
            + 2 * U64_ATTRIBUTE + AttributeEncoder.HEADER_LENGTH + EncapEncoder.LENGTH + 4 * U32_ATTRIBUTE;

    /** The words before the selector, those of the selector, and the one behind it: reqid and flags. */
    private static final int WORDS_BEFORE_SELECTOR = Words.index(NEW_SEL);
    private static final int SELECTOR_WORDS = Words.index(SelectorEncoder.LENGTH);
    private static final int WORDS = Words.index(NEW_FAMILY);

    private final SelectorEncoder selector = new SelectorEncoder();
    private final EncapEncoder encap = new EncapEncoder();
    private final int[] attributeAt = new int[SLOTS];
    /** The structure up to the new family. */
    private final long[] words = Words.of(NEW_FAMILY);
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;
    private int given;
    private int length;
    private int flags;
    private int newReqid;
    private int newFamily;
    /** Whether the selector is in memory already. */
    private boolean selectorInPlace;
    /** Which slots are used, one bit each; the places of the others mean nothing. */
    private int present;

    /** An encoder that is yet to be wrapped around memory. */
    public MigrateStateEncoder() {
    }

    /**
     * Starts a message in which nothing is given yet; it has no flags, no old mark and inherits all attributes.
     *
     * @param segment the memory to write to
     * @param offset where the structure starts: behind the {@code nlmsghdr}. Up to {@link #MAX_ENCODED_LENGTH} bytes
     *     are written from there
     * @return this
     */
    public MigrateStateEncoder wrap(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
        this.given = 0;
        this.length = LENGTH;
        this.present = 0;
        this.flags = 0;
        this.selectorInPlace = false;
        // What nobody needs to give. All else is set by what gives it, and a message that lacks it is not sent.
        words[Words.index(OLD_MARK)] = 0;
        return this;
    }

    /**
     * Starts again with the message that leaves the SA as it is: names it, with its own mark, and gives as new what it
     * has now. Whatever is to change is then set. The SA's bytes may be overwritten afterwards.
     *
     * @param sa the SA, as a dump or XFRM_MSG_GETSA brings it
     * @return this
     */
    public MigrateStateEncoder from(SaDecoder sa) {
        wrap(segment, offset);
        long[] source = sa.words();
        long destinationHigh = source[Words.index(SaEncoder.DADDR)];
        long destinationLow = source[Words.index(SaEncoder.DADDR) + 1];
        newFamily = sa.family();
        words[Words.index(ID + SaIdEncoder.DADDR)] = destinationHigh;
        words[Words.index(ID + SaIdEncoder.DADDR) + 1] = destinationLow;
        words[Words.index(ID + SaIdEncoder.SPI)] = SaIdEncoder.word(sa.spi(), newFamily, sa.protocol());
        words[Words.index(NEW_DADDR)] = destinationHigh;
        words[Words.index(NEW_DADDR) + 1] = destinationLow;
        words[Words.index(NEW_SADDR)] = source[Words.index(SaEncoder.SADDR)];
        words[Words.index(NEW_SADDR) + 1] = source[Words.index(SaEncoder.SADDR) + 1];
        System.arraycopy(source, Words.index(SaEncoder.SELECTOR), words, WORDS_BEFORE_SELECTOR, SELECTOR_WORDS);
        SelectorEncoder.clearPadding(words, NEW_SEL);
        newReqid = sa.reqid();
        given = GAVE_ALL;
        if (sa.has(xfrm4j_h.XFRMA_MARK())) {
            // Sent also where it is inherited, so that it is exact however the kernel looks marks up.
            int value = sa.markValue();
            int mask = sa.markMask();
            oldMark(value, mask);
            mark(value, mask);
        }
        return this;
    }

    /** Names the SA to move: its destination now, SPI, family of its outer addresses, and protocol. */
    public MigrateStateEncoder id(long destinationHigh, long destinationLow, int spi, int family, int protocol) {
        Words.address(words, ID + SaIdEncoder.DADDR, destinationHigh, destinationLow);
        words[Words.index(ID + SaIdEncoder.SPI)] = SaIdEncoder.word(spi, family, protocol);
        given |= GAVE_ID;
        return this;
    }

    /**
     * The mark of the SA to move, exactly as the SA has it; {0, 0}, which a new message starts with, for none. The
     * moved SA keeps it unless {@link #mark} or {@link #removeMark} say otherwise.
     */
    public MigrateStateEncoder oldMark(int value, int mask) {
        Words.pair(words, OLD_MARK, value, mask);
        return this;
    }

    /** The new destination. */
    public MigrateStateEncoder newDestination(long high, long low) {
        Words.address(words, NEW_DADDR, high, low);
        given |= GAVE_NEW_DADDR;
        return this;
    }

    /** The new source. */
    public MigrateStateEncoder newSource(long high, long low) {
        Words.address(words, NEW_SADDR, high, low);
        given |= GAVE_NEW_SADDR;
        return this;
    }

    /** Family of the new addresses. */
    public MigrateStateEncoder newFamily(int family) {
        newFamily = family;
        given |= GAVE_NEW_FAMILY;
        return this;
    }

    /** The new reqid; 0 is none, it does not mean "keep". */
    public MigrateStateEncoder newReqid(int reqid) {
        newReqid = reqid;
        given |= GAVE_NEW_REQID;
        return this;
    }

    /**
     * {@return the encoder of the new selector, which starts as the selector of all traffic of either family} Takes
     * back {@link #updateHostToHostSelector}.
     */
    public SelectorEncoder newSelector() {
        givenSelector(true);
        return selector.wrap(segment, offset + NEW_SEL);
    }

    /** The new selector, copied from a {@code struct xfrm_selector} elsewhere. */
    public MigrateStateEncoder newSelector(MemorySegment source, long sourceOffset) {
        givenSelector(false);
        Words.read(source, sourceOffset, words, WORDS_BEFORE_SELECTOR, SELECTOR_WORDS);
        SelectorEncoder.clearPadding(words, NEW_SEL);
        return this;
    }

    /**
     * The new selector, of all traffic between two prefixes, lengths in bits. Faster than {@link #newSelector()}.
     *
     * @param family that of both; {@code AF_UNSPEC} matches either
     */
    public MigrateStateEncoder newSelector(int family, long destinationHigh, long destinationLow,
            int destinationPrefixLength, long sourceHigh, long sourceLow, int sourcePrefixLength) {
        givenSelector(false);
        Words.address(words, NEW_SEL + SelectorEncoder.DADDR, destinationHigh, destinationLow);
        Words.address(words, NEW_SEL + SelectorEncoder.SADDR, sourceHigh, sourceLow);
        words[Words.index(NEW_SEL + SelectorEncoder.DPORT)] = 0;
        words[Words.index(NEW_SEL + SelectorEncoder.FAMILY)] =
                SelectorEncoder.word(family, destinationPrefixLength, sourcePrefixLength);
        words[Words.index(NEW_SEL + SelectorEncoder.IFINDEX)] = 0;
        return this;
    }

    /**
     * Has the kernel make the new selector: from new source to new destination, one host each. The SA's selector now
     * must be of that kind.
     */
    public MigrateStateEncoder updateHostToHostSelector() {
        givenSelector(false);
        flags |= UPDATE_H2H_SEL;
        // The kernel does not read it; zero rather than what was there before.
        Arrays.fill(words, WORDS_BEFORE_SELECTOR, WORDS_BEFORE_SELECTOR + SELECTOR_WORDS, 0);
        return this;
    }

    private void givenSelector(boolean inPlace) {
        flags &= ~UPDATE_H2H_SEL;
        selectorInPlace = inPlace;
        given |= GAVE_NEW_SEL;
    }

    /** Keeps the mark that {@link #oldMark} told. */
    public MigrateStateEncoder inheritMark() {
        return remove(MARK, U64_ATTRIBUTE);
    }

    /** The mark of the moved SA: for the lookup of incoming packets, and of outgoing ones. */
    public MigrateStateEncoder mark(int value, int mask) {
        long at = place(MARK, xfrm4j_h.XFRMA_MARK(), 8, U64_ATTRIBUTE);
        segment.set(U32_HOST, at, value);
        segment.set(U32_HOST, at + 4, mask);
        return this;
    }

    /** The moved SA shall have no mark. */
    public MigrateStateEncoder removeMark() {
        return mark(0, 0);
    }

    /** Keeps the encapsulation, or that there is none. */
    public MigrateStateEncoder inheritEncap() {
        return remove(ENCAP, AttributeEncoder.HEADER_LENGTH + EncapEncoder.LENGTH);
    }

    /** ESP in UDP, with the ports of new source and new destination. */
    public MigrateStateEncoder encap(int sourcePort, int destinationPort) {
        return encap(Inet.UDP_ENCAP_ESPINUDP, sourcePort, destinationPort, 0, 0);
    }

    /**
     * Encapsulation of any type, which for Linux 7.2 can only be {@link Inet#UDP_ENCAP_ESPINUDP}, with ports and the
     * peer's address before NAT.
     */
    public MigrateStateEncoder encap(int type, int sourcePort, int destinationPort,
            long originalAddressHigh, long originalAddressLow) {
        encap.wrap(segment, place(ENCAP, xfrm4j_h.XFRMA_ENCAP(), EncapEncoder.LENGTH,
                        AttributeEncoder.HEADER_LENGTH + EncapEncoder.LENGTH))
                .type(type)
                .ports(sourcePort, destinationPort)
                .originalAddress(originalAddressHigh, originalAddressLow);
        return this;
    }

    /** The moved SA shall have no encapsulation; NAT keepalive and mapping threshold go with it. */
    public MigrateStateEncoder removeEncap() {
        return encap(0, 0, 0, 0, 0);
    }

    /** Keeps the offload to a device, or that there is none. */
    public MigrateStateEncoder inheritOffload() {
        flags &= ~CLEAR_OFFLOAD;
        return remove(OFFLOAD, U64_ATTRIBUTE);
    }

    /** Offload to a device, with {@code XFRM_OFFLOAD_…} bits. */
    public MigrateStateEncoder offload(int ifindex, int flags) {
        this.flags &= ~CLEAR_OFFLOAD;
        long at = place(OFFLOAD, xfrm4j_h.XFRMA_OFFLOAD_DEV(), 8, U64_ATTRIBUTE);
        segment.set(U32_HOST, at, ifindex);
        segment.set(U32_HOST, at + 4, 0);
        segment.set(U8, at + 4, (byte) flags);
        return this;
    }

    /** The moved SA shall not be offloaded. */
    public MigrateStateEncoder removeOffload() {
        remove(OFFLOAD, U64_ATTRIBUTE);
        flags |= CLEAR_OFFLOAD;
        return this;
    }

    /** Keeps the output mark, or that there is none. */
    public MigrateStateEncoder inheritOutputMark() {
        return remove(OUTPUT_MARK, 2 * U32_ATTRIBUTE);
    }

    /** The mark that packets get after the transform, and which of its bits count. */
    public MigrateStateEncoder outputMark(int value, int mask) {
        // Always both: the mask alone is ignored, the value alone stands for all bits.
        long at = place(OUTPUT_MARK, xfrm4j_h.XFRMA_SET_MARK(), 4, 2 * U32_ATTRIBUTE);
        segment.set(U32_HOST, at, value);
        AttributeEncoder.writeHeader(segment, at + 4, xfrm4j_h.XFRMA_SET_MARK_MASK(), 4);
        segment.set(U32_HOST, at + 4 + AttributeEncoder.HEADER_LENGTH, mask);
        return this;
    }

    /** The moved SA shall have no output mark. */
    public MigrateStateEncoder removeOutputMark() {
        return outputMark(0, 0);
    }

    /** Keeps the NAT keepalive, or that there is none. */
    public MigrateStateEncoder inheritNatKeepalive() {
        return remove(NAT_KEEPALIVE, U32_ATTRIBUTE);
    }

    /** Seconds between NAT keepalives; for an outgoing SA with encapsulation. */
    public MigrateStateEncoder natKeepalive(int seconds) {
        segment.set(U32_HOST,
                place(NAT_KEEPALIVE, xfrm4j_h.XFRMA_NAT_KEEPALIVE_INTERVAL(), 4, U32_ATTRIBUTE), seconds);
        return this;
    }

    /** The moved SA shall send no NAT keepalives. */
    public MigrateStateEncoder removeNatKeepalive() {
        return natKeepalive(0);
    }

    /** Keeps the mapping threshold, or that there is none. */
    public MigrateStateEncoder inheritMappingThreshold() {
        return remove(MAPPING_THRESHOLD, U32_ATTRIBUTE);
    }

    /** The fewest seconds between two XFRM_MSG_MAPPING; for an incoming SA with encapsulation. */
    public MigrateStateEncoder mappingThreshold(int seconds) {
        segment.set(U32_HOST,
                place(MAPPING_THRESHOLD, xfrm4j_h.XFRMA_MTIMER_THRESH(), 4, U32_ATTRIBUTE), seconds);
        return this;
    }

    /**
     * The moved SA shall have no mapping threshold. The kernel takes this, too, only for an SA that is not outgoing and
     * will have encapsulation.
     */
    public MigrateStateEncoder removeMappingThreshold() {
        return mappingThreshold(0);
    }

    /** {@return the memory that is written to} */
    public MemorySegment segment() {
        return segment;
    }

    /** {@return where the structure starts, from the segment's start} */
    public long offset() {
        return offset;
    }

    /**
     * Puts the structure into memory: the message is complete, until something of it is set again.
     *
     * @return the size of structure and attributes, in bytes
     * @throws IllegalStateException if a field was not given; the message names it
     */
    public int encode() {
        if (given != GAVE_ALL) {
            throw new IllegalStateException("xfrm_user_migrate_state lacks " + missing()
                    + ": zero would not mean \"keep\", so each must be given");
        }
        Words.pair(words, NEW_REQID, newReqid, flags);
        if (selectorInPlace) {
            Words.write(words, 0, WORDS_BEFORE_SELECTOR, segment, offset);
            Words.write(words, Words.index(NEW_REQID), 1, segment, offset + NEW_REQID);
        } else {
            Words.write(words, 0, WORDS, segment, offset);
        }
        // Family and what is reserved.
        segment.set(U32_LITTLE_ENDIAN, offset + NEW_FAMILY, newFamily & 0xffff);
        return length;
    }

    private String missing() {
        StringBuilder missing = new StringBuilder();
        for (int i = 0; i < FIELDS.length; i++) {
            if ((given >>> i & 1) == 0) {
                missing.append(missing.isEmpty() ? "" : ", ").append(FIELDS[i]);
            }
        }
        return missing.toString();
    }

    /** Finds or makes room for an attribute, and returns where its payload goes. */
    private long place(int slot, int type, int payloadLength, int slotLength) {
        if ((present >>> slot & 1) == 0) {
            present |= 1 << slot;
            attributeAt[slot] = length;
            length += slotLength;
            AttributeEncoder.writeHeader(segment, offset + attributeAt[slot], type, payloadLength);
        }
        return offset + attributeAt[slot] + AttributeEncoder.HEADER_LENGTH;
    }

    /** Takes an attribute out again, and moves up those behind it. */
    private MigrateStateEncoder remove(int slot, int slotLength) {
        if ((present >>> slot & 1) != 0) {
            int at = attributeAt[slot];
            int end = at + slotLength;
            MemorySegment.copy(segment, offset + end, segment, offset + at, length - end);
            present &= ~(1 << slot);
            length -= slotLength;
            for (int i = 0; i < SLOTS; i++) {
                if (attributeAt[i] > at) {
                    attributeAt[i] -= slotLength;
                }
            }
        }
        return this;
    }
}
