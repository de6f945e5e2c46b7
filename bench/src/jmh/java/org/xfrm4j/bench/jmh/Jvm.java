package org.xfrm4j.bench.jmh;

/** Options of the JVMs that measure. */
final class Jvm {
    static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";
    /** What the library logs about each run is not to be measured. */
    static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";
    static final String QUIET = "-D" + LOG_LEVEL + "=warn";

    private Jvm() {
    }
}
