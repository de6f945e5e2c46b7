package org.xfrm4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.xfrm4j.MigrateSupport;
import org.xfrm4j.SaDatabase;
import org.xfrm4j.SaDump;
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;
import org.xfrm4j.migrate.MigrateOptions;
import org.xfrm4j.migrate.Migrator;
import org.xfrm4j.migrate.MoveCounts;
import org.xfrm4j.migrate.MoveListener;
import org.xfrm4j.migrate.MoveRule;
import org.xfrm4j.netlink.Acknowledge;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.SecurityAssociation;

/**
 * A gateway changes its address: installs SAs, migrates all in batches, reads every one back and compares. Then the same
 * way back, and for comparison one message at a time. Started by {@code bench/demo}, in a network namespace that has no SAs.
 */
public final class Demo {
    private static final IpAddress BEFORE = IpAddress.parse("192.0.2.1");
    private static final IpAddress AFTER = IpAddress.parse("203.0.113.1");
    private static final long SEED = 20_260_702;
    private static final int INSTALL_STEP = 1000;
    private static final MigrateOptions ONE_AT_A_TIME = new MigrateOptions(1, Acknowledge.EVERY);

    private final Xfrm xfrm;
    private final int count;
    private final Progress progress;
    private final DemoSas sas = new DemoSas(BEFORE, SEED);
    /** The SAs as the kernel gave them back after they were installed, by SPI. */
    private final Map<Integer, SecurityAssociation> installed = new HashMap<>();

    private Demo(Xfrm xfrm, int count, Progress progress) {
        this.xfrm = xfrm;
        this.count = count;
        this.progress = progress;
    }

    /**
     * Runs the demo.
     *
     * @param args {@code --sas N} and {@code --progress}
     * @throws IOException if the kernel's name cannot be read
     */
    public static void main(String[] args) throws IOException {
        List<String> options = List.of(args);
        int count = Integer.parseInt(options.get(options.indexOf("--sas") + 1));
        System.out.println("kernel      " + Files.readString(Path.of("/proc/version")).split(" \\(")[0]);
        boolean verified;
        try (Xfrm xfrm = Xfrm.open()) {
            MigrateSupport support = xfrm.migrateSupport();
            if (support != MigrateSupport.SUPPORTED) {
                System.err.println("demo: " + support.reason());
                System.exit(1);
            }
            verified = new Demo(xfrm, count, new Progress(options.contains("--progress"))).run();
        }
        System.exit(verified ? 0 : 1);
    }

    private boolean run() {
        if (xfrm.sas().list(SaFilter.ALL).size() > 0) {
            System.err.println("demo: there are SAs in this network namespace; it touches only one that has none");
            return false;
        }
        install();
        String batches = "in batches of " + MigrateOptions.DEFAULT.batchSize();
        migrate(batches + ", while the JVM warms up", MigrateOptions.DEFAULT, BEFORE, AFTER);
        boolean there = verify(AFTER);
        double batched = migrate(batches, MigrateOptions.DEFAULT, AFTER, BEFORE);
        boolean back = verify(BEFORE);
        double single = migrate("one message at a time", ONE_AT_A_TIME, BEFORE, AFTER);
        boolean again = verify(AFTER);
        System.out.printf("ratio       batches moved SAs %.1f times as fast as single messages here; on an ordinary kernel,"
                + " whose system calls%n            are cheaper than those of the embedded one, about 1.5 times is what"
                + " remains%n", batched / single);
        boolean verified = there && back && again;
        System.out.println(verified ? "all SAs verified" : "NOT ALL SAs WERE VERIFIED");
        return verified;
    }

    private void install() {
        long start = System.nanoTime();
        SaDatabase database = xfrm.sas();
        for (int from = 0; from < count; from += INSTALL_STEP) {
            IntFunction<SecurityAssociation> make = sas::get;
            var refusals = database.addAll(IntStream.range(from, Math.min(count, from + INSTALL_STEP))
                    .mapToObj(make).toList());
            if (!refusals.isEmpty()) {
                throw new IllegalStateException("the kernel refused to add an SA: " + refusals.getFirst());
            }
            progress.show("installing", from, count);
        }
        double seconds = secondsSince(start);
        try (SaDump dump = database.dump(SaFilter.ALL)) {
            while (dump.next()) {
                SecurityAssociation sa = SecurityAssociation.from(dump.sa());
                installed.put(sa.spi(), sa);
            }
        }
        progress.clear();
        System.out.printf("installed   %,d SAs (ESP, AES-GCM with 256 bits, tunnel mode; half incoming, half outgoing)"
                + " in %.2f s%n", installed.size(), seconds);
    }

    /** Incoming SAs first, so that none of the peers' packets meets an SA that is gone. */
    private double migrate(String how, MigrateOptions options, IpAddress from, IpAddress to) {
        Migrator migrator = new Migrator(xfrm, options);
        int[] done = new int[1];
        MoveListener showing = report -> progress.show("migrating", done[0]++, count);
        MoveRule incoming = (sa, move) -> {
            boolean moves = sa.direction() == Direction.IN.number() && sa.destinationHigh() == from.high();
            if (moves) {
                move.newDestination(to.high(), to.low());
            }
            return moves;
        };
        MoveRule outgoing = (sa, move) -> {
            boolean moves = sa.direction() == Direction.OUT.number() && sa.sourceHigh() == from.high();
            if (moves) {
                move.newSource(to.high(), to.low());
            }
            return moves;
        };
        long start = System.nanoTime();
        MoveCounts in = migrator.stream(SaFilter.ALL, incoming, showing);
        MoveCounts out = migrator.stream(SaFilter.ALL, outgoing, showing);
        double seconds = secondsSince(start);
        progress.clear();
        long moved = in.moved() + out.moved();
        double rate = moved / seconds;
        System.out.printf("migrated    %,d of %,d SAs from %s to %s %s in %.2f s: %,.0f SAs/s%n",
                moved, count, from, to, how, seconds, rate);
        if (moved != count) {
            System.out.printf("            rejected %,d, gone %,d, lost %,d%n", in.rejected() + out.rejected(),
                    in.gone() + out.gone(), in.lost() + out.lost());
        }
        return rate;
    }

    /** Every SA must be as it was installed, save the gateway's address. */
    private boolean verify(IpAddress gateway) {
        int same = 0;
        int seen = 0;
        try (SaDump dump = xfrm.sas().dump(SaFilter.ALL)) {
            while (dump.next()) {
                SecurityAssociation sa = SecurityAssociation.from(dump.sa());
                SecurityAssociation expected = expected(sa.spi(), gateway);
                if (sa.equals(expected)) {
                    same++;
                } else if (seen - same == 0) {
                    System.out.println("expected    " + expected + "\nfound       " + sa);
                }
                progress.show("verifying", seen++, count);
            }
        }
        progress.clear();
        System.out.printf("verified    %,d of %,d SAs: new address; reqid, selector, keys, mode, lifetimes and replay state"
                + " as before%n", same, count);
        return same == count && seen == count;
    }

    private SecurityAssociation expected(int spi, IpAddress gateway) {
        SecurityAssociation before = installed.get(spi);
        if (before == null) {
            return null;
        }
        return before.direction() == Direction.IN ? before.toBuilder().destination(gateway).build()
                : before.toBuilder().source(gateway).build();
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }
}
