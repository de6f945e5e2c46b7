package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.IpCommand;
import org.xfrm4j.NoPolicies;
import org.xfrm4j.TestSas;
import org.xfrm4j.policy.PolicyDefaults;

/** The commands about policies, and the figures, in the embedded kernel: what they print, do, and end with. */
class PolicyCommandsIT {
    private static final String NAME = "src 10.1.0.0/16 dst 10.2.0.0/16 dir out";
    private static final String OUT =
            NAME + " priority 2000 tmpl src 192.0.2.1 dst 198.51.100.7 proto esp reqid 17 mode tunnel";
    private static final String IN = "src 10.2.0.0/16 dst 10.1.0.0/16 dir in action block mark 0x1/0xff if_id 0x7";

    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @AfterEach
    void letAllPass() {
        kernel.xfrm().setDefaults(PolicyDefaults.ACCEPT);
    }

    private static void addTwo() {
        assertEquals("", Run.done("policy add " + OUT));
        assertEquals("", Run.done("policy add " + IN));
    }

    @Test
    void addsWhatIpAdds() {
        List<String> commands = List.of(OUT, IN.replace("0x1/0xff", "0x1 mask 0xff"),
                "src 2001:db8:1::/48 dst 2001:db8:2::/48 proto tcp sport 22 dir fwd ptype sub flag localok"
                        + " limit time-hard 1000 tmpl proto ah level use mode transport tmpl proto comp spi 5",
                "src 10.0.0.0/8 dst 10.0.0.0/8 proto icmp type 8 code 0 dir out",
                "src 10.0.0.0/8 dst 10.0.0.0/8 proto gre key 4711 dev lo dir out index 4161");
        commands.forEach(command -> Run.done("policy add " + command));
        String ours = Run.done("policy list -s");
        Run.done("policy flush");
        commands.forEach(command -> IpCommand.run(Stream.concat(Stream.of("xfrm", "policy", "add"),
                Batch.words(command).stream()).toArray(String[]::new)));
        assertEquals(plain(Run.done("policy list -s")), plain(ours));
        assertEquals(commands.size(), kernel.xfrm().policies().list().size());
    }

    private static String plain(String text) {
        return text.replaceAll("add \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d", "add TIME")
                .replaceAll("index (?!4161)\\d+", "index N");
    }

    @Test
    void listsThoseThatTheFilterMeans() {
        addTwo();
        for (String filter : List.of("src 10.1.0.0/16", "--dst=10.2.0.0/16", "dir out", "action allow", "priority 2000",
                "mark 0/0", "if_id 0", "reqid 17", "--tmpl 192.0.2.1", "ptype main dir out --no-sockets")) {
            assertEquals(Run.done("policy show " + NAME), Run.done("policy list " + filter), filter);
        }
        assertEquals("", Run.done("policy list dir fwd"));
        assertEquals("", Run.done("policy list src 10.0.0.0/8"));
    }

    @Test
    void showsReplacesAndDeletesTheOneThatIsNamed() {
        addTwo();
        String index = Run.done("policy show -s " + NAME).replaceFirst("(?s).* index (\\d+) .*", "$1");
        assertEquals(Run.done("policy show " + NAME), Run.done("policy get index " + index));
        assertTrue(Run.failed(ExitStatus.NOT_ALL, "policy add " + OUT).contains("EEXIST"));
        Run.done("policy add --update " + OUT.replace("2000", "3000"));
        assertTrue(Run.done("policy show index " + index).contains("priority 3000 "));
        Run.done("policy delete index " + index);
        assertEquals("xfrm4j policy delete: there is no policy out src 10.1.0.0/16 dst 10.2.0.0/16\n",
                Run.failed(ExitStatus.NOT_ALL, "policy delete " + NAME));
        Run.done("policy del src 10.2.0.0/16 dst 10.1.0.0/16 dir in mark 0x1/0xff if_id 0x7");
        assertEquals("", Run.done("policy list"));
        assertTrue(Run.failed(ExitStatus.NOT_ALL, "policy show " + NAME).contains("there is no policy out"));
    }

    @Test
    void setsWhatBecomesOfPacketsWithoutAPolicy() {
        assertEquals("in accept fwd accept out accept\n", Run.done("policy default"));
        Run.done("policy default fwd block out block");
        assertEquals("in accept fwd block out block\n", Run.done("policy default"));
        assertEquals("block", CliForm.check("policy_default", Run.done("policy default --json")).get("out").asString());
        assertTrue(Run.failed(ExitStatus.USAGE, "policy default in maybe").contains("maybe"));
    }

    @Test
    void printsJsonByItsSchema() {
        addTwo();
        assertEquals(2, CliForm.check("policy_list", Run.done("policy list --json")).size());
        assertEquals(2000,
                CliForm.check("policy_show", Run.done("policy show --json " + NAME)).get("priority").asInt());
        CliForm.check("policy_delete", Run.done("policy delete --json " + NAME));
        CliForm.check("policy_add", Run.done("policy add --json " + OUT));
        CliForm.check("policy_flush", Run.done("policy flush --json"));
        assertEquals("", Run.done("policy list"));
        Run.done("policy flush ptype main");
    }

    @Test
    void countsSasAndPolicies() {
        addTwo();
        kernel.add(TestSas.esp(5).build());
        List<String> lines = Run.line("count").lines();
        assertTrue(lines.getFirst().startsWith("SAD   1 SA; hash table of "), lines::toString);
        assertTrue(lines.get(1).startsWith("SPD   1 policy in, 1 out, 0 fwd; "), lines::toString);
        var count = CliForm.check("count", Run.done("count --json"));
        assertEquals(1, count.at("/sad/count").asInt());
        assertEquals(1, count.at("/spd/out").asInt());
    }

    @Test
    void probesTheKernel() {
        List<String> lines = Run.line("probe").lines();
        assertTrue(lines.getFirst().startsWith("kernel                   Linux 7."), lines::toString);
        assertEquals(List.of("SAs and policies         yes", "XFRM_MSG_MIGRATE_STATE   yes",
                "default policies         yes"), lines.subList(1, 4));
        assertTrue(CliForm.check("probe", Run.done("probe --json")).at("/migrate_state/supported").asBoolean());
    }
}
