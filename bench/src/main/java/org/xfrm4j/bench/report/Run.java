package org.xfrm4j.bench.report;

import java.util.Map;

/**
 * One run of measurements: all that stands in one file. Only what was measured in the same run is compared.
 *
 * @param file the file's name
 * @param kernel the kind of kernel
 * @param facts what the file says of machine, kernel, JDK and command, in its order
 */
record Run(String file, Kernel kernel, Map<String, String> facts) {
    /** Reads the kind of kernel off the facts. */
    static Run of(String file, Map<String, String> facts) {
        // bench/scale's name for it, and bench/jmh's.
        String processor = facts.getOrDefault("processor", facts.get("cpu"));
        return new Run(file, processor == null ? Kernel.UNKNOWN : Kernel.ofProcessor(processor), facts);
    }

    /** Whether it was made for a look, and not for a claim. */
    boolean isForALook() {
        return facts.getOrDefault("effort", "").equals("QUICK") || isForNothing()
                || facts.getOrDefault("command", "").contains("--quick");
    }

    /** Whether it was made only to see that all runs: its figures mean nothing. */
    boolean isForNothing() {
        return facts.getOrDefault("effort", "").equals("SMOKE");
    }
}
