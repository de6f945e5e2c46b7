package org.xfrm4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.xfrm4j.Xfrm;
import org.xfrm4j.migrate.GroupState;
import org.xfrm4j.migrate.Recovery;
import org.xfrm4j.migrate.RecoveryReport;
import org.xfrm4j.text.Plural;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Puts in order what a migration left that ended half way. */
@Command(name = "recover",
        description = "Put in order what a migration left that ended half way: groups of SAs that were begun are"
                + " finished, or"
            + " taken back. Can be run again, and on the same boot only.",
        footer = {"", "Examples:",
            "  xfrm4j recover --journal /var/lib/xfrm4j/move",
            "  xfrm4j recover --journal /var/lib/xfrm4j/move --take-back --netns blue",
            "",
            "Status: 0 every group is at one place or the other, 1 somebody has to look."})
final class Recover extends KernelCommand {
    @Option(names = "--journal", paramLabel = "FILE", required = true,
            description = "The journal of that migration.")
    private Path journal;

    @ArgGroup
    private Back back;

    /** Groups that were begun are finished unless something else is told. */
    private static final class Back {
        @Option(names = "--take-back", description = "Take back what was begun, instead of finishing it.")
        private boolean begun;

        @Option(names = "--take-back-all",
                description = "Take back all that the migration did, groups that it had finished as well.")
        private boolean all;
    }

    @Override
    int run(Xfrm xfrm) throws IOException {
        // It takes a moment only, and must not itself end half way.
        try (Interruption interruption = Interruption.await()) {
            RecoveryReport report = Recovery.recover(xfrm, journal, aim());
            if (isJson()) {
                printed(json -> json.write(report));
            } else {
                print(report);
            }
            report.failures().forEach(this::warn);
            if (interruption.isAsked()) {
                warn("interrupted; what was begun is done all the same");
            }
            return report.isComplete() ? ExitStatus.DONE : ExitStatus.NOT_ALL;
        }
    }

    private Recovery.Aim aim() {
        return back == null ? Recovery.Aim.FINISH : back.all ? Recovery.Aim.TAKE_BACK_ALL : Recovery.Aim.TAKE_BACK;
    }

    private void print(RecoveryReport report) {
        if (report.groups().isEmpty()) {
            out().println("nothing was left half done");
        }
        count(report, GroupState.MOVED, "is at its new place", "are at their new places");
        count(report, GroupState.TAKEN_BACK, "is back where it was", "are back where they were");
        count(report, GroupState.STUCK, "is STUCK, and its outgoing packets blocked",
                "are STUCK, and their outgoing packets blocked");
        report.foreign().forEach(policy -> out().println("left as it is: " + policy));
    }

    private void count(RecoveryReport report, GroupState state, String one, String several) {
        long count = report.groups().stream().filter(each -> each == state).count();
        if (count > 0) {
            out().println(count + " of " + Plural.grouped(report.groups().size(), "group") + ' '
                    + (count == 1 ? one : several));
        }
    }
}
