package org.xfrm4j.cli;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Algorithm;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Iptfs;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.ReplayEsn;
import org.xfrm4j.sa.ReplayState;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;
import org.xfrm4j.sa.SecurityContext;

/** Reads an SA in the words of {@code ip xfrm state add}. */
final class SaWords {
    private static final Map<String, Integer> FLAGS = Names.bits("noecn", "decap-dscp", "nopmtudisc", "wildrecv",
            "icmp", "af-unspec", "align4", "esn");
    private static final Map<String, Integer> EXTRA_FLAGS = Names.bits("dont-encap-dscp", "oseq-may-wrap");
    private static final Set<String> KNOWN = new TreeSet<>(Set.of("src", "dst", "proto", "spi", "mode", "reqid", "seq",
            "replay-window", "replay-seq", "replay-oseq", "replay-seq-hi", "replay-oseq-hi", "flag", "extra-flag",
            "mark", "output-mark", "if_id", "tfcpad", "encap", "coa", "ctx", "offload", "dir", "pcpu-num", "sel",
            "limit", "aead", "auth", "auth-trunc", "enc", "comp", "nat-keepalive-interval", "mtimer-thresh",
            "iptfs-opts"));
    /** A larger window needs the extended form. */
    private static final int CLASSIC_WINDOW = 32;

    private final SecurityAssociationBuilder sa = SecurityAssociation.builder().mode(Mode.TRANSPORT);
    private final LimitWords limits = new LimitWords();
    private final SelectorWords selector = new SelectorWords();
    private AddressFamily family = AddressFamily.UNSPEC;
    private boolean hasSource;
    private boolean hasDestination;
    private boolean hasProtocol;
    private boolean hasSelector;
    private int flags;
    private int window;
    private long incoming;
    private long outgoing;

    private SaWords() {
    }

    static SecurityAssociation read(Words words) {
        SaWords reader = new SaWords();
        while (words.hasNext()) {
            reader.take(words);
        }
        return reader.sa();
    }

    private void take(Words words) {
        Algorithm algorithm = AlgorithmWords.take(words);
        if (algorithm != null) {
            sa.algorithm(algorithm);
            return;
        }
        switch (words.next()) {
            case "src" -> source(words.address());
            case "dst" -> destination(words.address());
            case "proto" -> protocol(words.next(Names::protocol));
            case "spi" -> sa.spi(words.u32());
            case "mode" -> sa.mode(words.next(Names::mode));
            case "reqid" -> sa.reqid(words.u32());
            case "seq" -> sa.seq(words.u32());
            case "replay-window" -> window = words.number(ReplayEsn.MAX_WINDOW);
            case "replay-seq" -> incoming |= words.u32() & 0xffffffffL;
            case "replay-oseq" -> outgoing |= words.u32() & 0xffffffffL;
            case "replay-seq-hi" -> incoming |= (long) words.u32() << Integer.SIZE;
            case "replay-oseq-hi" -> outgoing |= (long) words.u32() << Integer.SIZE;
            case "flag" -> flags |= words.flags("flag", FLAGS);
            case "extra-flag", "extra_flag" -> sa.extraFlags(words.flags("extra-flag", EXTRA_FLAGS));
            case "mark" -> sa.mark(words.mark());
            case "output-mark" -> sa.outputMark(words.mark());
            case "if_id" -> sa.ifId(words.u32());
            case "tfcpad" -> sa.tfcPadding(words.u32());
            case "encap" -> sa.encap(encap(words));
            case "coa" -> sa.careOfAddress(words.address());
            case "ctx" -> sa.securityContext(SecurityContext.selinux(words.next()));
            case "offload" -> sa.offload(offload(words));
            case "dir" -> sa.direction(words.next(Names::direction));
            case "pcpu-num" -> sa.cpu(words.u32());
            case "nat-keepalive-interval" -> sa.natKeepaliveInterval(words.u32());
            case "mtimer-thresh" -> sa.mappingThreshold(words.u32());
            case "iptfs-opts" -> sa.iptfs(iptfs(words));
            case "limit" -> limits.take(words);
            case "sel" -> selector(words);
            default -> throw words.unexpected(KNOWN);
        }
    }

    private void source(IpAddress address) {
        sa.source(address);
        family = address.family();
        hasSource = true;
    }

    private void destination(IpAddress address) {
        sa.destination(address);
        family = address.family();
        hasDestination = true;
    }

    private void protocol(Protocol protocol) {
        sa.protocol(protocol);
        hasProtocol = true;
    }

    private void selector(Words words) {
        hasSelector = true;
        boolean more = selector.take(words);
        while (more && words.hasNext()) {
            more = selector.take(words);
        }
    }

    static Encap encap(Words words) {
        int type = switch (words.next()) {
            case "espinudp" -> Encap.ESP_IN_UDP;
            case "espintcp" -> Encap.ESP_IN_TCP;
            case String other -> throw new UsageException("encap: '" + other + "' is neither espinudp nor espintcp");
        };
        IpAddress none = IpAddress.UNSPECIFIED;
        int source = words.number(0xffff);
        int destination = words.number(0xffff);
        boolean more = words.peek().contains(".") || words.peek().contains(":");
        IpAddress original = more ? words.address() : none;
        return new Encap(type, source, destination, original.high() == 0 && original.low() == 0 ? none : original);
    }

    /** {@code [crypto|packet] dev NAME dir in|out}. */
    static Offload offload(Words words) {
        int bits = words.take("packet") ? Offload.PACKET : 0;
        words.take("crypto");
        if (!words.take("dev")) {
            throw new UsageException("offload: dev and the name of a device have to follow");
        }
        int device = words.next(SelectorWords::interfaceIndex);
        if (!words.take("dir")) {
            throw new UsageException("offload: dir and in or out have to follow the device");
        }
        return new Offload(device, bits | switch (words.next()) {
            case "in" -> Offload.INBOUND;
            case "out" -> 0;
            case String other -> throw new UsageException("offload: dir: '" + other + "' is neither in nor out");
        });
    }

    private static Iptfs iptfs(Words words) {
        boolean whole = false;
        Integer size = null;
        Integer queue = null;
        Integer drop = null;
        Integer window = null;
        Integer delay = null;
        while (true) {
            if (words.take("dont-frag")) {
                whole = true;
            } else if (words.take("pkt-size")) {
                size = words.u32();
            } else if (words.take("max-queue-size")) {
                queue = words.u32();
            } else if (words.take("drop-time")) {
                drop = words.u32();
            } else if (words.take("reorder-window")) {
                window = words.number(0xffff);
            } else if (words.take("init-delay")) {
                delay = words.u32();
            } else {
                return new Iptfs(drop, window, whole, delay, queue, size);
            }
        }
    }

    private SecurityAssociation sa() {
        require("src", hasSource);
        require("dst", hasDestination);
        require("proto", hasProtocol);
        boolean esn = (flags & SecurityAssociation.FLAG_ESN) != 0;
        if (esn || window > CLASSIC_WINDOW) {
            sa.replay(new ReplayEsn(outgoing, incoming, window, ReplayEsn.ofWindow(window).bitmap()));
        } else {
            if ((incoming | outgoing) >>> Integer.SIZE != 0) {
                throw new UsageException("replay-seq-hi, replay-oseq-hi: only with flag esn");
            }
            sa.replayWindow(window);
            if ((incoming | outgoing) != 0) {
                sa.replay(new ReplayState((int) outgoing, (int) incoming, 0));
            }
        }
        boolean anyFamily = (flags & SecurityAssociation.FLAG_AF_UNSPEC) != 0;
        return sa.flags(flags).lifetime(limits.limits())
                .selector(selector.selector(anyFamily && !hasSelector ? AddressFamily.UNSPEC : family)).build();
    }

    private static void require(String word, boolean told) {
        if (!told) {
            throw new UsageException(word + " is missing");
        }
    }
}
