package org.xfrm4j.cli;

import picocli.CommandLine.Command;

/** Holds the commands about SAs. */
@Command(name = "sa", synopsisSubcommandLabel = "COMMAND", description = "Security Associations.")
final class Sa extends Group {
}
