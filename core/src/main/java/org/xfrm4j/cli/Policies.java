package org.xfrm4j.cli;

import picocli.CommandLine.Command;

/** Holds the commands about policies. */
@Command(name = "policy", synopsisSubcommandLabel = "COMMAND", description = "Security policies.")
final class Policies extends Group {
}
