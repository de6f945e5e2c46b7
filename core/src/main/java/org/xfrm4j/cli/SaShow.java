package org.xfrm4j.cli;

import org.xfrm4j.Xfrm;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
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
        SecurityAssociation sa = (source == null ? xfrm.sas().get(id) : xfrm.sas().get(id, source))
                .orElseThrow(() -> new NotDoneException("there is no SA " + id));
        try (SaPrinting printing = isJson() ? output.json(json(), false) : output.text(out())) {
            printing.print(sa);
        }
        return ExitStatus.DONE;
    }
}
