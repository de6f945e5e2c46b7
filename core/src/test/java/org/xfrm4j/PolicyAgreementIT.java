package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.xfrm4j.policy.Level;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.policy.Sharing;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.sa.Usage;

/**
 * Agreement with {@code ip xfrm policy}: what we install it prints as we do, and what it installs we read as it was
 * told. Left out is what it cannot show or say: masks of ports, users, sharing, algorithms, newer flags, IP-TFS. Labels
 * are in the first half only: it appends a zero to them.
 */
class PolicyAgreementIT {
    private static final int POLICIES = 400;
    private static final long SEED = 20_261_126;

    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @TempDir
    Path folder;

    /** Policies of every kind that {@code ip} knows; two that are left with one name are one. */
    private static List<Policy> known(long seed, UnaryOperator<Policy> change) {
        Map<PolicyId, Policy> known = new LinkedHashMap<>();
        RandomPolicies.of(seed, POLICIES).stream()
                .filter(policy -> policy.templates().stream().noneMatch(tmpl -> tmpl.mode().equals(Mode.IPTFS)))
                .map(PolicyAgreementIT::knownPart)
                .map(change)
                .forEach(policy -> known.putIfAbsent(policy.id(), policy));
        assertTrue(known.size() > POLICIES / 2, "only " + known.size() + " are left");
        return List.copyOf(known.values());
    }

    private static Policy knownPart(Policy policy) {
        Selector selector = policy.selector();
        // With other protocols ip has other names for ports, or none.
        int protocol = selector.protocol() % 2 == 0 ? 0 : selector.sourcePort() % 2 == 0 ? 17 : 6;
        Selector known = Selector.of(selector.source(), selector.destination()).withProtocol(protocol)
                .withIfindex(selector.ifindex() == 0 ? 0 : 1);
        if (protocol != 0) {
            known = known.withSourcePort(selector.sourcePort() | 1, 0xffff)
                    .withDestinationPort(selector.destinationPort() | 1, 0xffff);
        }
        return policy.toBuilder().selector(known)
                .flags(policy.flags() & (Policy.FLAG_LOCAL_OK | Policy.FLAG_ICMP))
                .templates(policy.templates().stream().map(PolicyAgreementIT::knownPart).toList())
                .build();
    }

    private static Template knownPart(Template template) {
        return template.withShare(Sharing.ANY)
                .withAlgorithms(Template.ALL_ALGORITHMS, Template.ALL_ALGORITHMS, Template.ALL_ALGORITHMS)
                .withSpi(!template.protocol().hasSpi() ? 0
                        : template.protocol().equals(Protocol.COMP) ? template.spi() & 0xffff : template.spi())
                .withLevel(template.level().isOptional() ? Level.USE : Level.REQUIRED);
    }

    private static Policy withoutLabel(Policy policy) {
        return policy.toBuilder().securityContext(null).build();
    }

    private PolicyDatabase policies() {
        return kernel.xfrm().policies();
    }

    @Test
    void ipPrintsWhatWeInstallAsWeDo() {
        List<Policy> policies = known(SEED, UnaryOperator.identity());
        assertEquals(List.of(), policies().addAll(policies));
        List<String> printed = split(IpCommand.run("xfrm", "policy"));
        List<Policy> read = policies().list();
        assertEquals(policies.size(), read.size());
        assertEquals(policies.size(), printed.size());
        for (int i = 0; i < read.size(); i++) {
            assertEquals(words(printed.get(i)), ours(read.get(i)));
        }
    }

    /** Each policy's lines; the next one starts at the margin. */
    private static List<String> split(String output) {
        return Arrays.asList(output.split("\\n(?=src )"));
    }

    private static List<String> words(String text) {
        return Arrays.asList(text.strip().split("\\s+"));
    }

    /** Ours, with what ip leaves out by itself, or calls by name. */
    private static List<String> ours(Policy policy) {
        String text = policy.toBuilder().lifetime(Lifetime.UNLIMITED).build().toString()
                .replace(" action allow ", " ")
                .replaceFirst(" index \\d+ ", " ")
                .replaceFirst(" proto 6 ", " proto tcp ")
                .replaceFirst(" proto 17 ", " proto udp ")
                .replaceFirst(" dev #1", " dev lo ");
        return words(text);
    }

    @Test
    void weReadWhatIpInstalls() throws IOException {
        List<Policy> policies = known(SEED + 1, PolicyAgreementIT::withoutLabel);
        StringBuilder commands = new StringBuilder();
        policies.forEach(policy -> commands.append(command(policy)).append('\n'));
        Path batch = Files.writeString(folder.resolve("batch"), commands);
        assertEquals("", IpCommand.run("-batch", batch.toString()));
        List<Policy> read = policies().list().reversed();
        assertEquals(policies.size(), read.size());
        for (int i = 0; i < read.size(); i++) {
            Policy expected = policies.get(i);
            Policy actual = read.get(i).toBuilder().usage(Usage.NONE).build();
            if (expected.index() == 0) {
                actual = actual.toBuilder().index(0).build();
            }
            assertEquals(expected, actual, command(expected));
        }
    }

    private static String command(Policy policy) {
        StringJoiner words = new StringJoiner(" ");
        Selector selector = policy.selector();
        words.add("xfrm policy add src " + selector.source() + " dst " + selector.destination());
        if (selector.protocol() != 0) {
            words.add("proto " + selector.protocol() + " sport " + selector.sourcePort() + " dport "
                    + selector.destinationPort());
        }
        if (selector.ifindex() != 0) {
            words.add("dev lo");
        }
        words.add("dir " + policy.direction());
        if (!policy.mark().isNone()) {
            words.add("mark 0x" + Integer.toHexString(policy.mark().value()) + " mask 0x"
                    + Integer.toHexString(policy.mark().mask()));
        }
        words.add("index " + Integer.toUnsignedString(policy.index()) + " ptype " + policy.type()
                + " action " + (policy.action() == PolicyAction.ALLOW ? "allow" : "block")
                + " priority " + Integer.toUnsignedString(policy.priority()));
        if ((policy.flags() & Policy.FLAG_LOCAL_OK) != 0) {
            words.add("flag localok");
        }
        if ((policy.flags() & Policy.FLAG_ICMP) != 0) {
            words.add("flag icmp");
        }
        if (policy.ifId() != 0) {
            words.add("if_id 0x" + Integer.toHexString(policy.ifId()));
        }
        words.add(limits(policy.lifetime()));
        policy.templates().forEach(template -> words.add(words(template)));
        return words.toString();
    }

    private static String limits(Lifetime lifetime) {
        StringJoiner limits = new StringJoiner(" ");
        limit(limits, "byte-soft", lifetime.softBytes(), Lifetime.INFINITE);
        limit(limits, "byte-hard", lifetime.hardBytes(), Lifetime.INFINITE);
        limit(limits, "packet-soft", lifetime.softPackets(), Lifetime.INFINITE);
        limit(limits, "packet-hard", lifetime.hardPackets(), Lifetime.INFINITE);
        limit(limits, "time-soft", lifetime.softAddSeconds(), 0);
        limit(limits, "time-hard", lifetime.hardAddSeconds(), 0);
        limit(limits, "time-use-soft", lifetime.softUseSeconds(), 0);
        limit(limits, "time-use-hard", lifetime.hardUseSeconds(), 0);
        return limits.toString();
    }

    private static void limit(StringJoiner limits, String name, long value, long none) {
        if (value != none) {
            limits.add("limit " + name + " " + Long.toUnsignedString(value));
        }
    }

    private static String words(Template template) {
        return "tmpl src " + template.source() + " dst " + template.destination() + " proto " + template.protocol()
                + (template.spi() == 0 ? "" : " spi " + Integer.toUnsignedString(template.spi()))
                + " mode " + template.mode() + " reqid " + Integer.toUnsignedString(template.reqid())
                + " level " + template.level();
    }
}
