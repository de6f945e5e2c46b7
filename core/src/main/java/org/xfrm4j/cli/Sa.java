package org.xfrm4j.cli;

import picocli.CommandLine.Command;

/** Holds the commands about SAs. */
@Command(name = "sa", synopsisSubcommandLabel = "COMMAND", description = "Security Associations.",
        subcommands = {SaList.class, SaShow.class, SaAdd.class, SaDelete.class, SaFlush.class})
final class Sa extends Group {
}
