package org.xfrm4j.sa;

import java.util.ArrayList;
import java.util.List;

/**
 * Builds a {@link SecurityAssociation}; what each field means is told there. Not for several threads at once.
 */
public final class SecurityAssociationBuilder {
    private IpAddress source;
    private IpAddress destination;
    private int spi;
    private Protocol protocol = Protocol.ESP;
    private Mark mark = Mark.NONE;
    private Selector selector;
    private Mode mode = Mode.TUNNEL;
    private Direction direction = Direction.UNSPECIFIED;
    private int reqid;
    private int seq;
    private int flags;
    private int extraFlags;
    private int ifId;
    private int cpu = SecurityAssociation.NO_CPU;
    private final List<Algorithm> algorithms = new ArrayList<>();
    private Lifetime lifetime = Lifetime.UNLIMITED;
    private Usage usage = Usage.NONE;
    private Stats stats = Stats.NONE;
    private long lastUsed;
    private int replayWindow;
    private Replay replay;
    private Encap encap;
    private int natKeepaliveInterval;
    private int mappingThreshold;
    private Mark outputMark = Mark.NONE;
    private int tfcPadding;
    private Offload offload;
    private IpAddress careOfAddress;
    private SecurityContext securityContext;
    private Iptfs iptfs;
    private Integer replayThreshold;
    private Integer eventTimerThreshold;
    private Usage initialUsage;
    private final List<RawAttribute> otherAttributes = new ArrayList<>();

    SecurityAssociationBuilder() {
    }

    SecurityAssociationBuilder(SecurityAssociation sa) {
        source = sa.source();
        id(sa.id());
        selector = sa.selector();
        mode = sa.mode();
        direction = sa.direction();
        reqid = sa.reqid();
        seq = sa.seq();
        flags = sa.flags();
        extraFlags = sa.extraFlags();
        ifId = sa.ifId();
        cpu = sa.cpu();
        algorithms.addAll(sa.algorithms());
        lifetime = sa.lifetime();
        usage = sa.usage();
        stats = sa.stats();
        lastUsed = sa.lastUsed();
        replayWindow = sa.replayWindow();
        replay = sa.replay();
        encap = sa.encap();
        natKeepaliveInterval = sa.natKeepaliveInterval();
        mappingThreshold = sa.mappingThreshold();
        outputMark = sa.outputMark();
        tfcPadding = sa.tfcPadding();
        offload = sa.offload();
        careOfAddress = sa.careOfAddress();
        securityContext = sa.securityContext();
        iptfs = sa.iptfs();
        replayThreshold = sa.replayThreshold();
        eventTimerThreshold = sa.eventTimerThreshold();
        initialUsage = sa.initialUsage();
        otherAttributes.addAll(sa.otherAttributes());
    }

    /** Destination, SPI, protocol and mark. */
    public SecurityAssociationBuilder id(SaId id) {
        return destination(id.destination()).spi(id.spi()).protocol(id.protocol()).mark(id.mark());
    }

    /** The outer source; required. */
    public SecurityAssociationBuilder source(IpAddress address) {
        source = address;
        return this;
    }

    /** The outer source; required. */
    public SecurityAssociationBuilder source(String literal) {
        return source(IpAddress.parse(literal));
    }

    /** The outer destination; required. */
    public SecurityAssociationBuilder destination(IpAddress address) {
        destination = address;
        return this;
    }

    /** The outer destination; required. */
    public SecurityAssociationBuilder destination(String literal) {
        return destination(IpAddress.parse(literal));
    }

    /** The SPI; required. */
    public SecurityAssociationBuilder spi(int value) {
        spi = value;
        return this;
    }

    /** The protocol; ESP unless given. */
    public SecurityAssociationBuilder protocol(Protocol value) {
        protocol = value;
        return this;
    }

    /** The mark; none unless given. */
    public SecurityAssociationBuilder mark(Mark value) {
        mark = value;
        return this;
    }

    /** The selector; all traffic of the family of the outer addresses unless given. */
    public SecurityAssociationBuilder selector(Selector value) {
        selector = value;
        return this;
    }

    /** The mode; tunnel unless given. */
    public SecurityAssociationBuilder mode(Mode value) {
        mode = value;
        return this;
    }

    /** The direction; not told unless given. */
    public SecurityAssociationBuilder direction(Direction value) {
        direction = value;
        return this;
    }

    /** The reqid. */
    public SecurityAssociationBuilder reqid(int value) {
        reqid = value;
        return this;
    }

    /** The {@code seq} of the acquire that it answers. */
    public SecurityAssociationBuilder seq(int value) {
        seq = value;
        return this;
    }

    /** {@code SecurityAssociation.FLAG_…}, all of them. */
    public SecurityAssociationBuilder flags(int value) {
        flags = value;
        return this;
    }

    /** {@code SecurityAssociation.EXTRA_FLAG_…}, all of them. */
    public SecurityAssociationBuilder extraFlags(int value) {
        extraFlags = value;
        return this;
    }

    /** The id of the XFRM interface. */
    public SecurityAssociationBuilder ifId(int value) {
        ifId = value;
        return this;
    }

    /** The CPU that it is for. */
    public SecurityAssociationBuilder cpu(int value) {
        cpu = value;
        return this;
    }

    /** An algorithm; takes the place of one of the same kind. */
    public SecurityAssociationBuilder algorithm(Algorithm algorithm) {
        algorithms.removeIf(other -> other.getClass() == algorithm.getClass());
        algorithms.add(algorithm);
        return this;
    }

    /** The limits. */
    public SecurityAssociationBuilder lifetime(Lifetime value) {
        lifetime = value;
        return this;
    }

    /** The size of the classic replay window, in packets. */
    public SecurityAssociationBuilder replayWindow(int packets) {
        replayWindow = packets;
        return this;
    }

    /** The sequence numbers; with {@link ReplayEsn} also the window. */
    public SecurityAssociationBuilder replay(Replay value) {
        replay = value;
        return this;
    }

    /** The encapsulation, or null. */
    public SecurityAssociationBuilder encap(Encap value) {
        encap = value;
        return this;
    }

    /** Seconds between NAT keepalives. */
    public SecurityAssociationBuilder natKeepaliveInterval(int seconds) {
        natKeepaliveInterval = seconds;
        return this;
    }

    /** The fewest seconds between two announcements of a changed NAT mapping. */
    public SecurityAssociationBuilder mappingThreshold(int seconds) {
        mappingThreshold = seconds;
        return this;
    }

    /** The mark that packets get after the transform. */
    public SecurityAssociationBuilder outputMark(Mark value) {
        outputMark = value;
        return this;
    }

    /** Size to which packets are padded, in bytes. */
    public SecurityAssociationBuilder tfcPadding(int bytes) {
        tfcPadding = bytes;
        return this;
    }

    /** The offload, or null. */
    public SecurityAssociationBuilder offload(Offload value) {
        offload = value;
        return this;
    }

    /** Mobile IPv6: the care-of address, or null. */
    public SecurityAssociationBuilder careOfAddress(IpAddress value) {
        careOfAddress = value;
        return this;
    }

    /** The label of an LSM, or null. */
    public SecurityAssociationBuilder securityContext(SecurityContext value) {
        securityContext = value;
        return this;
    }

    /** Options of {@link Mode#IPTFS}, or null. */
    public SecurityAssociationBuilder iptfs(Iptfs value) {
        iptfs = value;
        return this;
    }

    /** Packets between two events of the sequence numbers, or null. */
    public SecurityAssociationBuilder replayThreshold(Integer packets) {
        replayThreshold = packets;
        return this;
    }

    /** Time between two events of the sequence numbers, in the kernel's ticks, or null. */
    public SecurityAssociationBuilder eventTimerThreshold(Integer ticks) {
        eventTimerThreshold = ticks;
        return this;
    }

    /** What it has been used before it is written, or null. */
    public SecurityAssociationBuilder initialUsage(Usage value) {
        initialUsage = value;
        return this;
    }

    /** An attribute as it stands. */
    public SecurityAssociationBuilder otherAttribute(RawAttribute attribute) {
        otherAttributes.add(attribute);
        return this;
    }

    /**
     * The SA.
     *
     * @return the SA
     * @throws IllegalArgumentException if the kernel would not take it; the message names the field
     * @throws NullPointerException if an address is missing; the message names it
     */
    public SecurityAssociation build() {
        Check.notNull("source", source);
        Check.notNull("destination", destination);
        SecurityAssociation sa = new SecurityAssociation(
                new SaId(destination, spi, protocol, mark),
                source,
                selector != null ? selector : all(destination.family()),
                mode, direction, reqid, seq, flags, extraFlags, ifId, cpu, algorithms, lifetime, usage, stats,
                lastUsed, replayWindow, replay, encap, natKeepaliveInterval, mappingThreshold, outputMark, tfcPadding,
                offload, careOfAddress, securityContext, iptfs, replayThreshold, eventTimerThreshold, initialUsage,
                otherAttributes);
        SaRules.check(sa);
        return sa;
    }

    private static Selector all(AddressFamily family) {
        return family == AddressFamily.INET ? Selector.ALL_IPV4 : Selector.ALL_IPV6;
    }
}
