package org.xfrm4j.migrate;

/** Counts what goes to the kernel. */
final class Traffic {
    private long transmissions;
    private long messages;
    private long bytes;
    private long longestNanos;

    void sent(int count, long length, long took) {
        transmissions++;
        messages += count;
        bytes += length;
        longestNanos = Math.max(longestNanos, took);
    }

    long transmissions() {
        return transmissions;
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    long longestNanos() {
        return longestNanos;
    }
}
