package org.xfrm4j.cli;

import java.nio.file.Path;
import java.time.Duration;
import org.xfrm4j.migrate.RunOptions;
import picocli.CommandLine.Option;

/** How a migration is run. */
final class RunningOptions {
    @Option(names = "--journal", paramLabel = "FILE", order = 31,
            description = "A new file, in which stands what undoes each step before it is done: to recover from a"
                    + " crash. With several network namespaces one for each: FILE.NAME.")
    private Path journal;

    @Option(names = "--no-block", order = 33,
            description = "Do not block outgoing policies while their SAs move; the kernel may ask for SAs meanwhile.")
    private boolean noBlock;

    @Option(names = "--no-verify", order = 34, description = "Do not read all SAs back at the end.")
    private boolean noVerify;

    @Option(names = "--hold", paramLabel = "MS", order = 35,
            description = "How long the kernel may be kept from serving others, an IKE daemon for instance, in"
                    + " milliseconds; 5 unless told.")
    private Duration hold;

    @Option(names = "--looks", paramLabel = "N", order = 36,
            description = "How often to look afterwards for SAs that came meanwhile, and move them; 3 unless told.")
    private Integer looks;

    /** Null for none. */
    Path journal() {
        return journal;
    }

    /** With this journal, if it is not null. */
    RunOptions options(Path file) {
        RunOptions options = RunOptions.DEFAULT;
        options = noBlock ? options.withoutBlocking() : options;
        options = noVerify ? options.withoutVerifying() : options;
        options = hold == null ? options : options.withHold(hold);
        options = looks == null ? options : options.withLooks(looks);
        return file == null ? options : options.withJournal(file);
    }

    /** Whether something was told that the older XFRM_MSG_MIGRATE has nothing of. */
    String notForLegacy() {
        return journal != null ? "--journal" : noBlock ? "--no-block" : noVerify ? "--no-verify"
                : hold != null ? "--hold" : looks != null ? "--looks" : null;
    }
}
