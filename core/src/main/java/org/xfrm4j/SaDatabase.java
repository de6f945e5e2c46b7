package org.xfrm4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.DumpInterruptedException;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.netlink.RequestSocket;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SpiRequest;
import org.xfrm4j.wire.AddressFilterEncoder;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.SaDecoder;
import org.xfrm4j.wire.SaExpireEncoder;
import org.xfrm4j.wire.SaFlushEncoder;
import org.xfrm4j.wire.SaIdEncoder;
import org.xfrm4j.wire.SpiRequestEncoder;

/**
 * The kernel's Security Association Database (RFC 4301, section 4.4.2) in one network namespace. Belongs to the thread
 * of its {@link Xfrm}. Every method needs CAP_NET_ADMIN there; without it the kernel answers EPERM.
 */
public final class SaDatabase {
    private final SingleRequest request;
    private final BatchAdder<SecurityAssociation, SaId, AddRefusal> additions;
    private final SaIdEncoder id = new SaIdEncoder();
    private final SaFlushEncoder flush = new SaFlushEncoder();
    private final AttributeEncoder attributes = new AttributeEncoder();
    private final AddressFilterEncoder addressFilter = new AddressFilterEncoder();
    private final SaDecoder found = new SaDecoder();
    private final SpiRequestEncoder spiRequest = new SpiRequestEncoder();
    private final SaExpireEncoder expire = new SaExpireEncoder();
    private final SaSequenceNumbers sequenceNumbers;

    SaDatabase(RequestSocket socket, SingleRequest request) {
        this.request = request;
        this.additions = new BatchAdder<>(socket, xfrm4j_h.XFRM_MSG_NEWSA(), SecurityAssociation::id,
                SecurityAssociation::encode, AddRefusal::new);
        this.sequenceNumbers = new SaSequenceNumbers(request);
    }

    /**
     * Adds an SA (XFRM_MSG_NEWSA). The keys pass through native memory, which is wiped at once.
     *
     * @param sa the SA
     * @throws XfrmException if the kernel refuses, for instance EEXIST where there is such an SA
     */
    public void add(SecurityAssociation sa) {
        write(xfrm4j_h.XFRM_MSG_NEWSA(), sa);
    }

    /**
     * Updates an SA (XFRM_MSG_UPDSA): replaces a larval one, or changes limits and encapsulation of another.
     *
     * @param sa the SA, whole
     * @throws XfrmException if the kernel refuses, for instance ESRCH where there is no such SA
     */
    public void update(SecurityAssociation sa) {
        write(xfrm4j_h.XFRM_MSG_UPDSA(), sa);
    }

    private void write(int messageType, SecurityAssociation sa) {
        long payload = request.begin(messageType, 0);
        try {
            request.sendOrThrow(sa.encode(request.segment(), payload), sa.id());
        } finally {
            request.wipe();
        }
    }

    /**
     * Adds many SAs, in batches; those that the kernel refuses do not keep the others out.
     *
     * @param sas the SAs
     * @return one entry for each that was refused; empty when all were added
     * @throws NetlinkException when a batch could not be sent, or answers were lost: SAs of earlier batches were added
     */
    public List<AddRefusal> addAll(Iterable<SecurityAssociation> sas) {
        return additions.addAll(sas);
    }

    /**
     * An SA that was not added.
     *
     * @param index its place among those given, from 0
     * @param id what names it
     * @param refusal why
     */
    public record AddRefusal(int index, SaId id, Refusal refusal) {
    }

    /**
     * Reserves an SPI (XFRM_MSG_ALLOCSPI) by making a larval SA, which waits for {@link #update} to complete it. The
     * kernel deletes it after {@code net.core.xfrm_acq_expires} seconds, announced as a hard expiry.
     *
     * <p>Where the kernel already waits for such an SA, be it because a packet needs one, that SA gets the SPI.
     *
     * @param wanted what the SA shall be like, and which SPIs will do
     * @return the larval SA, without algorithms
     * @throws XfrmException if the kernel refuses, for instance ENOENT where no SPI of the range was found free
     */
    public SecurityAssociation allocateSpi(SpiRequest wanted) {
        long payload = request.begin(xfrm4j_h.XFRM_MSG_ALLOCSPI(), 0);
        List<SecurityAssociation> answer = new ArrayList<>(1);
        int error = request.send(wanted.encode(spiRequest.wrap(request.segment(), payload)),
                (index, type, segment, offset, bytes) ->
                        answer.add(SecurityAssociation.from(found.wrap(segment, offset, bytes))));
        if (error != 0) {
            throw request.refused(wanted);
        }
        if (answer.isEmpty()) {
            throw new NetlinkException("the kernel reserved an SPI and did not tell which [" + wanted + "]", 0);
        }
        return answer.getFirst();
    }

    /**
     * Sequence numbers and usage of SAs.
     *
     * @return always the same object
     */
    public SaSequenceNumbers sequenceNumbers() {
        return sequenceNumbers;
    }

    /**
     * Lets an SA expire before its time (XFRM_MSG_EXPIRE), which is announced as if a limit had been reached.
     *
     * @param sa what names it
     * @param hard whether the expiry is hard, which deletes the SA; a soft one changes nothing
     * @return whether there was one
     * @throws XfrmException if the kernel refuses, for instance EINVAL for a larval SA
     */
    public boolean expire(SaId sa, boolean hard) {
        long payload = request.begin(xfrm4j_h.XFRM_MSG_EXPIRE(), 0);
        expire.wrap(request.segment(), payload).hard(hard).state()
                .destination(sa.destination().high(), sa.destination().low())
                .spi(sa.spi())
                .protocol(sa.protocol().number())
                .family(sa.destination().family().number());
        if (!sa.mark().isNone()) {
            expire.attributes().putMark(xfrm4j_h.XFRMA_MARK(), sa.mark().value(), sa.mark().mask());
        }
        int error = request.send(expire.encodedLength(), null);
        if (error != 0 && error != Errno.ENOENT) {
            throw request.refused(sa);
        }
        return error == 0;
    }

    /**
     * Reads one SA (XFRM_MSG_GETSA), keys included (all zero where the kernel is locked down for confidentiality). One
     * without an SPI has to be named with its source: {@link #get(SaId, IpAddress)}.
     *
     * @param sa what names it; the mark is looked up as the kernel does, which ignores bits outside an SA's mask
     * @return the SA, or empty where there is none
     * @throws XfrmException if the kernel refuses
     */
    public Optional<SecurityAssociation> get(SaId sa) {
        List<SecurityAssociation> answer = new ArrayList<>(1);
        read(sa, decoder -> answer.add(SecurityAssociation.from(decoder)));
        return answer.stream().findFirst();
    }

    /**
     * Reads one SA of a protocol without SPIs (Mobile IPv6: {@link Protocol#ROUTING}, {@link Protocol#DSTOPTS}), which
     * its addresses name (XFRMA_SRCADDR). For others the source means nothing.
     *
     * @param sa what names it, without an SPI
     * @param source its source
     * @return the SA, or empty where there is none
     * @throws XfrmException if the kernel refuses
     */
    public Optional<SecurityAssociation> get(SaId sa, IpAddress source) {
        List<SecurityAssociation> answer = new ArrayList<>(1);
        read(sa, source, decoder -> answer.add(SecurityAssociation.from(decoder)));
        return answer.stream().findFirst();
    }

    /**
     * Reads one SA where the kernel put it.
     *
     * @param sa what names it
     * @param reader gets the SA, if there is one; the decoder may not be kept
     * @return whether there is one
     * @throws XfrmException if the kernel refuses
     */
    public boolean read(SaId sa, Consumer<SaDecoder> reader) {
        return read(sa, null, reader);
    }

    /**
     * Reads one SA where the kernel put it, where its source is to be this as well.
     *
     * @param sa what names it
     * @param source the outer source; null for any
     * @param reader gets the SA, if there is one; the decoder may not be kept
     * @return whether there is one
     * @throws XfrmException if the kernel refuses
     */
    public boolean read(SaId sa, IpAddress source, Consumer<SaDecoder> reader) {
        int length = encode(xfrm4j_h.XFRM_MSG_GETSA(), sa, source);
        int error = request.send(length, (index, type, segment, offset, bytes) ->
                reader.accept(found.wrap(segment, offset, bytes)));
        if (error != 0 && error != Errno.ESRCH) {
            throw request.refused(sa);
        }
        return error == 0;
    }

    /**
     * Deletes one SA (XFRM_MSG_DELSA).
     *
     * @param sa what names it
     * @return whether there was one
     * @throws XfrmException if the kernel refuses
     */
    public boolean delete(SaId sa) {
        return delete(sa, null);
    }

    /**
     * Deletes one SA, which may be of a protocol without SPIs; see {@link #get(SaId, IpAddress)}.
     *
     * @param sa what names it
     * @param source its source; null where the SPI names it
     * @return whether there was one
     * @throws XfrmException if the kernel refuses
     */
    public boolean delete(SaId sa, IpAddress source) {
        int length = encode(xfrm4j_h.XFRM_MSG_DELSA(), sa, source);
        int error = request.send(length, null);
        if (error != 0 && error != Errno.ESRCH) {
            throw request.refused(sa);
        }
        return error == 0;
    }

    private int encode(int messageType, SaId sa, IpAddress source) {
        long payload = request.begin(messageType, 0);
        return encode(id.wrap(request.segment(), payload), sa, source);
    }

    /** Writes what names an SA; its source where that is given. */
    static int encode(SaIdEncoder id, SaId sa, IpAddress source) {
        sa.encode(id);
        if (source != null) {
            id.attributes().putAddress(xfrm4j_h.XFRMA_SRCADDR(), source.high(), source.low());
        }
        return id.encodedLength();
    }

    /**
     * Deletes all SAs of a protocol (XFRM_MSG_FLUSHSA).
     *
     * @param protocol whose
     * @throws XfrmException if the kernel refuses
     */
    public void flush(Protocol protocol) {
        flush(protocol.number(), protocol);
    }

    /**
     * Deletes all SAs (XFRM_MSG_FLUSHSA), those of Mobile IPv6 included.
     *
     * @throws XfrmException if the kernel refuses
     */
    public void flush() {
        flush(SaFlushEncoder.ALL_PROTOCOLS, "all protocols");
    }

    private void flush(int protocol, Object subject) {
        long payload = request.begin(xfrm4j_h.XFRM_MSG_FLUSHSA(), 0);
        int length = flush.wrap(request.segment(), payload).protocol(protocol).encodedLength();
        int error = request.send(length, null);
        // ESRCH: there was none. What was to be achieved is so.
        if (error != 0 && error != Errno.ESRCH) {
            throw request.refused(subject);
        }
    }

    /**
     * Dumps SAs (XFRM_MSG_GETSA with NLM_F_DUMP), without an object for each.
     *
     * @param filter which
     * @return a cursor, to be closed before anything else is asked of this {@link Xfrm}
     * @throws NetlinkException when the request could not be sent
     */
    public SaDump dump(SaFilter filter) {
        // A dump's attributes stand right behind the netlink header (xfrm_dump_sa, net/xfrm/xfrm_user.c).
        long payload = request.begin(xfrm4j_h.XFRM_MSG_GETSA(), xfrm4j_h.NLM_F_DUMP());
        attributes.wrap(request.segment(), payload);
        filter.protocol().ifPresent(protocol -> attributes.putU8(xfrm4j_h.XFRMA_PROTO(), protocol.number()));
        if (filter.source().isPresent() || filter.destination().isPresent()) {
            addressFilter.wrap(request.segment(), attributes.begin(xfrm4j_h.XFRMA_ADDRESS_FILTER()));
            filter.source().ifPresent(this::filterSource);
            filter.destination().ifPresent(this::filterDestination);
            attributes.end(addressFilter.encodedLength());
        }
        return new SaDump(request.dump(attributes.encodedLength()));
    }

    private void filterSource(IpPrefix prefix) {
        addressFilter.family(prefix.address().family().number())
                .source(prefix.address().high(), prefix.address().low(), prefix.length());
    }

    private void filterDestination(IpPrefix prefix) {
        addressFilter.family(prefix.address().family().number())
                .destination(prefix.address().high(), prefix.address().low(), prefix.length());
    }

    /**
     * Reads SAs into values. A dump that the kernel marks as inconsistent is taken again, a few times.
     *
     * @param filter which
     * @return the SAs, newest first as the kernel keeps them
     * @throws DumpInterruptedException if no attempt gave a consistent dump
     * @throws NetlinkException if the kernel refuses
     */
    public List<SecurityAssociation> list(SaFilter filter) {
        return ConsistentDump.of(() -> {
            try (SaDump dump = dump(filter)) {
                List<SecurityAssociation> sas = new ArrayList<>();
                while (dump.next()) {
                    sas.add(SecurityAssociation.from(dump.sa()));
                }
                return sas;
            }
        });
    }
}
