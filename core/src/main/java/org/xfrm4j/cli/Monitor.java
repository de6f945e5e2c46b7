package org.xfrm4j.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.xfrm4j.event.Missed;
import org.xfrm4j.event.Nothing;
import org.xfrm4j.event.Notice;
import org.xfrm4j.event.XfrmEvents;
import org.xfrm4j.event.XfrmGroup;
import org.xfrm4j.json.JsonWriter;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.netlink.SocketBuffers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what the kernel announces. */
@Command(name = "monitor",
        description = {"Tell what the kernel announces, one event a line, until Ctrl-C.",
            "Groups: sa, policy, expire, migrate, mapping, report, acquire, aevents; all of them: all. Without any,"
                    + " all but"
                + " the last two, to which listening has effects: while somebody listens to acquire, the kernel lets"
                + " packets"
                + " wait for an IKE daemon."},
        footer = {"", "Examples:",
            "  xfrm4j monitor",
            "  xfrm4j monitor sa migrate --json | jq -c .",
            "  xfrm4j monitor migrate --count 1 --for 60"})
final class Monitor implements Callable<Integer> {
    /** What a storm of events may take before some are missed. */
    private static final SocketBuffers BUFFERS = new SocketBuffers(32 << 20, SocketBuffers.DEFAULT.sendBytes());
    private static final Duration TURN = Duration.ofMillis(500);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    @Spec
    private CommandSpec spec;

    @Mixin
    private NetnsOption netns;

    @Mixin
    private JsonOption json;

    @Option(names = "--show-keys", description = "With --json: print keys.")
    private boolean keys;

    @Option(names = {"-c", "--count"}, paramLabel = "N", description = "End after so many events.")
    private long count = Long.MAX_VALUE;

    @Option(names = "--for", paramLabel = "SECONDS", description = "End after this time.")
    private Long seconds;

    @Parameters(paramLabel = "GROUP", description = "What to listen to.")
    private List<String> groups = List.of();

    @Override
    public Integer call() {
        XfrmGroup[] wanted = groups().toArray(XfrmGroup[]::new);
        long end = seconds == null ? Long.MAX_VALUE : System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        try (XfrmEvents events = XfrmEvents.open(netns.namespace(), BUFFERS, wanted)) {
            tell("listening to " + Arrays.stream(wanted).map(Monitor::name).collect(Collectors.joining(", ")));
            for (long shown = 0; shown < count && System.nanoTime() < end; ) {
                shown += next(events) ? 1 : 0;
            }
        }
        return ExitStatus.DONE;
    }

    private Set<XfrmGroup> groups() {
        if (groups.isEmpty()) {
            return EnumSet.complementOf(EnumSet.of(XfrmGroup.ACQUIRE, XfrmGroup.AEVENTS));
        }
        Set<XfrmGroup> found = EnumSet.noneOf(XfrmGroup.class);
        for (String word : groups) {
            if (word.equals("all")) {
                return EnumSet.allOf(XfrmGroup.class);
            }
            found.add(Arrays.stream(XfrmGroup.values()).filter(group -> name(group).equals(word)).findFirst()
                    .orElseThrow(() -> new UsageException("'" + word + "' is no group of events: "
                            + Arrays.stream(XfrmGroup.values()).map(Monitor::name).collect(Collectors.joining(", "))
                            + " or all")));
        }
        return found;
    }

    private static String name(XfrmGroup group) {
        return group.name().toLowerCase(Locale.ROOT);
    }

    /** Whether something was shown. */
    private boolean next(XfrmEvents events) {
        try {
            Notice notice = events.next(TURN);
            if (notice instanceof Nothing) {
                return false;
            }
            if (notice instanceof Missed) {
                tell("events came faster than they were read, and some were missed");
            }
            show(notice);
            return true;
        } catch (MalformedMessageException lost) {
            tell("an event could not be understood: " + lost.getMessage());
            return false;
        }
    }

    private void show(Notice notice) {
        PrintWriter out = spec.commandLine().getOut();
        if (json.json()) {
            // One writer each, so that each line ends at once.
            try (JsonWriter writer = JsonWriter.lines(Xfrm4j.of(spec.commandLine()).stream())) {
                (keys ? writer.withKeys() : writer).write(notice);
            }
        } else {
            out.println(TIME.format(LocalTime.now()) + ' ' + EventText.of(notice));
            out.flush();
        }
        EventText.wipeKeys(notice);
        if (out.checkError()) {
            throw new NotDoneException("standard output cannot be written to");
        }
    }

    private void tell(String what) {
        spec.commandLine().getErr().println(spec.qualifiedName() + ": " + what);
        spec.commandLine().getErr().flush();
    }
}
