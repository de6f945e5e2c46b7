package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.IpCommand;
import org.xfrm4j.NoPolicies;
import org.xfrm4j.RandomPolicies;
import org.xfrm4j.RandomSas;
import org.xfrm4j.SaFilter;
import org.xfrm4j.json.JsonWriter;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.SecurityAssociation;

/** Lists agree with those of {@code ip xfrm}, byte by byte. */
class ListingIT {
    private static final long SEED = 20_261_128;
    private static final int SAS = 500;
    private static final int POLICIES = 400;

    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @Test
    void printsSasAsIpDoes() {
        addSas();
        String ours = Run.done("sa list");
        assertLinesEqual(IpCommand.run("xfrm", "state", "list", "nokeys"), withoutWhatIpDoesNotShow(ours));
        assertTrue(ours.lines().filter(line -> line.startsWith("src ")).count() >= SAS);
    }

    @Test
    void printsSasWithStatisticsAndKeysAsIpDoes() {
        assertEquals(0, TimeZone.getDefault().getRawOffset(), "the test's ip is told to use UTC");
        addSas();
        // ip forgets a blank between two lists of flags.
        String ips = IpCommand.run("-s", "xfrm", "state").replaceAll("(?<=\\w)extra_flag", " extra_flag");
        assertLinesEqual(ips, withoutWhatIpDoesNotShow(Run.done("sa list --statistics --show-keys")));
    }

    @Test
    void printsPoliciesAsIpDoes() {
        addPolicies();
        assertLinesEqual(IpCommand.run("xfrm", "policy"), Run.done("policy list"));
        assertLinesEqual(IpCommand.run("-s", "xfrm", "policy"), Run.done("policy list -s"));
    }

    @Test
    void printsAsJsonWhatTheValuesAreAsJson() {
        addSas();
        List<SecurityAssociation> sas = kernel.xfrm().sas().list(SaFilter.ALL);
        assertTrue(sas.size() >= SAS, sas.size() + " SAs"); // the kernel adds some to those of IPComp
        assertEquals(list(json -> sas.forEach(json::write)), Run.done("sa list --json"));
        assertEquals(list(json -> sas.forEach(json.withKeys()::write)), Run.done("sa list --json --show-keys"));
        addPolicies();
        List<Policy> policies = kernel.xfrm().policies().list();
        assertTrue(policies.size() > POLICIES / 2, policies.size() + " policies");
        assertEquals(list(json -> policies.forEach(json::write)), Run.done("policy list --json"));
    }

    private static String list(Consumer<JsonWriter> values) {
        return JsonWriter.toString(json -> {
            json.beginList();
            values.accept(json);
            json.endList();
        });
    }

    private void addSas() {
        List<SecurityAssociation> sas = RandomSas.of(SEED, SAS);
        assertEquals(List.of(), kernel.sas().addAll(sas));
    }

    private void addPolicies() {
        Map<PolicyId, Policy> policies = RandomPolicies.of(SEED, POLICIES).stream()
                .collect(Collectors.toMap(Policy::id, policy -> policy, (one, another) -> one, LinkedHashMap::new));
        // ip has a number where we have the names iptfs and cpu-acquire.
        policies.values().stream().filter(policy -> policy.id().securityContext() == null)
                .filter(policy -> policy.templates().stream().noneMatch(each -> each.mode().equals(Mode.IPTFS)))
                .map(policy -> policy.toBuilder().flags(policy.flags() & ~Policy.FLAG_CPU_ACQUIRE).build())
                .forEach(policy -> kernel.xfrm().policies().update(policy));
    }

    /** What ip of this version has no words for. */
    private static String withoutWhatIpDoesNotShow(String text) {
        return text.lines().filter(line -> !line.startsWith("\tnat-keepalive-interval ")
                && !line.startsWith("\tmtimer-thresh ")).map(line -> line + "\n").collect(Collectors.joining());
    }

    private static void assertLinesEqual(String expected, String actual) {
        List<String> expecteds = expected.lines().toList();
        List<String> actuals = actual.lines().toList();
        for (int i = 0; i < Math.min(expecteds.size(), actuals.size()); i++) {
            int line = i;
            assertEquals(expecteds.get(i), actuals.get(i), () -> "line " + line + ", after\n"
                    + String.join("\n", expecteds.subList(Math.max(0, line - 12), line)));
        }
        assertEquals(expecteds.size(), actuals.size());
    }
}
