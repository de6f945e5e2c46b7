package org.xfrm4j.cli;

import picocli.CommandLine.Command;

/** Holds the commands about policies. */
@Command(name = "policy", synopsisSubcommandLabel = "COMMAND", description = "Security policies.",
        subcommands = {PolicyList.class, PolicyShow.class, PolicyAdd.class, PolicyDelete.class, PolicyFlush.class,
            PolicyDefault.class})
final class Policies extends Group {
}
