package org.xfrm4j.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the manual page. */
@Command(name = "manual", description = "Print the manual page.",
        footer = {"", "Examples:", "  xfrm4j manual | man -l -", "  xfrm4j manual >/usr/local/share/man/man8/xfrm4j.8"})
final class Manual implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        CommandLine root = spec.commandLine();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        out.print(new ManualPage(root).text());
        out.flush();
        return ExitStatus.DONE;
    }
}
