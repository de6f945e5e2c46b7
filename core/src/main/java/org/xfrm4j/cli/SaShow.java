package org.xfrm4j.cli;

import org.xfrm4j.Xfrm;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.SaId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows one SA. */
@Command(name = "show", aliases = "get", description = "Show one SA, as 'ip xfrm state get' does.",
        footer = {"", "Examples:",
            "  xfrm4j sa show dst 198.51.100.7 proto esp spi 0xc0ffee01",
            "  xfrm4j sa show dst 198.51.100.7 proto esp spi 0xc0ffee01 mark 0x1/0xff --show-keys"})
final class SaShow extends KernelCommand {
    @Mixin
    private SaNameOptions name;

    @Mixin
    private SaOutputOptions output;

    @Override
    int run(Xfrm xfrm) {
        SaId id = name.id();
        IpAddress source = name.source();
        try (SaPrinting printing = isJson() ? output.json(json(), false) : output.text(stream())) {
            if (!xfrm.sas().read(id, source, printing::print)) {
                throw new NotDoneException("there is no SA " + id);
            }
        }
        return ExitStatus.DONE;
    }
}
