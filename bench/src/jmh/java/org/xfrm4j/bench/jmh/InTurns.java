package org.xfrm4j.bench.jmh;

import java.util.Map;
import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * Ways of doing the same that are measured in turns: in one JVM and on the same SAs, a short iteration of the one, then
 * one of the next, and again. A machine that others use as well may be twice as fast a few seconds later; between two
 * iterations that follow each other it seldom changes, and their ratio does not mind what it was.
 *
 * <p>Each way is a benchmark of its own as well, for who wants to look at it alone.
 */
@State(Scope.Thread)
public abstract class InTurns {
    /** The name of the benchmark. */
    static final String METHOD = "inTurns";
    /** The name of the parameter. */
    static final String WAYS = "ways";
    /** The name of the counter that tells whose turn it was. */
    static final String WAY = "way";

    /** An {@link Order}; none for a benchmark alone. */
    @Param("")
    public String ways;

    private int iteration;
    private IterationType type;
    private int way;
    private LongSupplier current;

    /** Goes with the figures of an iteration, and tells whose they are. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Turn {
        /** Its number in the {@link Order}. */
        public int way;
    }

    /** All ways there are, by the names of their methods. */
    abstract Map<String, LongSupplier> all();

    /** The next one's turn. */
    @Setup(Level.Iteration)
    public void next(IterationParams parameters) {
        if (ways.isEmpty()) {
            return;
        }
        iteration = parameters.getType() == type ? iteration + 1 : 0;
        type = parameters.getType();
        Order order = Order.of(ways);
        String name = type == IterationType.WARMUP ? order.warmUp(iteration) : order.measured(iteration);
        way = order.ways().indexOf(name);
        current = all().get(name);
    }

    /** By whose turn it is. */
    @Benchmark
    public long inTurns(Turn turn) {
        turn.way = way;
        return current.getAsLong();
    }
}
