package org.xfrm4j.bench.scale;

import java.io.IOException;
import java.util.List;

/** A way to move SAs. */
interface Way {
    /** What it is called in the results. */
    String name();

    /** Of how many SAs at most it moves: of very many only so many, where it is slow. */
    int most();

    /** Of how many rounds at most: a JVM needs many of few SAs to get warm. */
    int mostRounds();

    /** Whether it moves SAs of this shape. */
    default boolean knows(Shape shape) {
        return true;
    }

    /**
     * Moves the SAs there and back. They are at {@link Gateway#HERE} before and after.
     *
     * @param shape theirs
     * @param sas how many there are
     * @param rounds how often all move, an even number
     * @return one result for each round, perhaps followed by one about the process
     */
    List<Result> run(Shape shape, int sas, int rounds) throws IOException, InterruptedException;
}
