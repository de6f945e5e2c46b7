package org.xfrm4j.cli;

import java.io.PrintWriter;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityContext;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.sa.Usage;

/** Prints what SAs and policies have in common. */
class XfrmText extends Text {
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int DCCP = 33;
    private static final int GRE = 47;
    private static final int ICMPV6 = 58;
    private static final int SCTP = 132;
    private static final int MOBILITY = 135;

    /** Whether all is printed: with {@code ip -s}. */
    protected final boolean statistics;

    XfrmText(PrintWriter out, boolean statistics) {
        super(out);
        this.statistics = statistics;
    }

    /** Two lines: addresses; protocol, SPI, reqid and mode. */
    final void ends(IpAddress source, IpAddress destination, String indent) {
        text.append("src ").append(source).append(" dst ").append(destination).append('\n').append(indent);
    }

    final void name(Protocol protocol, int spi, boolean always, int reqid, Mode mode) {
        text.append("proto ").append(protocol).append(' ');
        if (statistics || always || spi != 0) {
            text.append("spi 0x");
            hex8(spi);
            if (statistics) {
                text.append('(');
                unsigned(spi).append(')');
            }
            text.append(' ');
        }
        text.append("reqid ");
        unsigned(reqid);
        if (statistics) {
            text.append("(0x");
            hex8(reqid).append(')');
        }
        text.append(" mode ").append(mode).append('\n');
    }

    /** One without a family is shown in that of the SA. */
    final void selector(Selector selector, AddressFamily family) {
        prefix("src ", selector.source(), family);
        prefix(" dst ", selector.destination(), family);
        text.append(' ');
        int protocol = selector.protocol();
        if (protocol != 0) {
            text.append("proto ").append(Names.upperProtocol(protocol)).append(' ');
        }
        boolean source = selector.sourcePortMask() != 0;
        boolean destination = selector.destinationPortMask() != 0;
        switch (protocol) {
            case ICMP, ICMPV6 -> {
                number("type ", selector.sourcePort(), source);
                number("code ", selector.destinationPort(), destination);
            }
            case GRE -> number("key ", selector.sourcePort() << 16 | selector.destinationPort(),
                    source || destination);
            case MOBILITY -> {
                number("type ", selector.sourcePort(), source);
                if (destination && statistics) {
                    // As it is in the packet, whose byte order ip does not turn.
                    text.append(String.format("(dport) 0x%04x ", Short.toUnsignedInt(
                            Short.reverseBytes((short) selector.destinationPort()))));
                }
            }
            default -> {
                number("sport ", selector.sourcePort(), source);
                number("dport ", selector.destinationPort(), destination);
            }
        }
        if (selector.ifindex() > 0) {
            text.append("dev ").append(interfaceName(selector.ifindex())).append(' ');
        }
        if (statistics) {
            text.append("uid ");
            unsigned(selector.user());
        }
        text.append('\n');
    }

    private void prefix(String name, IpPrefix prefix, AddressFamily family) {
        IpAddress address = prefix.address();
        text.append(name);
        if (address.family() == AddressFamily.UNSPEC) {
            address = new IpAddress(family, 0, 0);
        }
        text.append(address).append('/').append(prefix.length());
    }

    private void number(String name, int number, boolean shown) {
        if (shown) {
            text.append(name);
            unsigned(number).append(' ');
        }
    }

    final void mark(Mark mark) {
        text.append("mark ");
        sharpHex(mark.value()).append('/');
        sharpHex(mark.mask()).append(' ');
    }

    final void outputMark(Mark mark) {
        text.append("output-mark ");
        sharpHex(mark.value());
        if (mark.mask() != 0) {
            text.append('/');
            sharpHex(mark.mask());
        }
    }

    final void securityContext(SecurityContext context) {
        text.append('\t').append(context).append(" \n");
    }

    final void offload(Offload offload) {
        boolean packet = (offload.flags() & Offload.PACKET) != 0;
        text.append('\t').append(packet ? "packet" : "crypto").append(" offload parameters: dev ")
                .append(interfaceName(offload.ifindex())).append(" dir ")
                .append((offload.flags() & Offload.INBOUND) != 0 ? "in" : "out").append('\n');
    }

    final void interfaceId(int id) {
        text.append("\tif_id ");
        sharpHex(id).append('\n');
    }

    final void lifetime(Lifetime limits, Usage usage) {
        text.append("\tlifetime config:\n");
        limit("limit: ", limits.softBytes(), limits.hardBytes(), "(bytes)");
        limit("limit: ", limits.softPackets(), limits.hardPackets(), "(packets)");
        seconds("expire add: ", limits.softAddSeconds(), limits.hardAddSeconds());
        seconds("expire use: ", limits.softUseSeconds(), limits.hardUseSeconds());
        text.append("\tlifetime current:\n\t  ").append(Long.toUnsignedString(usage.bytes())).append("(bytes), ")
                .append(Long.toUnsignedString(usage.packets())).append("(packets)\n\t  add ");
        time(usage.addTime());
        text.append(" use ");
        time(usage.useTime());
        text.append('\n');
    }

    private void limit(String name, long soft, long hard, String unit) {
        text.append("\t  ").append(name).append("soft ").append(amount(soft)).append(unit).append(", hard ")
                .append(amount(hard)).append(unit).append('\n');
    }

    private static String amount(long limit) {
        return limit == Lifetime.INFINITE ? "(INF)" : Long.toUnsignedString(limit);
    }

    private void seconds(String name, long soft, long hard) {
        text.append("\t  ").append(name).append("soft ").append(Long.toUnsignedString(soft)).append("(sec), hard ")
                .append(Long.toUnsignedString(hard)).append("(sec)\n");
    }
}
