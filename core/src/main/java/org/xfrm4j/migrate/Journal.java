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
        public void begin(List<GroupWork> step, StepRunner.Progress[] progress) {
            // nothing to write
        }

        @Override
        public void done(StepRunner.Progress[] progress) {
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

    /** The groups of a step that are to be touched; on disk when this returns. */
    void begin(List<GroupWork> step, StepRunner.Progress[] progress) throws IOException;

    /** The step is done, be its groups moved or taken back. Those that are stuck can still be recovered. */
    void done(StepRunner.Progress[] progress) throws IOException;

    /** The migration is done. */
    void end() throws IOException;

    @Override
    void close() throws IOException;
}
