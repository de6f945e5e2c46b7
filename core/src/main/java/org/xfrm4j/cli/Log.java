package org.xfrm4j.cli;

/** Where the library's log goes: to standard error, and only if asked for, since commands tell all that matters. */
final class Log {
    /** The property that sets it, of slf4j-simple. */
    static final String LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    private Log() {
    }

    /** Sets what holds unless something else is asked for, here or by the JVM's user. */
    static void setUp() {
        System.getProperties().putIfAbsent(LEVEL, "off");
    }
}
