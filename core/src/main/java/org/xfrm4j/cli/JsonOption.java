package org.xfrm4j.cli;

import picocli.CommandLine.Option;

/** How: for people or for programs. */
final class JsonOption {
    @Option(names = {"-j", "--json"}, description = "Print JSON, of a form that stays: see the manual.")
    private boolean json;

    boolean json() {
        return json;
    }
}
