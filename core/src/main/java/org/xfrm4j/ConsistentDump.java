package org.xfrm4j;

import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xfrm4j.netlink.DumpInterruptedException;

/** Takes a dump again when the kernel marks it as inconsistent, a few times. */
final class ConsistentDump {
    private static final Logger LOG = LoggerFactory.getLogger(ConsistentDump.class);
    private static final int ATTEMPTS = 5;

    private ConsistentDump() {
    }

    static <T> List<T> of(Supplier<List<T>> dump) {
        for (int attempt = 1; ; attempt++) {
            try {
                return dump.get();
            } catch (DumpInterruptedException interrupted) {
                if (attempt == ATTEMPTS) {
                    throw interrupted;
                }
                LOG.debug("dump interrupted, attempt {}", attempt);
            }
        }
    }
}
