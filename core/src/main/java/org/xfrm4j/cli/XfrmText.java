package org.xfrm4j.cli;

import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityContext;
import org.xfrm4j.wire.LifetimeDecoder;
import org.xfrm4j.wire.SecurityContextDecoder;
import org.xfrm4j.wire.SelectorDecoder;
import org.xfrm4j.wire.UsageDecoder;

/** Prints what SAs and policies have in common, straight from the kernel's bytes. */
class XfrmText extends Text {
    private static final int ICMP = 1;
    private static final int GRE = 47;
    private static final int ICMPV6 = 58;
    private static final int MOBILITY = 135;

    /** Whether all is printed: with {@code ip -s}. */
    protected final boolean statistics;
    protected final ByNumber<Protocol> protocols = new ByNumber<>(Protocol::new);
    private final ByNumber<Mode> modes = new ByNumber<>(Mode::new);

    XfrmText(OutputStream out, boolean statistics) {
        super(out);
        this.statistics = statistics;
    }

    static AddressFamily family(int number) {
        try {
            return AddressFamily.of(number);
        } catch (IllegalArgumentException unknown) {
            throw new MalformedMessageException(unknown.getMessage());
        }
    }

    /** Protocol, SPI, reqid and mode. */
    final void name(int protocol, int spi, boolean always, int reqid, int mode) {
        put("proto ").put(protocols.name(protocol)).put(' ');
        if (statistics || always || spi != 0) {
            put("spi 0x").hex8(spi);
            if (statistics) {
                put('(').unsigned(spi).put(')');
            }
            put(' ');
        }
        put("reqid ").unsigned(reqid);
        if (statistics) {
            put("(0x").hex8(reqid).put(')');
        }
        put(" mode ").put(modes.name(mode)).put('\n');
    }

    /** One without a family is shown in that of the SA. */
    final void selector(SelectorDecoder selector, AddressFamily otherwise) {
        AddressFamily own = family(selector.family());
        AddressFamily family = own == AddressFamily.UNSPEC ? otherwise : own;
        put("src ").address(family, selector.sourceHigh(), selector.sourceLow())
                .put('/').unsigned(selector.sourcePrefixLength());
        put(" dst ").address(family, selector.destinationHigh(), selector.destinationLow())
                .put('/').unsigned(selector.destinationPrefixLength()).put(' ');
        int protocol = selector.protocol();
        if (protocol != 0) {
            put("proto ").putAny(Names.upperProtocol(protocol)).put(' ');
        }
        ports(selector, protocol);
        if (selector.ifindex() > 0) {
            put("dev ").interfaceName(selector.ifindex()).put(' ');
        }
        if (statistics) {
            put("uid ").unsigned(selector.user());
        }
        put('\n');
    }

    private void ports(SelectorDecoder selector, int protocol) {
        boolean source = selector.sourcePortMask() != 0;
        boolean destination = selector.destinationPortMask() != 0;
        if (!source && !destination) {
            return;
        }
        switch (protocol) {
            case ICMP, ICMPV6 -> {
                number("type ", selector.sourcePort(), source);
                number("code ", selector.destinationPort(), destination);
            }
            case GRE -> number("key ", selector.sourcePort() << 16 | selector.destinationPort(), true);
            case MOBILITY -> {
                number("type ", selector.sourcePort(), source);
                if (destination && statistics) {
                    // As it is in the packet, whose byte order ip does not turn.
                    put("(dport) 0x").digits(Short.reverseBytes((short) selector.destinationPort()), 4).put(' ');
                }
            }
            default -> {
                number("sport ", selector.sourcePort(), source);
                number("dport ", selector.destinationPort(), destination);
            }
        }
    }

    private void number(String name, int number, boolean shown) {
        if (shown) {
            put(name).unsigned(number).put(' ');
        }
    }

    final void mark(int value, int mask) {
        put("mark ").sharpHex(value).put('/').sharpHex(mask).put(' ');
    }

    final void securityContext(MemorySegment segment, SecurityContextDecoder context) {
        put('\t').putAny(SecurityContext.from(segment, context).toString()).put(" \n");
    }

    final void offload(int ifindex, int flags) {
        put((flags & Offload.PACKET) != 0 ? "\tpacket" : "\tcrypto").put(" offload parameters: dev ")
                .interfaceName(ifindex).put((flags & Offload.INBOUND) != 0 ? " dir in\n" : " dir out\n");
    }

    final void interfaceId(int id) {
        put("\tif_id ").sharpHex(id).put('\n');
    }

    final void lifetime(LifetimeDecoder limits, UsageDecoder usage) {
        put("\tlifetime config:\n");
        limit(limits.softBytes(), limits.hardBytes(), "(bytes)");
        limit(limits.softPackets(), limits.hardPackets(), "(packets)");
        seconds("\t  expire add: soft ", limits.softSecondsSinceAdded(), limits.hardSecondsSinceAdded());
        seconds("\t  expire use: soft ", limits.softSecondsSinceUsed(), limits.hardSecondsSinceUsed());
        put("\tlifetime current:\n\t  ").unsigned(usage.bytes()).put("(bytes), ").unsigned(usage.packets())
                .put("(packets)\n\t  add ").time(usage.added()).put(" use ").time(usage.firstUsed()).put('\n');
    }

    private void limit(long soft, long hard, String unit) {
        put("\t  limit: soft ");
        amount(soft).put(unit).put(", hard ");
        amount(hard).put(unit).put('\n');
    }

    private Text amount(long limit) {
        return limit == Lifetime.INFINITE ? put("(INF)") : unsigned(limit);
    }

    private void seconds(String name, long soft, long hard) {
        put(name).unsigned(soft).put("(sec), hard ").unsigned(hard).put("(sec)\n");
    }
}
