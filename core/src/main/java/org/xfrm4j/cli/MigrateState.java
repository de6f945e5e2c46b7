package org.xfrm4j.cli;

import java.util.List;
import org.xfrm4j.MigrateSupport;
import org.xfrm4j.Xfrm;
import org.xfrm4j.migrate.Migrator;
import org.xfrm4j.migrate.Move;
import org.xfrm4j.migrate.MoveResult;
import org.xfrm4j.migrate.Outcome;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves one SA. */
@Command(name = "migrate-state", sortOptions = false,
        description = {"Move exactly one SA with XFRM_MSG_MIGRATE_STATE, which 'ip xfrm' has no command for."
                + " Policies are"
            + " not touched.",
            "What is not told stays as it is: addresses, reqid and selector, for which the kernel knows no 'keep',"
                    + " are read"
                + " from the SA first, unless --literal is told."},
        footer = {"", "Examples:",
            "  xfrm4j migrate-state dst 198.51.100.7 proto esp spi 0xc0ffee01 --new-src 203.0.113.1",
            "  xfrm4j migrate-state dst 198.51.100.7 proto esp spi 0xc0ffee01 --new-dst 198.51.100.8 \\",
            "      --new-encap 'espinudp 4500 4500' --nat-keepalive 20",
            "  xfrm4j migrate-state dst 198.51.100.7 proto esp spi 0xc0ffee01 --literal --new-src 203.0.113.1 \\",
            "      --new-dst 198.51.100.7 --new-reqid 0 --new-selector 'src 10.1.0.0/16 dst 10.2.0.0/16'",
            "",
            "Status: 0 it moved, 1 it did not, 3 the kernel cannot do it."})
final class MigrateState extends KernelCommand {
    /** What the kernel says of a move where there is no monitor and no IKE daemon: all is well. */
    private static final String NOBODY_LISTENS = "Failed to send migration notification";

    @Mixin
    private SaNameOptions name;

    @Mixin
    private MoveOptions options;

    @Option(names = "--literal", order = 30,
            description = "Do not read the SA: --new-src, --new-dst, --new-reqid and a selector are all told.")
    private boolean literal;

    @Option(names = "--dry-run", order = 31, description = "Print what would be asked of the kernel, and do nothing.")
    private boolean dryRun;

    @Override
    int run(Xfrm xfrm) {
        SaId id = name.id();
        Move move = move(xfrm, id);
        if (dryRun) {
            return show(move);
        }
        MigrateSupport support = xfrm.migrateSupport();
        if (support != MigrateSupport.SUPPORTED) {
            throw new NotDoneException(support.reason(), ExitStatus.UNSUPPORTED);
        }
        MoveResult result = new Migrator(xfrm).move(List.of(move)).getFirst();
        if (isJson()) {
            printed(json -> new MoveJson(json).write(result));
        } else if (result.outcome() == Outcome.MOVED) {
            out().println(id + " moved: src " + move.newSource() + " dst " + move.newDestination());
        }
        if (result.warning() != null && !result.warning().equals(NOBODY_LISTENS)) {
            warn("moved, and the kernel says: " + result.warning());
        }
        if (result.outcome() != Outcome.MOVED) {
            throw new NotDoneException(result.toString());
        }
        return ExitStatus.DONE;
    }

    private Move move(Xfrm xfrm, SaId id) {
        Move.Builder builder;
        if (literal) {
            builder = Move.of(id);
        } else {
            SecurityAssociation sa = xfrm.sas().get(id)
                    .orElseThrow(() -> new NotDoneException("there is no SA " + id));
            sa.wipeKeys();
            builder = Move.of(sa);
        }
        options.apply(builder);
        try {
            return builder.build();
        } catch (IllegalStateException incomplete) {
            throw new UsageException(incomplete.getMessage());
        }
    }

    private int show(Move move) {
        if (isJson()) {
            return printed(json -> new MoveJson(json).write(move));
        }
        out().println(MoveText.of(move));
        return ExitStatus.DONE;
    }
}
