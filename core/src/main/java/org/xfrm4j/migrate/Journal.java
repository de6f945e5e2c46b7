package org.xfrm4j.migrate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.xfrm4j.Xfrm;

/** Where a migration writes down what undoes each step before it is touched. */
interface Journal extends AutoCloseable {
    /** Writes nothing down. */
    Journal NONE = new Journal() {
        @Override
        public void plan(int groups) {
            // nothing to write
        }

        @Override
        public void begin(List<GroupWork> groups) {
            // nothing to write
        }

        @Override
        public void done(int[] stuck) {
            // nothing to write
        }

        @Override
        public void end() {
            // nothing to write
        }

        @Override
        public void close() {
            // nothing to close
        }
    };

    /**
     * Begins a journal in a new file, about the namespace that is given.
     *
     * @throws IOException if it exists, or cannot be written
     */
    static Journal create(Path file, Xfrm xfrm) throws IOException {
        return JournalWriter.create(file, JournalFormat.Place.of(xfrm));
    }

    /** A plan of so many groups begins to run: the one that was given, then those that were made by looking again. */
    void plan(int groups) throws IOException;

    /** A step begins, and is to touch these groups. On disk when this returns. */
    void begin(List<GroupWork> groups) throws IOException;

    /**
     * The step is done: its groups are moved or taken back.
     *
     * @param stuck the others, by their places among those that it began with; they can still be recovered
     */
    void done(int[] stuck) throws IOException;

    /**
     * The migration has ended, be it done, cancelled or unable to go on: nothing more will be written. Groups that had
     * begun and are neither moved nor taken back can be recovered all the same, and finished ones be taken back.
     */
    void end() throws IOException;

    @Override
    void close() throws IOException;
}
