package org.xfrm4j.migrate;

import java.util.List;

/**
 * What became of the migration of one network namespace of several; see {@link NamespaceMigrations}. A value: any thread
 * may have it.
 */
public sealed interface NamespaceOutcome {
    /** {@return whether everything is at its new place, save SAs that were gone} */
    boolean isComplete();

    /**
     * It ran; perhaps not to its end: the report says.
     *
     * @param report what it did
     */
    record Ran(MigrationReport report) implements NamespaceOutcome {
        @Override
        public boolean isComplete() {
            return report.isComplete();
        }
    }

    /**
     * Its plan cannot run, and nothing was touched.
     *
     * @param problems why
     */
    record Refused(List<PlanProblem> problems) implements NamespaceOutcome {
        /** Copies the list. */
        public Refused {
            problems = List.copyOf(problems);
        }

        @Override
        public boolean isComplete() {
            return false;
        }
    }

    /**
     * Something was thrown. Where it happened before the first group nothing was touched; what had been done by then
     * otherwise is in the log, and what undoes it in the journal, if there is one.
     *
     * @param cause what {@link org.xfrm4j.Xfrm#open}, {@link MigrationPlan#of}, {@link Migration#run}, the rule or the
     *     listener has thrown
     */
    record Failed(Throwable cause) implements NamespaceOutcome {
        @Override
        public boolean isComplete() {
            return false;
        }
    }

    /** It was cancelled before it began, and nothing was touched. */
    record NotBegun() implements NamespaceOutcome {
        @Override
        public boolean isComplete() {
            return false;
        }
    }
}
