package org.xfrm4j.cli;

import java.io.OutputStream;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.Iptfs;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.RawAttribute;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.wire.AlgorithmDecoder;
import org.xfrm4j.wire.AttributeDecoder;
import org.xfrm4j.wire.EncapDecoder;
import org.xfrm4j.wire.ReplayDecoder;
import org.xfrm4j.wire.ReplayEsnDecoder;
import org.xfrm4j.wire.SaDecoder;
import org.xfrm4j.wire.SecurityContextDecoder;
import org.xfrm4j.wire.SelectorDecoder;

/**
 * Prints SAs as {@code ip xfrm state} does, straight from the kernel's bytes; what {@code ip} does not know (NAT
 * keepalive and mapping threshold) in lines of the same kind.
 */
final class SaText extends XfrmText {
    private static final String[] FLAGS =
        {"noecn", "decap-dscp", "nopmtudisc", "wildrecv", "icmp", "af-unspec", "align4", "esn"};
    private static final String[] EXTRA_FLAGS = {"dont-encap-dscp", "oseq-may-wrap"};
    private static final int WORDS_IN_A_LINE = 8;

    private final boolean keys;
    private final ByNumber<Direction> directions = new ByNumber<>(Direction::of);
    private final AlgorithmDecoder algorithm = new AlgorithmDecoder();
    private final EncapDecoder encap = new EncapDecoder();
    private final ReplayDecoder replay = new ReplayDecoder();
    private final ReplayEsnDecoder replayEsn = new ReplayEsnDecoder();
    private final SecurityContextDecoder securityContext = new SecurityContextDecoder();

    SaText(OutputStream out, boolean statistics, boolean keys) {
        super(out, statistics);
        this.keys = keys;
    }

    void print(SaDecoder sa) {
        AddressFamily family = family(sa.family());
        put("src ").address(family, sa.sourceHigh(), sa.sourceLow());
        put(" dst ").address(family, sa.destinationHigh(), sa.destinationLow()).put("\n\t");
        name(sa.protocol(), sa.spi(), protocols.value(sa.protocol()).hasSpi(), sa.reqid(), sa.mode());
        flags(sa);
        marks(sa);
        algorithms(sa);
        if (sa.encapOffset() >= 0) {
            encap(sa, family);
        }
        if (sa.has(xfrm4j_h.XFRMA_COADDR())) {
            put("\tcoa ").address(family, sa.addressHigh(xfrm4j_h.XFRMA_COADDR()),
                    sa.addressLow(xfrm4j_h.XFRMA_COADDR())).put('\n');
        }
        long lastUsed = sa.u64(xfrm4j_h.XFRMA_LASTUSED());
        if (lastUsed != 0) {
            put("\tlastused ").time(lastUsed).put('\n');
        }
        replay(sa);
        if (sa.has(xfrm4j_h.XFRMA_OFFLOAD_DEV())) {
            offload(sa.offloadIfindex(), sa.offloadFlags());
        }
        if (sa.ifId() != 0) {
            interfaceId(sa.ifId());
        }
        number("\ttfcpad ", sa.u32(xfrm4j_h.XFRMA_TFCPAD(), 0));
        if (sa.direction() != 0) {
            put("\tdir ").put(directions.name(sa.direction())).put('\n');
        }
        int cpu = sa.u32(xfrm4j_h.XFRMA_SA_PCPU(), SecurityAssociation.NO_CPU);
        if (cpu != SecurityAssociation.NO_CPU) {
            put("\tpcpu-num ").unsigned(cpu).put('\n');
        }
        if (sa.mode() == Mode.IPTFS.number()) {
            iptfs(sa);
        }
        number("\tnat-keepalive-interval ", sa.natKeepaliveInterval());
        number("\tmtimer-thresh ", sa.mappingThreshold());
        others(sa.attributes());
        SelectorDecoder selector = sa.selector();
        if (!isZero(selector)) {
            put("\tsel ");
            selector(selector, family);
        }
        if (statistics) {
            lifetime(sa.lifetime(), sa.usage());
            put("\tstats:\n\t  replay-window ").unsigned(sa.statsReplayWindow()).put(" replay ")
                    .unsigned(sa.statsReplay()).put(" failed ").unsigned(sa.statsIntegrityFailed()).put('\n');
        }
        if (sa.has(xfrm4j_h.XFRMA_SEC_CTX())) {
            securityContext(sa.segment(), securityContext.wrap(sa.segment(),
                    sa.attributeOffset(xfrm4j_h.XFRMA_SEC_CTX()), sa.attributeLength(xfrm4j_h.XFRMA_SEC_CTX())));
        }
        end();
    }

    private static boolean isZero(SelectorDecoder selector) {
        // The family first: most have one.
        return selector.family() == 0 && (selector.sourceHigh() | selector.sourceLow()
                | selector.destinationHigh() | selector.destinationLow()) == 0
                && (selector.sourcePrefixLength() | selector.destinationPrefixLength() | selector.protocol()
                | selector.sourcePort() | selector.sourcePortMask() | selector.destinationPort()
                | selector.destinationPortMask() | selector.ifindex() | selector.user()) == 0;
    }

    private void number(String name, int number) {
        if (number != 0) {
            put(name).unsigned(number).put('\n');
        }
    }

    private void flags(SaDecoder sa) {
        put("\treplay-window ").unsigned(sa.replayWindow()).put(' ');
        int flags = sa.flags();
        if (statistics) {
            // ip prints it in decimal, and 0x before it.
            put("seq 0x");
            long seq = Integer.toUnsignedLong(sa.seq());
            for (long least = 10_000_000; least > 1 && seq < least; least /= 10) {
                put('0');
            }
            unsigned(seq).put(' ');
        }
        if (statistics || flags != 0) {
            flags("flag ", flags, FLAGS);
        }
        int extraFlags = sa.u32(xfrm4j_h.XFRMA_SA_EXTRA_FLAGS(), 0);
        if (statistics && extraFlags != 0) {
            flags(flags == 0 ? "extra_flag " : " extra_flag ", extraFlags, EXTRA_FLAGS);
        }
        if (statistics) {
            binary(flags);
        }
        put('\n');
    }

    private void marks(SaDecoder sa) {
        int value = sa.markValue();
        int mask = sa.markMask();
        int outputValue = sa.outputMarkValue();
        int outputMask = sa.outputMarkMask();
        boolean marked = (value | mask) != 0;
        boolean output = (outputValue | outputMask) != 0;
        if (marked || output) {
            put('\t');
            if (marked) {
                mark(value, mask);
            }
            if (output) {
                put("output-mark ").sharpHex(outputValue);
                if (outputMask != 0) {
                    put('/').sharpHex(outputMask);
                }
            }
            put('\n');
        }
    }

    private void algorithms(SaDecoder sa) {
        algorithm(sa, xfrm4j_h.XFRMA_ALG_AEAD());
        // A dump tells the same algorithm in both ways; only the newer one tells the length of the ICV.
        algorithm(sa, sa.has(xfrm4j_h.XFRMA_ALG_AUTH_TRUNC())
                ? xfrm4j_h.XFRMA_ALG_AUTH_TRUNC() : xfrm4j_h.XFRMA_ALG_AUTH());
        algorithm(sa, xfrm4j_h.XFRMA_ALG_CRYPT());
        algorithm(sa, xfrm4j_h.XFRMA_ALG_COMP());
    }

    private void algorithm(SaDecoder sa, int type) {
        if (!sa.has(type)) {
            return;
        }
        algorithm.wrap(sa.segment(), sa.attributeOffset(type), sa.attributeLength(type), type);
        int icvBits = algorithm.icvLength();
        if (type == xfrm4j_h.XFRMA_ALG_AEAD()) {
            put("\taead ");
        } else if (type == xfrm4j_h.XFRMA_ALG_CRYPT()) {
            put("\tenc ");
        } else if (type == xfrm4j_h.XFRMA_ALG_COMP()) {
            put("\tcomp ");
        } else {
            put(icvBits == 0 ? "\tauth " : "\tauth-trunc ");
        }
        put(sa.segment(), algorithm.nameOffset(), algorithm.nameLength()).put(' ');
        key(sa);
        if (icvBits != 0 || type == xfrm4j_h.XFRMA_ALG_AEAD()) {
            put(' ').unsigned(icvBits);
        }
        put('\n');
    }

    private void key(SaDecoder sa) {
        if (!keys) {
            put("<<Keys hidden>>");
        } else if (algorithm.keyBytes() > 0) {
            put("0x").hexBytes(sa.segment(), algorithm.keyOffset(), algorithm.keyBytes());
            if (statistics) {
                put(" (").unsigned(algorithm.keyLength()).put(" bits)");
            }
        }
    }

    private void encap(SaDecoder sa, AddressFamily family) {
        encap.wrap(sa.segment(), sa.encapOffset());
        put("\tencap type ");
        switch (encap.type()) {
            case Encap.ESP_IN_UDP -> put("espinudp");
            case Encap.ESP_IN_TCP -> put("espintcp");
            default -> unsigned(encap.type());
        }
        put(" sport ").unsigned(encap.sourcePort()).put(" dport ").unsigned(encap.destinationPort()).put(" addr ")
                .address(family, encap.originalAddressHigh(), encap.originalAddressLow()).put('\n');
    }

    private void replay(SaDecoder sa) {
        int esn = xfrm4j_h.XFRMA_REPLAY_ESN_VAL();
        int classic = xfrm4j_h.XFRMA_REPLAY_VAL();
        if (sa.has(esn)) {
            replay(replayEsn.wrap(sa.segment(), sa.attributeOffset(esn), sa.attributeLength(esn)));
        } else if (sa.has(classic)) {
            replay.wrap(sa.segment(), sa.attributeOffset(classic));
            put("\tanti-replay context: seq 0x").hex(replay.incoming()).put(", oseq 0x").hex(replay.outgoing())
                    .put(", bitmap 0x").hex8(replay.bitmap()).put('\n');
        }
    }

    private void replay(ReplayEsnDecoder state) {
        put("\tanti-replay esn context:\n\t seq-hi 0x").hex((int) (state.incoming() >>> 32))
                .put(", seq 0x").hex((int) state.incoming())
                .put(", oseq-hi 0x").hex((int) (state.outgoing() >>> 32))
                .put(", oseq 0x").hex((int) state.outgoing())
                .put("\n\t replay_window ").unsigned(state.replayWindow())
                .put(", bitmap-length ").unsigned(state.bitmapLength());
        int column = 0;
        for (int i = state.bitmapLength() - 1; i >= 0; i--) {
            put(column++ % WORDS_IN_A_LINE == 0 ? "\n\t " : "").hex8(state.bitmap(i)).put(' ');
        }
        put('\n');
    }

    private void iptfs(SaDecoder sa) {
        Iptfs options = Iptfs.from(sa);
        if (options != null) {
            put('\t').put(options.toString()).put('\n');
        }
    }

    private void others(AttributeDecoder attributes) {
        while (attributes.next()) {
            if (!SecurityAssociation.hasComponentFor(attributes.type())) {
                put('\t').put(RawAttribute.describe(attributes.type(), attributes.payloadLength())).put('\n');
            }
        }
    }
}
