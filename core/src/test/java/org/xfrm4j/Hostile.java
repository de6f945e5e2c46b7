package org.xfrm4j;

import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Feeds decoders with bytes that no kernel would send. Each datagram comes from a seed of its own, so that one that
 * does harm can be had again alone.
 *
 * <p>System properties: {@code xfrm4j.hostile.minutes} goes on for so long, with ever other datagrams, instead of the
 * number that is usual in a build; {@code xfrm4j.hostile.seed}, {@code xfrm4j.hostile.first} and {@code
 * xfrm4j.hostile.datagrams} choose which.
 */
public final class Hostile {
    private static final long SEED = Long.getLong("xfrm4j.hostile.seed", 20_261_125);
    private static final long FIRST = Long.getLong("xfrm4j.hostile.first", 0);
    private static final Long DATAGRAMS = Long.getLong("xfrm4j.hostile.datagrams");
    private static final long MINUTES = Long.getLong("xfrm4j.hostile.minutes", 0);
    /** Far more than any datagram takes, and than a busy machine lets a thread wait. */
    private static final Duration HANGS = Duration.ofSeconds(30);

    private volatile long current = FIRST;
    private volatile String subject = "";

    private Hostile() {
    }

    /** What is done with one datagram. */
    @FunctionalInterface
    public interface Feed {
        /**
         * Makes a datagram and reads it.
         *
         * @param random to make it from
         * @param report is told what is read before it is read
         */
        void one(Random random, Report report);
    }

    /** Is told what is read. */
    @FunctionalInterface
    public interface Report {
        /** Tells what is read. */
        void reads(String what);
    }

    /**
     * Feeds in a thread that is watched, so that one that hangs is told as well.
     *
     * @param usual how many datagrams, in a build
     * @param feeds makes what is fed, in that thread
     */
    public static void feed(long usual, Supplier<Feed> feeds) throws InterruptedException {
        new Hostile().run(usual, feeds);
    }

    private void run(long usual, Supplier<Feed> feeds) throws InterruptedException {
        AtomicReference<Throwable> failed = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                loop(usual, feeds.get());
            } catch (Throwable e) {
                failed.set(e);
            }
        });
        for (long seen = -1; !thread.join(HANGS); seen = current) {
            if (seen == current) {
                AssertionError hangs = new AssertionError(where() + " hangs");
                hangs.setStackTrace(thread.getStackTrace());
                throw hangs;
            }
        }
        if (failed.get() != null) {
            throw new AssertionError(where(), failed.get());
        }
    }

    private void loop(long usual, Feed feed) {
        long count = DATAGRAMS != null ? DATAGRAMS : usual;
        long deadline = System.nanoTime() + Duration.ofMinutes(MINUTES).toNanos();
        Report report = what -> subject = what;
        for (long i = FIRST; MINUTES > 0 ? System.nanoTime() < deadline : i < FIRST + count; i++) {
            current = i;
            feed.one(new Random(new SplittableRandom(SEED + i).nextLong()), report);
        }
    }

    private String where() {
        return "datagram " + current + " of seed " + SEED + " (-Dxfrm4j.hostile.seed=" + SEED
                + " -Dxfrm4j.hostile.first=" + current + " -Dxfrm4j.hostile.datagrams=1), read by " + subject;
    }

    /** {@return the bytes for a report} */
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** {@return a copy that is cut short, or has a few bytes changed, or both, or neither} */
    public static byte[] mutate(byte[] good, Random random) {
        byte[] bytes = random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length + 1)) : good.clone();
        for (int i = random.nextInt(8); i > 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            bytes[at] = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> (byte) 0xff;
                case 2 -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
                default -> (byte) random.nextInt();
            };
        }
        return bytes;
    }

    /** {@return so many random bytes} */
    public static byte[] noise(int length, Random random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
