package org.xfrm4j.sa;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.wire.SaDecoder;
import org.xfrm4j.wire.SaEncoder;

/**
 * A Security Association with all that the kernel keeps of it (RFC 4301, section 4.4.2): {@code struct
 * xfrm_usersa_info} and every {@code XFRMA_…} that may go with it. Made with {@link #builder}, or read with {@link
 * #from}.
 *
 * <p>Builder and reader differ in what they take: the builder refuses what the kernel would refuse, the reader takes
 * what the kernel has, such as an SA without an SPI that waits for an IKE daemon, or a mode that is not known here.
 *
 * @param id destination, SPI, protocol and mark
 * @param source the outer source
 * @param selector which traffic it is for
 * @param mode how it wraps packets
 * @param direction which way its packets go
 * @param reqid binds it to templates of policies; 0 for none
 * @param seq the {@code seq} of the acquire that it answers; 0 for none
 * @param flags {@code FLAG_…}
 * @param extraFlags {@code EXTRA_FLAG_…}
 * @param ifId the id of its XFRM interface; 0 for none
 * @param cpu the CPU that it is for (RFC 9611); {@link #NO_CPU} for all
 * @param algorithms its algorithms, keys included
 * @param lifetime its limits
 * @param usage what it has been used so far; the kernel tells this, and ignores it when written
 * @param stats what it has dropped; the kernel tells this, and ignores it when written
 * @param lastUsed when its last packet passed, in seconds since 1970; 0 for never or not kept
 * @param replayWindow size of the classic replay window in packets, up to 32; 0 with {@link ReplayEsn}
 * @param replay its sequence numbers; null for those of a new SA
 * @param encap its encapsulation; null for none
 * @param natKeepaliveInterval seconds between NAT keepalives; 0 for none
 * @param mappingThreshold the fewest seconds between two announcements of a changed NAT mapping; 0 for the default
 * @param outputMark the mark that packets get after the transform
 * @param tfcPadding size to which packets are padded, in bytes (traffic flow confidentiality); 0 for none
 * @param offload its offload; null for none
 * @param careOfAddress Mobile IPv6: the care-of address; null for none
 * @param securityContext the label of an LSM; null for none
 * @param iptfs options of {@link Mode#IPTFS}; null for none
 * @param replayThreshold packets between two events of its sequence numbers; null for the system's default. The kernel
 *     does not tell it
 * @param eventTimerThreshold time between such events, in the kernel's own ticks (jiffies: CONFIG_HZ of them are a
 *     second); null for the system's default. The kernel does not tell it here, and elsewhere in tenths of a second
 *     ({@link Counters})
 * @param initialUsage what it has been used before it is written, for an SA that is restored; null for nothing
 * @param otherAttributes attributes that are not known here, which are written back unchanged
 */
public record SecurityAssociation(
        SaId id,
        IpAddress source,
        Selector selector,
        Mode mode,
        Direction direction,
        int reqid,
        int seq,
        int flags,
        int extraFlags,
        int ifId,
        int cpu,
        List<Algorithm> algorithms,
        Lifetime lifetime,
        Usage usage,
        Stats stats,
        long lastUsed,
        int replayWindow,
        Replay replay,
        Encap encap,
        int natKeepaliveInterval,
        int mappingThreshold,
        Mark outputMark,
        int tfcPadding,
        Offload offload,
        IpAddress careOfAddress,
        SecurityContext securityContext,
        Iptfs iptfs,
        Integer replayThreshold,
        Integer eventTimerThreshold,
        Usage initialUsage,
        List<RawAttribute> otherAttributes) {
    /** ECN is not copied to the outer header. */
    public static final int FLAG_NO_ECN = xfrm4j_h.XFRM_STATE_NOECN();
    /** DSCP is copied to the inner header. */
    public static final int FLAG_DECAP_DSCP = xfrm4j_h.XFRM_STATE_DECAP_DSCP();
    /** No path MTU discovery. The kernel sets it by itself where {@code ip_no_pmtu_disc} says so. */
    public static final int FLAG_NO_PMTU_DISCOVERY = xfrm4j_h.XFRM_STATE_NOPMTUDISC();
    /** Mobile IPv6: takes packets of any source. */
    public static final int FLAG_WILD_RECEIVE = xfrm4j_h.XFRM_STATE_WILDRECV();
    /** ICMP errors are matched by the packet inside them. */
    public static final int FLAG_ICMP = xfrm4j_h.XFRM_STATE_ICMP();
    /** The selector may be of no family. */
    public static final int FLAG_AF_UNSPEC = xfrm4j_h.XFRM_STATE_AF_UNSPEC();
    /** AH: aligned to 4 bytes. */
    public static final int FLAG_ALIGN4 = xfrm4j_h.XFRM_STATE_ALIGN4();
    /** Extended sequence numbers. */
    public static final int FLAG_ESN = xfrm4j_h.XFRM_STATE_ESN();
    /** DSCP is not copied to the outer header. */
    public static final int EXTRA_FLAG_DONT_ENCAP_DSCP = xfrm4j_h.XFRM_SA_XFLAG_DONT_ENCAP_DSCP();
    /** The outgoing sequence number may wrap. */
    public static final int EXTRA_FLAG_OSEQ_MAY_WRAP = xfrm4j_h.XFRM_SA_XFLAG_OSEQ_MAY_WRAP();
    /** For all CPUs. */
    public static final int NO_CPU = -1;

    /**
     * Checks what holds for any SA.
     *
     * @throws IllegalArgumentException if a field has more bits than the kernel's, or the outer addresses differ in
     *     family
     * @throws NullPointerException if a field is null that must not be; the message names it
     */
    public SecurityAssociation {
        Check.notNull("id", id);
        Check.notNull("source", source);
        Check.notNull("selector", selector);
        Check.notNull("mode", mode);
        Check.notNull("direction", direction);
        Check.notNull("lifetime", lifetime);
        Check.notNull("usage", usage);
        Check.notNull("stats", stats);
        Check.notNull("output mark", outputMark);
        Check.range("flags", flags, 0, 255);
        Check.range("replay window", replayWindow, 0, 255);
        if (source.family() != id.destination().family()) {
            throw new IllegalArgumentException("source: " + source + " and destination " + id.destination()
                    + " of different families");
        }
        algorithms = List.copyOf(algorithms);
        otherAttributes = List.copyOf(otherAttributes);
    }

    /**
     * {@return a builder of an SA of ESP in tunnel mode without limits, in which the addresses and the SPI are missing}
     */
    public static SecurityAssociationBuilder builder() {
        return new SecurityAssociationBuilder();
    }

    /** {@return a builder that starts with this SA} */
    public SecurityAssociationBuilder toBuilder() {
        return new SecurityAssociationBuilder(this);
    }

    /** {@return whether an attribute has a component of its own; the others are {@link #otherAttributes}} */
    public static boolean hasComponentFor(int attributeType) {
        return SaReader.isKnown(attributeType);
    }

    /**
     * The SA that is there. Keys are copied; the caller wipes them ({@link #wipeKeys}) when done.
     *
     * @param sa an SA as a dump, XFRM_MSG_GETSA or an event brings it
     * @return the SA
     * @throws MalformedMessageException if its bytes do not form one
     */
    public static SecurityAssociation from(SaDecoder sa) {
        try {
            return SaReader.read(sa);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("SA spi " + Check.hex32(sa.spi()) + ": " + e.getMessage());
        }
    }

    /**
     * Writes the payload of XFRM_MSG_NEWSA or XFRM_MSG_UPDSA, keys included: the caller wipes that memory.
     *
     * @param segment the memory
     * @param offset where it goes: behind the {@code nlmsghdr}
     * @return its size in bytes
     * @throws IllegalStateException if a key was wiped
     * @throws IndexOutOfBoundsException if the segment is too small
     */
    public int encode(MemorySegment segment, long offset) {
        return encode(new SaEncoder().wrap(segment, offset));
    }

    /**
     * Writes the payload of XFRM_MSG_NEWSA or XFRM_MSG_UPDSA, keys included: the caller wipes that memory.
     *
     * @param encoder where to; already wrapped
     * @return its size in bytes
     * @throws IllegalStateException if a key was wiped
     * @throws IndexOutOfBoundsException if the segment is too small
     */
    public int encode(SaEncoder encoder) {
        return SaWriter.write(this, encoder);
    }

    /** Wipes all keys, for good and in every value that holds them. */
    public void wipeKeys() {
        algorithms.forEach(algorithm -> algorithm.key().wipe());
    }

    /** {@return the family of the outer addresses} */
    public AddressFamily family() {
        return source.family();
    }

    /** {@return the outer destination} */
    public IpAddress destination() {
        return id.destination();
    }

    /** {@return the SPI} */
    public int spi() {
        return id.spi();
    }

    /** {@return the protocol} */
    public Protocol protocol() {
        return id.protocol();
    }

    /** {@return the mark} */
    public Mark mark() {
        return id.mark();
    }

    /**
     * {@return the algorithm of a kind, if the SA has one}
     *
     * @param <A> the kind
     * @param kind its class
     */
    public <A extends Algorithm> Optional<A> algorithm(Class<A> kind) {
        return algorithms.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    /** {@return the SA as {@code ip -d xfrm state} prints it, without keys} */
    @Override
    public String toString() {
        return SaPrinter.print(this);
    }
}
