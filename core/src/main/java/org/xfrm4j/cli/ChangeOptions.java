package org.xfrm4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.xfrm4j.migrate.SaChange;
import org.xfrm4j.migrate.SaSelection;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.Selector;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What becomes of SAs that a migration moves. */
final class ChangeOptions {
    /** What takes a property away. */
    private static final String NONE = "none";

    @ArgGroup(exclusive = false)
    private Local local;

    @ArgGroup(exclusive = false)
    private Remote remote;

    private static final class Local {
        @Option(names = "--from", paramLabel = "PREFIX", required = true, order = 1,
                description = "The address on this side that is left, or a prefix of them.")
        private IpPrefix from;

        @Option(names = "--to", paramLabel = "PREFIX", required = true, order = 2,
                description = "What takes its place: as many addresses, of either family.")
        private IpPrefix to;
    }

    private static final class Remote {
        @Option(names = "--peer-from", paramLabel = "PREFIX", required = true, order = 3,
                description = "The same on the peers' side; with --from SAs move that lie in both.")
        private IpPrefix from;

        @Option(names = "--peer-to", paramLabel = "PREFIX", required = true, order = 4,
                description = "What takes its place.")
        private IpPrefix to;
    }

    @Option(names = "--new-reqid", paramLabel = "REQID", order = 10, description = "One reqid for all; 0 is none.")
    private U32 reqid;

    @Option(names = "--map-reqid", paramLabel = "OLD=NEW", split = ",", order = 11,
            description = "Other reqids for these; the others keep theirs.")
    private Map<U32, U32> reqids = Map.of();

    @Option(names = "--new-selector", paramLabel = "WORDS", order = 12,
            description = "One selector for all, in ip's words: 'src 10.1.0.0/16 dst 10.2.0.0/16'.")
    private String selector;

    @Option(names = "--host-to-host", order = 13,
            description = "Selectors that the kernel makes of the new addresses, for SAs in transport mode that have"
                    + " such.")
    private boolean hostToHost;

    @Option(names = "--new-mark", paramLabel = "VALUE[/MASK]|none", order = 14, description = "Another mark, or none.")
    private String mark;

    @Option(names = "--new-encap", paramLabel = "SPORT:DPORT|none", order = 15,
            description = "ESP in UDP with these ports on this side and the peer's, or none any more.")
    private String encap;

    @Option(names = "--new-output-mark", paramLabel = "VALUE[/MASK]|none", order = 16,
            description = "Another output mark, or none.")
    private String outputMark;

    @Option(names = "--new-offload", paramLabel = "DEV|packet:DEV|none", order = 17,
            description = "Offload to a device, or none.")
    private String offload;

    @Option(names = "--nat-keepalive", paramLabel = "SECONDS", order = 18,
            description = "The interval of NAT keepalives of outgoing SAs; 0 for none.")
    private Integer keepalive;

    /** Whether SAs change at all. */
    boolean isEmpty() {
        return changes().isEmpty();
    }

    /** Those that lie where something is left. */
    SaSelection selection() {
        SaSelection selection = local == null ? SaSelection.ALL : SaSelection.local(local.from);
        return remote == null ? selection : selection.and(SaSelection.remote(remote.from));
    }

    SaChange change() {
        return changes().stream().reduce(SaChange::and)
                .orElseThrow(() -> new UsageException("nothing is to change: --from and --to, or another change, is"
                        + " missing"));
    }

    private List<SaChange> changes() {
        List<SaChange> changes = new ArrayList<>();
        if (local != null) {
            changes.add(SaChange.local(local.from, local.to));
        }
        if (remote != null) {
            changes.add(SaChange.remote(remote.from, remote.to));
        }
        if (reqid != null) {
            changes.add(SaChange.reqid(reqid.bits()));
        }
        if (!reqids.isEmpty()) {
            Map<Integer, Integer> map = reqids.entrySet().stream()
                    .collect(Collectors.toMap(each -> each.getKey().bits(), each -> each.getValue().bits()));
            changes.add(SaChange.reqid(old -> map.getOrDefault(old, old)));
        }
        if (selector != null) {
            changes.add(SaChange.selector(selector(selector)));
        }
        if (hostToHost) {
            changes.add(SaChange.hostToHostSelector());
        }
        add(changes, "--new-mark", mark, SaChange.removeMark(), text -> SaChange.mark(Converters.mark(text)));
        add(changes, "--new-encap", encap, SaChange.removeEncap(), text -> SaChange.encap(ports(text)));
        add(changes, "--new-output-mark", outputMark, SaChange.removeOutputMark(),
                text -> SaChange.outputMark(Converters.mark(text)));
        add(changes, "--new-offload", offload, SaChange.removeOffload(), ChangeOptions::offload);
        if (keepalive != null) {
            changes.add(SaChange.natKeepalive(keepalive));
        }
        return changes;
    }

    private static void add(List<SaChange> changes, String option, String text, SaChange none,
                            Function<String, SaChange> change) {
        if (text == null) {
            return;
        }
        try {
            changes.add(text.equals(NONE) ? none : change.apply(text));
        } catch (IllegalArgumentException | UsageException wrong) {
            throw new UsageException(option + ": " + wrong.getMessage());
        }
    }

    static Selector selector(String text) {
        Words words = new Words(Batch.words(text));
        SelectorWords reader = new SelectorWords();
        while (words.hasNext()) {
            if (!reader.take(words)) {
                throw new UsageException("selector: '" + words.next() + "' is not understood in '" + text + "'");
            }
        }
        return reader.selector(org.xfrm4j.sa.AddressFamily.UNSPEC);
    }

    private static Encap ports(String text) {
        String[] ports = text.split(":", -1);
        if (ports.length != 2) {
            throw new UsageException("'" + text + "' is not two ports with a colon between them");
        }
        return new Encap(Encap.ESP_IN_UDP, (int) U32.parse(ports[0], 0xffff), (int) U32.parse(ports[1], 0xffff),
                IpAddress.UNSPECIFIED);
    }

    /** The device is told which way packets go. */
    private static SaChange offload(String text) {
        boolean packet = text.startsWith("packet:");
        int device = SelectorWords.interfaceIndex(packet ? text.substring("packet:".length()) : text);
        int flags = packet ? Offload.PACKET : 0;
        SaSelection incoming = SaSelection.direction(Direction.IN);
        return SaChange.offload(new Offload(device, flags | Offload.INBOUND)).where(incoming)
                .and(SaChange.offload(new Offload(device, flags)).where(incoming.negate()));
    }
}
