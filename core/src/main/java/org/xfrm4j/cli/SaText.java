package org.xfrm4j.cli;

import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.xfrm4j.sa.Aead;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Algorithm;
import org.xfrm4j.sa.Auth;
import org.xfrm4j.sa.Comp;
import org.xfrm4j.sa.Crypt;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Key;
import org.xfrm4j.sa.Replay;
import org.xfrm4j.sa.ReplayEsn;
import org.xfrm4j.sa.ReplayState;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;

/**
 * Prints SAs as {@code ip xfrm state} does; what {@code ip} does not know (NAT keepalive and mapping threshold) in
 * lines of the same kind.
 */
final class SaText extends XfrmText {
    private static final String[] FLAGS =
        {"noecn", "decap-dscp", "nopmtudisc", "wildrecv", "icmp", "af-unspec", "align4", "esn"};
    private static final String[] EXTRA_FLAGS = {"dont-encap-dscp", "oseq-may-wrap"};
    private static final int WORDS_IN_A_LINE = 8;

    private final boolean keys;

    SaText(PrintWriter out, boolean statistics, boolean keys) {
        super(out, statistics);
        this.keys = keys;
    }

    void print(SecurityAssociation sa) {
        ends(sa.source(), sa.destination(), "\t");
        name(sa.protocol(), sa.spi(), sa.protocol().hasSpi(), sa.reqid(), sa.mode());
        flags(sa);
        marks(sa);
        sa.algorithms().forEach(this::algorithm);
        if (sa.encap() != null) {
            encap(sa.encap(), sa.family());
        }
        if (sa.careOfAddress() != null) {
            text.append("\tcoa ").append(sa.careOfAddress()).append('\n');
        }
        if (sa.lastUsed() != 0) {
            text.append("\tlastused ");
            time(sa.lastUsed());
            text.append('\n');
        }
        replay(sa.replay());
        if (sa.offload() != null) {
            offload(sa.offload());
        }
        if (sa.ifId() != 0) {
            interfaceId(sa.ifId());
        }
        number("tfcpad ", sa.tfcPadding());
        if (sa.direction() != Direction.UNSPECIFIED) {
            text.append("\tdir ").append(sa.direction()).append('\n');
        }
        if (sa.cpu() != SecurityAssociation.NO_CPU) {
            text.append("\tpcpu-num ");
            unsigned(sa.cpu()).append('\n');
        }
        if (sa.iptfs() != null) {
            text.append('\t').append(sa.iptfs()).append('\n');
        }
        number("nat-keepalive-interval ", sa.natKeepaliveInterval());
        number("mtimer-thresh ", sa.mappingThreshold());
        sa.otherAttributes().forEach(other -> text.append('\t').append(other).append('\n'));
        if (!isZero(sa.selector())) {
            text.append("\tsel ");
            selector(sa.selector(), sa.family());
        }
        if (statistics) {
            lifetime(sa.lifetime(), sa.usage());
            text.append("\tstats:\n\t  replay-window ");
            unsigned(sa.stats().replayWindow()).append(" replay ");
            unsigned(sa.stats().replay()).append(" failed ");
            unsigned(sa.stats().integrityFailed()).append('\n');
        }
        if (sa.securityContext() != null) {
            securityContext(sa.securityContext());
        }
        end();
    }

    private static boolean isZero(Selector selector) {
        // The family first: comparing whole records takes long, and most have one.
        return selector.family() == AddressFamily.UNSPEC && selector.equals(Selector.ALL);
    }

    private void number(String name, int number) {
        if (number != 0) {
            text.append('\t').append(name);
            unsigned(number).append('\n');
        }
    }

    private void flags(SecurityAssociation sa) {
        text.append("\treplay-window ").append(sa.replayWindow()).append(' ');
        if (statistics) {
            String seq = Integer.toUnsignedString(sa.seq());
            // ip prints it in decimal, and 0x before it.
            text.append("seq 0x").repeat('0', Math.max(0, 8 - seq.length())).append(seq).append(' ');
        }
        if (statistics || sa.flags() != 0) {
            flags("flag ", sa.flags(), FLAGS);
        }
        if (statistics && sa.extraFlags() != 0) {
            text.append(text.charAt(text.length() - 1) == ' ' ? "" : " ");
            flags("extra_flag ", sa.extraFlags(), EXTRA_FLAGS);
        }
        if (statistics) {
            binary(sa.flags());
        }
        text.append('\n');
    }

    private void marks(SecurityAssociation sa) {
        boolean marked = !sa.mark().isNone();
        boolean output = !sa.outputMark().isNone();
        if (marked || output) {
            text.append('\t');
            if (marked) {
                mark(sa.mark());
            }
            if (output) {
                outputMark(sa.outputMark());
            }
            text.append('\n');
        }
    }

    private void algorithm(Algorithm algorithm) {
        text.append('\t').append(switch (algorithm) {
            case Aead aead -> "aead ";
            case Auth auth -> auth.icvBits() == 0 ? "auth " : "auth-trunc ";
            case Crypt crypt -> "enc ";
            case Comp comp -> "comp ";
        }).append(algorithm.name()).append(' ');
        key(algorithm.key());
        switch (algorithm) {
            case Aead aead -> text.append(' ').append(aead.icvBits());
            case Auth auth when auth.icvBits() != 0 -> text.append(' ').append(auth.icvBits());
            default -> { }
        }
        text.append('\n');
    }

    private void key(Key key) {
        if (!keys) {
            text.append("<<Keys hidden>>");
        } else if (key.byteLength() > 0) {
            byte[] bytes = new byte[key.byteLength()];
            key.copyTo(MemorySegment.ofArray(bytes), 0);
            text.append("0x");
            for (byte each : bytes) {
                text.append(Character.forDigit(each >> 4 & 15, 16)).append(Character.forDigit(each & 15, 16));
            }
            Arrays.fill(bytes, (byte) 0);
        }
        if (statistics && keys && key.byteLength() > 0) {
            text.append(" (").append(key.bitLength()).append(" bits)");
        }
    }

    private void encap(Encap encap, AddressFamily family) {
        IpAddress original = encap.originalAddress();
        text.append("\tencap type ");
        switch (encap.type()) {
            case Encap.ESP_IN_UDP -> text.append("espinudp");
            case Encap.ESP_IN_TCP -> text.append("espintcp");
            default -> text.append(encap.type());
        }
        text.append(" sport ").append(encap.sourcePort()).append(" dport ").append(encap.destinationPort())
                .append(" addr ").append(original.isUnspecified() ? new IpAddress(family, 0, 0) : original)
                .append('\n');
    }

    private void replay(Replay replay) {
        switch (replay) {
            case ReplayState state -> {
                text.append("\tanti-replay context: seq 0x");
                hex(state.incoming()).append(", oseq 0x");
                hex(state.outgoing()).append(", bitmap 0x");
                hex8(state.bitmap()).append('\n');
            }
            case ReplayEsn state -> {
                text.append("\tanti-replay esn context:\n\t seq-hi 0x");
                hex((int) (state.incoming() >>> 32)).append(", seq 0x");
                hex((int) state.incoming()).append(", oseq-hi 0x");
                hex((int) (state.outgoing() >>> 32)).append(", oseq 0x");
                hex((int) state.outgoing()).append("\n\t replay_window ");
                unsigned(state.replayWindow()).append(", bitmap-length ").append(state.bitmap().size());
                bitmap(state);
                text.append('\n');
            }
            case null -> { }
        }
    }

    private void bitmap(ReplayEsn state) {
        int column = 0;
        for (int i = state.bitmap().size() - 1; i >= 0; i--) {
            text.append(column++ % WORDS_IN_A_LINE == 0 ? "\n\t " : "");
            hex8(state.bitmap().get(i)).append(' ');
        }
    }
}
