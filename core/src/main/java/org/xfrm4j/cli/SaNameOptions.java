package org.xfrm4j.cli;

import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import picocli.CommandLine.Option;

/** Which SA: what names one to the kernel. Each option can also be written as {@code ip} does, without dashes. */
final class SaNameOptions {
    @Option(names = {"src", "--src"}, paramLabel = "ADDRESS",
            description = "Its outer source; needed only where a protocol has no SPIs.")
    private IpAddress source;

    @Option(names = {"dst", "--dst"}, paramLabel = "ADDRESS", required = true, description = "Its outer destination.")
    private IpAddress destination;

    @Option(names = {"proto", "--proto"}, paramLabel = "PROTO", required = true,
            description = "Its protocol: esp, ah, comp, route2 or hao.")
    private Protocol protocol;

    @Option(names = {"spi", "--spi"}, paramLabel = "SPI", description = "Its SPI.")
    private U32 spi;

    @Option(names = {"mark", "--mark"}, paramLabel = "VALUE[/MASK]", description = "Its mark.")
    private Mark mark = Mark.NONE;

    @Option(names = {"mask", "--mask"}, paramLabel = "MASK", description = "The mark's mask, as ip takes it.")
    private U32 mask;

    SaId id() {
        if (spi == null && protocol.hasSpi()) {
            throw new UsageException("spi is missing: it names the SA");
        }
        if (spi != null && !protocol.hasSpi()) {
            throw new UsageException("spi: SAs of " + protocol + " have none, their addresses name them");
        }
        Mark whole = mask == null ? mark : new Mark(mark.value(), mask.bits());
        return spi == null ? new SaId(destination, 0, protocol, whole)
                : SaId.of(destination, spi.bits(), protocol).withMark(whole);
    }

    /** Null where the SPI names the SA. */
    IpAddress source() {
        if (!protocol.hasSpi() && source == null) {
            throw new UsageException("src is missing: addresses name the SAs of " + protocol);
        }
        return protocol.hasSpi() ? null : source;
    }
}
