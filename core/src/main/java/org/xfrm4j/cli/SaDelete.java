package org.xfrm4j.cli;

import org.xfrm4j.Xfrm;
import org.xfrm4j.sa.SaId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Deletes one SA. */
@Command(name = "delete", aliases = "del", description = "Delete one SA. Nothing is printed.",
        footer = {"", "Example:", "  xfrm4j sa delete dst 198.51.100.7 proto esp spi 0xc0ffee01"})
final class SaDelete extends KernelCommand {
    @Mixin
    private SaNameOptions name;

    @Override
    int run(Xfrm xfrm) {
        SaId id = name.id();
        if (!xfrm.sas().delete(id, name.source())) {
            throw new NotDoneException("there is no SA " + id);
        }
        return isJson() ? printed(json -> Done.write(json, "deleted", 1)) : ExitStatus.DONE;
    }
}
