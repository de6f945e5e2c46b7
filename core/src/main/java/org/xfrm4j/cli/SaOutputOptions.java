package org.xfrm4j.cli;

import java.io.OutputStream;
import org.xfrm4j.json.JsonWriter;
import picocli.CommandLine.Option;

/** How SAs are printed. */
final class SaOutputOptions {
    @Option(names = {"-s", "--statistics"}, description = "Print limits, usage and errors as well, as 'ip -s' does.")
    private boolean statistics;

    @Option(names = "--show-keys", description = "Print the keys.")
    private boolean keys;

    SaPrinting text(OutputStream out) {
        return new SaTextPrinting(new SaText(out, statistics, keys));
    }

    /** A list of JSON, or one value. */
    SaPrinting json(JsonWriter writer, boolean list) {
        return new SaJsonPrinting(keys ? writer.withKeys() : writer, list);
    }

    boolean keys() {
        return keys;
    }
}
