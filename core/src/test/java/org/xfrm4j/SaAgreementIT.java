package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Aead;
import org.xfrm4j.sa.Algorithm;
import org.xfrm4j.sa.Auth;
import org.xfrm4j.sa.Comp;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.ReplayEsn;
import org.xfrm4j.sa.ReplayState;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;

/**
 * Agreement with {@code ip xfrm state}: what we install it prints as we do, and what it installs we read as it prints
 * it. Compared is the text of {@link SecurityAssociation#toString} with that of {@code ip -d -s xfrm state}, field by
 * field, and beside that what was used and when, and the counts of errors.
 *
 * <p>Masked is what only one of the two shows: keys (their lengths are compared), masks of ports, NAT keepalive and
 * mapping threshold; with an older ip also direction and CPU. Names that {@code ip} looks up, of protocols above IP and
 * of interfaces, are compared as numbers.
 */
class SaAgreementIT {
    private static final int SAS = 700;
    private static final long SEED = 20_261_127;
    private static String help;

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @TempDir
    Path folder;

    @Test
    void ipPrintsWhatWeInstallAsWeDo() {
        List<SecurityAssociation> sas = RandomSas.of(SEED, SAS);
        assertEquals(List.of(), kernel.sas().addAll(sas));
        assertTrue(compare() >= SAS);
    }

    @Test
    void weReadWhatIpInstallsAsItPrintsIt() throws IOException {
        List<SecurityAssociation> sas = RandomSas.of(SEED + 1, SAS).stream()
                .filter(sa -> !(sa.protocol().equals(Protocol.AH) && sa.mode().equals(Mode.BEET))) // which it refuses
                .map(SaAgreementIT::whatIpCanSay).toList();
        Path commands = folder.resolve("commands");
        Files.write(commands, sas.stream().map(SaAgreementIT::command).toList());
        IpCommand.run("-batch", commands.toString());
        assertTrue(compare() >= sas.size());

        // And as it was told.
        Map<Object, SecurityAssociation> read = kernel.all().stream()
                .collect(Collectors.toMap(SaAgreementIT::name, sa -> sa, (one, another) -> one));
        for (SecurityAssociation sa : sas) {
            SecurityAssociation back = read.get(name(sa));
            assertEquals(keys(sa), keys(back), sa::toString);
            assertEquals(sa.mode(), back.mode());
            assertEquals(sa.lifetime(), back.lifetime());
            assertEquals(sa.encap(), back.encap());
        }
    }

    private static Set<Object> keys(SecurityAssociation sa) {
        return sa.algorithms().stream().map(algorithm -> List.of(algorithm.name(), algorithm.key()))
                .collect(Collectors.toSet());
    }

    private static List<Object> name(SecurityAssociation sa) {
        return List.of(sa.id(), sa.source());
    }

    /** All that is there, told by both in the same order. */
    private int compare() {
        String printed = IpCommand.run("-d", "-s", "xfrm", "state");
        List<Map<String, String>> theirs = Arrays.stream(printed.split("\\n(?=src )"))
                .map(SaAgreementIT::parse).toList();
        List<SecurityAssociation> read = kernel.all();
        assertEquals(read.size(), theirs.size());
        String help = ipHelp();
        for (int i = 0; i < read.size(); i++) {
            SecurityAssociation sa = read.get(i);
            Map<String, String> ours = parse(sa.toString());
            if (sa.selector().family() == AddressFamily.UNSPEC && sa.family() == AddressFamily.INET) {
                // ip prints a selector of no family in the family of the SA.
                ours.computeIfPresent("sel", (name, selector) -> selector.replace("::/0", "0.0.0.0/0"));
            }
            addFigures(ours, sa);
            hideWhatIpDoesNotShow(ours, help);
            assertEquals(lines(theirs.get(i), ours), lines(ours, theirs.get(i)), () -> "seed " + SEED + ", " + sa);
        }
        return read.size();
    }

    private static String ipHelp() {
        if (help == null) {
            try {
                help = IpCommand.run("xfrm", "state", "help");
            } catch (AssertionError usage) {
                help = usage.getMessage(); // its status is that of an error
            }
        }
        return help;
    }

    /** Those fields that are not the same in the other. */
    private static String lines(Map<String, String> fields, Map<String, String> others) {
        return fields.entrySet().stream().filter(field -> !field.getValue().equals(others.get(field.getKey())))
                .map(field -> field.getKey() + ": " + field.getValue()).collect(Collectors.joining("\n"));
    }

    // ---- What both print, as fields ----------------------------------------------------------------------------

    private static Map<String, String> parse(String text) {
        Map<String, String> fields = new TreeMap<>();
        List<String> lines = new ArrayList<>();
        for (String line : text.strip().split("\\n\\s*")) {
            // ip has a few statements in several lines.
            boolean goesOn = line.startsWith("seq-hi") || line.startsWith("replay_window")
                    || line.matches("[0-9a-f]{8}( .*)?") || line.matches("replay-window \\d+ replay .*")
                    || line.matches("\\d+\\(bytes\\).*|add \\d.*");
            if (goesOn) {
                lines.set(lines.size() - 1, lines.getLast() + (line.startsWith("replay_window") ? ", " : " ") + line);
            } else {
                lines.add(line);
            }
        }
        lines.forEach(line -> statement(fields, line.strip().replaceAll("\\s+", " ")));
        return fields;
    }

    private static void statement(Map<String, String> fields, String line) {
        String first = line.split(" ")[0];
        switch (first) {
            case "proto" -> words(fields, line.replaceAll("\\([^)]*\\)", ""));
            case "replay-window" -> flags(fields, line);
            case "mark", "output-mark", "if_id", "tfcpad", "dir", "pcpu-num", "coa", "nat-keepalive-interval",
                 "mtimer-thresh" -> words(fields, line);
            case "aead", "auth-trunc", "auth", "enc", "comp" -> fields.put(first, line.substring(first.length()).strip()
                    .replaceFirst(" (0x[0-9a-f]*|<key>) (?=\\(\\d+ bits\\))", " <key> ")
                    .replaceFirst(" <key> \\(0 bits\\)", ""));
            case "sel" -> selector(fields, line);
            case "limit:" -> limits(fields, line);
            case "expire" -> {
                Matcher time = match("expire (add|use): soft (\\S+)\\(sec\\), hard (\\S+)\\(sec\\)", line);
                fields.put("limit " + time.group(1), time.group(2) + " " + time.group(3));
            }
            case "lifetime" -> current(fields, line);
            case "stats:" -> fields.put("stats", line.substring(7));
            case "anti-replay" -> fields.put("anti-replay", line.replaceFirst("context: ", "").replace(" ,", ","));
            default -> fields.put(first, line);
        }
    }

    private static Matcher match(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.matches()) {
            throw new AssertionError("this is not " + pattern + ": " + text);
        }
        return matcher;
    }

    /** Pairs of a name and a value. */
    private static void words(Map<String, String> fields, String line) {
        String[] words = line.split(" ");
        for (int i = 0; i + 1 < words.length; i += 2) {
            fields.put(words[i], words[i + 1]);
        }
    }

    /** ip prints seq in decimal, with 0x before it, and may leave out the blank before extra_flag. */
    private static void flags(Map<String, String> fields, String line) {
        Matcher parts = match("replay-window (\\d+)(?: seq 0x(\\S+))?(?: flag(.*?))? ?(?:extra_flag (.*?))?"
                + "( \\([^)]*\\))?", line);
        fields.put("replay-window", parts.group(1));
        boolean ips = parts.group(5) != null;
        if (parts.group(2) != null && !parts.group(2).matches("0*")) {
            fields.put("seq", Integer.toUnsignedString(Integer.parseUnsignedInt(parts.group(2), ips ? 10 : 16)));
        }
        set(fields, "flag", parts.group(3));
        set(fields, "extra_flag", parts.group(4));
    }

    private static void set(Map<String, String> fields, String name, String words) {
        if (words != null && !words.isBlank()) {
            fields.put(name, new TreeSet<>(Arrays.asList(words.strip().replace("0x", "").split(" "))).toString());
        }
    }

    private static void selector(Map<String, String> fields, String line) {
        Map<String, String> parts = new TreeMap<>();
        words(parts, line.substring(4).replaceFirst(" \\(dport\\) \\S+", ""));
        parts.remove("uid", "0");
        String protocol = parts.computeIfPresent("proto", (key, name) -> Integer.toString(protocolNumber(name)));
        // ip shows no negative one.
        parts.computeIfPresent("dev", (key, name) -> name.startsWith("#-") ? null
                : name.equals("lo") ? "#1" : name.replaceFirst("^if", "#"));
        port(parts, "sport");
        port(parts, "dport");
        port(parts, "type");
        port(parts, "code");
        if ("135".equals(protocol)) { // ip calls the ports of Mobile IPv6 type, and leaves out the other
            parts.remove("dport");
            String type = parts.remove("sport");
            if (type != null) {
                parts.put("type", type);
            }
        } else if ("47".equals(protocol)) { // and shows them as a key also where they are masked
            parts.keySet().removeAll(List.of("sport", "dport", "key"));
        }
        fields.put("sel", parts.toString());
    }

    /** ip shows a port, unless its mask is zero, without the mask. */
    private static void port(Map<String, String> parts, String name) {
        String port = parts.get(name);
        if (port != null && port.endsWith("/0x0")) {
            parts.remove(name);
        } else if (port != null) {
            parts.put(name, port.replaceFirst("/.*", ""));
        }
    }

    private static int protocolNumber(String name) {
        if (name.matches("\\d+")) {
            return Integer.parseInt(name);
        }
        try {
            return Files.readAllLines(Path.of("/etc/protocols")).stream().map(line -> line.split("\\s+"))
                    .filter(words -> words.length > 1 && words[0].equals(name))
                    .mapToInt(words -> Integer.parseInt(words[1])).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** In ip's way {@code limit: soft 1(bytes), hard (INF)(bytes)}, or in ours. */
    private static void limits(Map<String, String> fields, String line) {
        if (line.startsWith("limit: soft")) {
            Matcher limit = match("limit: soft (\\S+)\\((bytes|packets)\\), hard (\\S+)\\((?:bytes|packets)\\)", line);
            fields.put("limit " + limit.group(2), limit.group(1) + " " + limit.group(3));
            return;
        }
        Matcher limit = Pattern.compile("(bytes|packets|add|use)(?:\\(sec\\))? soft (\\S+) hard (\\S+)").matcher(line);
        while (limit.find()) {
            String none = limit.group(1).length() == 3 ? "0" : "(INF)";
            fields.put("limit " + limit.group(1), limit.group(2).replace("(INF)", none) + " "
                    + limit.group(3).replace("(INF)", none));
        }
    }

    private static void current(Map<String, String> fields, String line) {
        if (line.equals("lifetime config:")) {
            return;
        }
        Matcher current = match("lifetime current: (\\d+)\\(bytes\\), (\\d+)\\(packets\\) add (\\S+ \\S+) use (.*)",
                line);
        fields.put("current", current.group(1) + " " + current.group(2) + " " + seconds(current.group(3)) + " "
                + seconds(current.group(4)));
    }

    private static long seconds(String time) {
        return time.equals("-") ? 0 : LocalDateTime.parse(time.replace(' ', 'T')).toEpochSecond(ZoneOffset.UTC);
    }

    /** What our text leaves out where it says nothing, and what it does not say. */
    private static void addFigures(Map<String, String> ours, SecurityAssociation sa) {
        ours.putIfAbsent("limit bytes", "(INF) (INF)");
        ours.putIfAbsent("limit packets", "(INF) (INF)");
        ours.putIfAbsent("limit add", "0 0");
        ours.putIfAbsent("limit use", "0 0");
        ours.put("current", Long.toUnsignedString(sa.usage().bytes()) + " "
                + Long.toUnsignedString(sa.usage().packets()) + " " + sa.usage().addTime() + " "
                + sa.usage().useTime());
        ours.put("stats", "replay-window " + sa.stats().replayWindow() + " replay " + sa.stats().replay() + " failed "
                + sa.stats().integrityFailed());
    }

    private static void hideWhatIpDoesNotShow(Map<String, String> ours, String help) {
        Map.of("nat-keepalive-interval", "nat-keepalive", "mtimer-thresh", "mtimer", "dir", "[ dir DIR ]",
                "pcpu-num", "pcpu-num").forEach((field, word) -> {
                    if (!help.contains(word)) {
                        ours.remove(field);
                    }
                });
    }

    // ---- What ip is told ---------------------------------------------------------------------------------------

    /** It computes sizes in floating point. */
    private static SecurityAssociation whatIpCanSay(SecurityAssociation sa) {
        Lifetime all = sa.lifetime();
        return sa.toBuilder().lifetime(all.withBytes(size(all.softBytes()), size(all.hardBytes()))).build();
    }

    private static long size(long bytes) {
        return bytes == Lifetime.INFINITE ? bytes : bytes >>> 16;
    }

    private static String command(SecurityAssociation sa) {
        List<Object> words = new ArrayList<>(List.of("xfrm state add src", sa.source(), "dst", sa.destination(),
                "proto", sa.protocol()));
        words.add(sa.protocol().hasSpi() ? "spi 0x" + Integer.toHexString(sa.spi()) : "coa " + sa.careOfAddress());
        words.addAll(List.of("mode", sa.mode(), "reqid", Integer.toUnsignedString(sa.reqid())));
        sa.algorithms().forEach(algorithm -> words.add(words(algorithm)));
        // With esn it insists on a window, which outgoing SAs must not have.
        boolean directed = sa.direction() != Direction.UNSPECIFIED && ipHelp().contains("[ dir DIR ]")
                && !(sa.direction() == Direction.OUT && sa.replay() instanceof ReplayEsn);
        if (directed) {
            words.add("dir " + sa.direction());
            words.add(sa.cpu() == 0 ? "pcpu-num 0" : "");
        }
        words.addAll(List.of("seq", Integer.toUnsignedString(sa.seq())));
        flagWords(words, sa);
        replayWords(words, sa);
        if (!sa.mark().isNone()) {
            words.add(String.format("mark 0x%x mask 0x%x", sa.mark().value(), sa.mark().mask()));
        }
        if (sa.outputMark().value() != 0) {
            words.add(String.format("output-mark 0x%x mask 0x%x", sa.outputMark().value(), sa.outputMark().mask()));
        }
        if (sa.ifId() != 0) {
            words.add(String.format("if_id 0x%x", sa.ifId()));
        }
        if (sa.tfcPadding() != 0) {
            words.add("tfcpad " + sa.tfcPadding());
        }
        if (sa.encap() != null) {
            words.add("encap espinudp " + sa.encap().sourcePort() + " " + sa.encap().destinationPort() + " "
                    + (sa.encap().originalAddress().isUnspecified()
                            ? sa.source().toString().contains(":") ? "::" : "0.0.0.0" : sa.encap().originalAddress()));
        }
        words.add("sel " + words(sa.selector()));
        words.add(words(sa.lifetime()));
        return words.stream().map(Object::toString).collect(Collectors.joining(" "));
    }

    private static String words(Algorithm algorithm) {
        byte[] bytes = new byte[algorithm.key().bitLength() / 8];
        algorithm.key().copyTo(MemorySegment.ofArray(bytes), 0);
        String key = bytes.length == 0 ? "\"\"" : "0x" + HexFormat.of().formatHex(bytes);
        String name = algorithm.name();
        return switch (algorithm) {
            case Aead aead -> "aead " + name + " " + key + " " + aead.icvBits();
            case Auth auth when auth.icvBits() != 0 -> "auth-trunc " + name + " " + key + " " + auth.icvBits();
            case Auth auth -> "auth " + name + " " + key;
            case Comp comp -> "comp " + name;
            default -> "enc " + name + " " + key;
        };
    }

    private static void flagWords(List<Object> words, SecurityAssociation sa) {
        BiFunction<Integer, List<String>, String> names = (bits, all) -> IntStream.range(0, all.size())
                .filter(i -> (bits >>> i & 1) != 0).mapToObj(all::get).collect(Collectors.joining(" "));
        // The families of a selector are told by its addresses, an SA without one by this flag.
        String flags = names.apply(sa.flags(), List.of("noecn", "decap-dscp", "nopmtudisc", "wildrecv", "icmp",
                "af-unspec", "align4", "esn"));
        String extra = names.apply(sa.extraFlags(), List.of("dont-encap-dscp", "oseq-may-wrap"));
        if (!flags.isEmpty()) {
            words.add("flag " + flags);
        }
        if (!extra.isEmpty()) {
            words.add("extra-flag " + extra);
        }
    }

    private static void replayWords(List<Object> words, SecurityAssociation sa) {
        boolean incoming = sa.direction() != Direction.OUT;
        boolean esn = (sa.flags() & SecurityAssociation.FLAG_ESN) != 0;
        if (sa.replay() instanceof ReplayEsn state) {
            // Without esn ip sets a bitmap for windows of more than 32 only; it writes no bits of it.
            words.add("replay-window " + (incoming ? Math.max(state.replayWindow(), 33) : esn ? 64 : 0));
            words.add("replay-oseq " + (state.outgoing() & 0xffffffffL));
            words.add("replay-seq " + (state.incoming() & 0xffffffffL));
            if (esn) {
                words.add("replay-oseq-hi " + (state.outgoing() >>> 32));
                words.add("replay-seq-hi " + (state.incoming() >>> 32));
            }
        } else {
            words.add("replay-window " + sa.replayWindow());
            if (sa.replay() instanceof ReplayState state) {
                words.add("replay-oseq " + Integer.toUnsignedString(state.outgoing()));
                words.add("replay-seq " + Integer.toUnsignedString(state.incoming()));
            }
        }
    }

    private static String words(Selector selector) {
        String text = "src " + selector.source() + " dst " + selector.destination();
        int protocol = selector.protocol() % 2 == 0 ? 17 : 58;
        return text + (protocol == 17 ? " proto udp sport " + selector.sourcePort() + " dport "
                + selector.destinationPort() : " proto ipv6-icmp type " + (selector.sourcePort() & 0xff) + " code "
                + (selector.destinationPort() & 0xff)) + (selector.ifindex() != 0 ? " dev lo" : "");
    }

    private static String words(Lifetime lifetime) {
        StringBuilder text = new StringBuilder();
        limit(text, "byte-soft", lifetime.softBytes(), Lifetime.INFINITE);
        limit(text, "byte-hard", lifetime.hardBytes(), Lifetime.INFINITE);
        limit(text, "packet-soft", lifetime.softPackets(), Lifetime.INFINITE);
        limit(text, "packet-hard", lifetime.hardPackets(), Lifetime.INFINITE);
        limit(text, "time-soft", lifetime.softAddSeconds(), 0);
        limit(text, "time-hard", lifetime.hardAddSeconds(), 0);
        limit(text, "time-use-soft", lifetime.softUseSeconds(), 0);
        limit(text, "time-use-hard", lifetime.hardUseSeconds(), 0);
        return text.toString();
    }

    private static void limit(StringBuilder text, String name, long value, long none) {
        if (value != none) {
            text.append(" limit ").append(name).append(' ').append(Long.toUnsignedString(value));
        }
    }
}
