package org.xfrm4j.migrate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xfrm4j.SaDump;
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;
import org.xfrm4j.wire.MigrateStateEncoder;

/**
 * Moves SAs by XFRM_MSG_MIGRATE_STATE (Linux 7.2), in batches, with an exact outcome for each. Policies are not
 * touched.
 *
 * <p>A move is refused without being sent if the kernel would refuse it, or would take it silently and do something
 * else. Where an answer leaves open what happened, the SA is looked up.
 *
 * <p>An SA with a mark is looked up before it moves, which costs one more request: Linux 7.2 takes the first SA that
 * the mark matches, which may be another one with a wider mask or without a mark.
 *
 * <p>A moved SA keeps its keys, sequence numbers, replay window, usage and limits. Two things the kernel begins anew:
 * its {@link org.xfrm4j.sa.Stats}, and whether it has announced a soft limit, so that one that had passed is announced
 * again.
 *
 * <p>Belongs to the thread of its {@link Xfrm}, and is closed with it. Use {@link Xfrm#migrateSupport()} to find out
 * first whether the kernel can do it.
 */
public final class Migrator {
    private static final Logger LOG = LoggerFactory.getLogger(Migrator.class);

    private final Xfrm xfrm;
    private final MovePipeline pipeline;

    /**
     * A migrator with {@link MigrateOptions#DEFAULT}.
     *
     * @param xfrm whose SAs; stays open as long as this is used
     */
    public Migrator(Xfrm xfrm) {
        this(xfrm, MigrateOptions.DEFAULT);
    }

    /**
     * A migrator.
     *
     * @param xfrm whose SAs; stays open as long as this is used
     * @param options how moves are sent
     */
    public Migrator(Xfrm xfrm, MigrateOptions options) {
        this.xfrm = xfrm;
        this.pipeline = new MovePipeline(xfrm, options);
    }

    /**
     * Carries out moves, in the order given.
     *
     * @param moves which
     * @return one result for each, in the same order
     * @throws org.xfrm4j.netlink.NetlinkException when what became of an SA had to be looked up and could not be
     */
    public List<MoveResult> move(List<Move> moves) {
        MoveResult[] results = new MoveResult[moves.size()];
        pipeline.start(report -> results[report.ticket()] = new MoveResult(moves.get(report.ticket()),
                report.outcome(), report.refusal(), report.warning()));
        for (int i = 0; i < results.length; i++) {
            MoveEncoder.encode(moves.get(i), pipeline.begin());
            pipeline.submit(i, null);
        }
        pipeline.flush();
        return new ArrayList<>(Arrays.asList(results));
    }

    /**
     * Moves SAs straight from a dump: each is decided about and encoded where the kernel put it, without an object. The
     * dump and the moves run at the same time, over two sockets; SAs that appear during it, the moved ones among them,
     * are not part of it.
     *
     * @param filter which SAs the kernel shall dump
     * @param rule which of them move, and where to
     * @param listener gets each outcome
     * @return how many had which outcome
     * @throws org.xfrm4j.netlink.DumpInterruptedException when the dump was inconsistent: SAs may have been left out
     * @throws org.xfrm4j.netlink.NetlinkException when the dump failed, or what became of an SA could not be looked up;
     *     all moves before were carried out and reported
     */
    public MoveCounts stream(SaFilter filter, MoveRule rule, MoveListener listener) {
        pipeline.start(listener);
        try (Xfrm dumping = xfrm.openAnother(); SaDump dump = dumping.sas().dump(filter)) {
            while (dump.next()) {
                decide(dump, rule);
            }
        } finally {
            pipeline.flush();
        }
        MoveCounts counts = pipeline.counts();
        LOG.info("moved SAs: {}", counts);
        return counts;
    }

    private void decide(SaDump dump, MoveRule rule) {
        MigrateStateEncoder move = pipeline.begin();
        boolean moves;
        try {
            moves = rule.decide(dump.sa(), move.from(dump.sa()));
        } catch (RuntimeException | Error failed) {
            pipeline.abandon();
            throw failed;
        }
        if (moves) {
            pipeline.submit(0, dump.sa());
        } else {
            pipeline.skip();
        }
    }
}
