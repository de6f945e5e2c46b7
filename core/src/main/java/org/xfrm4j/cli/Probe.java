package org.xfrm4j.cli;

import org.xfrm4j.MigrateSupport;
import org.xfrm4j.Xfrm;
import picocli.CommandLine.Command;

/** Tells what the kernel supports. */
@Command(name = "probe", description = "Tell what this kernel supports, and why not. It is asked, and nothing changes.",
        footer = {"", "Examples:", "  xfrm4j probe", "  xfrm4j probe --json --netns blue", "",
            "Status 0 if SAs can be migrated, 3 if not."})
final class Probe extends KernelCommand {
    @Override
    int run(Xfrm xfrm) {
        Support support = Support.of(xfrm);
        if (isJson()) {
            printed(support::write);
        } else {
            support.print(out());
        }
        return support.migrateState() == MigrateSupport.SUPPORTED ? ExitStatus.DONE : ExitStatus.UNSUPPORTED;
    }
}
