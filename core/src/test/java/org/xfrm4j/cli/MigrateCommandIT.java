package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.NoPolicies;
import org.xfrm4j.TestSas;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;
import tools.jackson.databind.JsonNode;

/** The commands that move SAs, in the embedded kernel: what they print, do, and end with. */
class MigrateCommandIT {
    private static final String MOVE = "migrate --from 192.0.2.1 --to 203.0.113.1";

    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @TempDir
    Path folder;

    @Test
    void plansWithoutTouchingAnything() {
        Gateway.setUp(kernel.xfrm(), 3);
        String before = Run.done("sa list") + Run.done("policy list");
        String plan = Run.done(MOVE + " --dry-run");
        assertTrue(plan.startsWith("plan: 6 SAs move, 0 stay; 6 policies change; "), plan);
        assertTrue(plan.contains("  sa esp spi 0xa0000002 → 198.51.100.3 from 192.0.2.1 becomes 203.0.113.1 →"
                + " 198.51.100.3"),
                plan);
        JsonNode json = CliForm.check("migrate", Run.done(MOVE + " --dry-run --json"));
        assertEquals(6, json.at("/plan/sas").asInt());
        assertFalse(json.has("report"));
        assertEquals(before, Run.done("sa list") + Run.done("policy list"));
    }

    @Test
    void movesAGatewayAndReports() {
        Gateway.setUp(kernel.xfrm(), 20);
        Run run = Run.line(MOVE);
        assertEquals(ExitStatus.DONE, run.status(), run.err());
        assertTrue(run.out().startsWith("moved       40 of 40 SAs, with 40 policies\n"
                + "read back   40 SAs where they should be\ntime        "), run.out());
        assertTrue(run.out().contains("\nblocked     20 outgoing groups: "), run.out());
        assertEquals(40, Gateway.at(kernel.all(), Gateway.THERE));
        assertEquals(40, Run.done("policy list --tmpl 203.0.113.1").lines().filter(line -> line.startsWith("src"))
                .count());
        // And nothing is left to do.
        assertTrue(Run.done(MOVE + " --quiet").startsWith("moved       0 of 0 SAs"));
    }

    @Test
    void reportsAsJsonByItsSchema() {
        Gateway.setUp(kernel.xfrm(), 5);
        JsonNode json = CliForm.check("migrate", Run.done(MOVE + " --json --quiet"));
        assertEquals(10, json.at("/report/outcomes/moved").asInt());
        assertTrue(json.at("/report/complete").asBoolean());
        assertFalse(json.get("interrupted").asBoolean());
    }

    @Test
    void movesThoseThatTheFilterMeansAndNotTheirPoliciesIfTold() {
        Gateway.setUp(kernel.xfrm(), 5);
        String policies = Run.done("policy list");
        Run.done(MOVE + " --quiet --sas-only --no-verify reqid 1001,1002 dir out");
        assertEquals(2, Gateway.at(kernel.all(), Gateway.THERE));
        assertEquals(policies, Run.done("policy list"));
    }

    @Test
    void changesMoreThanTheAddressOnThisSide() {
        Gateway.setUp(kernel.xfrm(), 1);
        Run.done(MOVE + " --quiet --peer-from 198.51.100.0/24 --peer-to 198.18.0.0/24 --map-reqid 1000=17"
                + " --new-encap 4500:4501 --new-mark 0x5/0xf --new-output-mark 0x6 --hold 1 --looks 0 --no-block"
                + " --sas-only");
        for (SecurityAssociation sa : kernel.all()) {
            boolean out = sa.direction() == Direction.OUT;
            assertEquals(out ? "203.0.113.1 198.18.0.1" : "198.18.0.1 203.0.113.1",
                    sa.source() + " " + sa.destination());
            assertEquals(17, sa.reqid());
            assertEquals(out ? Encap.espInUdp(4500, 4501) : Encap.espInUdp(4501, 4500), sa.encap());
            assertEquals(new Mark(5, 15), sa.mark());
        }
        assertEquals(2, kernel.all().size());
        Run.done("migrate --quiet --sas-only --new-reqid 18 --new-encap none --new-mark none --new-output-mark none");
        for (SecurityAssociation sa : kernel.all()) {
            assertEquals(18, sa.reqid());
            assertEquals(null, sa.encap());
            assertEquals(Mark.NONE, sa.mark());
        }
    }

    @Test
    void letsSasChangePlacesByWayOfAParkingAddress() {
        kernel.add(TestSas.esp(7).reqid(1).destination(Gateway.HERE).source(Gateway.peer(1)).build());
        kernel.add(TestSas.esp(7).reqid(2).destination(Gateway.peer(1)).source(Gateway.HERE).build());
        String command = "migrate --quiet --from 192.0.2.1 --to 198.51.100.2 --peer-from 198.51.100.2 --peer-to"
                + " 192.0.2.1";
        Run.failed(ExitStatus.NOT_ALL, command);
        Run.done(command + " --parking 192.0.2.200");
        assertEquals(List.of(1), kernel.all().stream().filter(sa -> sa.source().equals(Gateway.HERE))
                .map(SecurityAssociation::reqid).toList());
    }

    @Test
    void refusesAPlanWithProblems() {
        Gateway.setUp(kernel.xfrm(), 1);
        // It stands where the incoming one is to go.
        kernel.add(TestSas.esp(0xb0000000).destination(Gateway.THERE).build());
        String complaint = Run.failed(ExitStatus.NOT_ALL, MOVE);
        assertTrue(complaint.startsWith("xfrm4j migrate: ") && complaint.contains("0xb0000000"), complaint);
        assertTrue(complaint.endsWith("xfrm4j migrate: the plan cannot run, and nothing was touched: see above\n"),
                complaint);
        assertEquals(ExitStatus.NOT_ALL, Run.line(MOVE + " --dry-run").status());
        assertEquals(1, Gateway.at(kernel.all(), Gateway.THERE));
    }

    @Test
    void refusesWhatCannotBeMeant() {
        assertTrue(Run.failed(ExitStatus.USAGE, "migrate").contains("nothing is to change"));
        assertTrue(Run.failed(ExitStatus.USAGE, "migrate --from 192.0.2.1").contains("--to"));
        assertTrue(Run.failed(ExitStatus.USAGE, "migrate --from 192.0.2.0/24 --to 203.0.113.1")
                .contains("do not hold the same number of addresses"));
        assertTrue(Run.failed(ExitStatus.USAGE, "migrate --from here --to there").contains("'--from'"));
        assertTrue(Run.failed(ExitStatus.USAGE, MOVE + " --new-encap 4500").contains("--new-encap: '4500'"));
    }

    @Test
    void writesAJournalThatHasNothingToRecoverAfterwards() throws IOException {
        Gateway.setUp(kernel.xfrm(), 3);
        Path journal = folder.resolve("journal");
        Run.done(MOVE + " --quiet --journal " + journal);
        assertTrue(Files.size(journal) > 0);
        assertEquals("nothing was left half done\n", Run.done("recover --journal " + journal));
        assertTrue(CliForm.check("recover", Run.done("recover --take-back --json --journal " + journal))
                .get("complete").asBoolean());
        // All of it can be taken back, too.
        Run.done("recover --take-back-all --journal " + journal);
        assertEquals(6, Gateway.at(kernel.all(), Gateway.HERE));
        Run.done("recover --journal " + journal);
        assertEquals(6, Gateway.at(kernel.all(), Gateway.THERE));
        // One journal, one migration: nothing is overwritten.
        String complaint = Run.failed(ExitStatus.NOT_ALL,
                "migrate --from 203.0.113.1 --to 192.0.2.1 --journal " + journal);
        assertTrue(complaint.contains(journal.toString()), complaint);
    }

    @Test
    void recoversNothingFromWhatIsNoJournal() throws IOException {
        assertEquals("xfrm4j recover: there is no file " + folder.resolve("none") + "\n",
                Run.failed(ExitStatus.NOT_ALL, "recover --journal " + folder.resolve("none")));
        Path file = folder.resolve("file");
        Files.writeString(file, "no journal");
        assertTrue(Run.failed(ExitStatus.NOT_ALL, "recover --journal " + file).contains(file.toString()));
        assertTrue(Run.failed(ExitStatus.USAGE, "recover").contains("--journal"));
    }

    // ---- migrate-state -----------------------------------------------------------------------------------------

    private static final String NAME = "dst 198.51.100.1 proto esp spi 0xa0000000";

    private SecurityAssociation outgoing() {
        return kernel.all().stream().filter(sa -> sa.spi() == 0xa0000000).findFirst().orElseThrow();
    }

    @Test
    void movesOneSaAndKeepsWhatIsNotTold() {
        Gateway.setUp(kernel.xfrm(), 2);
        SecurityAssociation before = outgoing();
        assertEquals("esp spi 0xa0000000 → 198.51.100.1 moved: src 203.0.113.1 dst 198.51.100.1\n",
                Run.done("migrate-state " + NAME + " --new-src 203.0.113.1"));
        assertEquals(before.toBuilder().source(Gateway.THERE).build().toString(),
                kernel.find(before.id()).orElseThrow().toString());
        assertEquals(1, Gateway.at(kernel.all(), Gateway.THERE));
    }

    @Test
    void setsEveryFieldAndAttribute() {
        Gateway.setUp(kernel.xfrm(), 1);
        Run.done("migrate-state " + NAME + " --new-src 203.0.113.1 --new-dst 198.18.0.1 --new-reqid 17 --new-mark"
                + " 0x5/0xf"
                + " --new-selector 'src 10.9.0.0/16 dst 10.8.0.0/16' --new-encap 'espinudp 4500 4501'"
                + " --new-output-mark 0x6/0x7 --nat-keepalive 20");
        SecurityAssociation sa = outgoing();
        assertEquals("203.0.113.1 198.18.0.1 17", sa.source() + " " + sa.destination() + " " + sa.reqid());
        assertEquals(new Mark(5, 15), sa.mark());
        assertEquals(new Mark(6, 7), sa.outputMark());
        assertEquals(Encap.espInUdp(4500, 4501), sa.encap());
        assertEquals(20, sa.natKeepaliveInterval());
        assertEquals("src 10.9.0.0/16 dst 10.8.0.0/16", sa.selector().toString());
        Run.done("migrate-state dst 198.18.0.1 proto esp spi 0xa0000000 mark 0x5/0xf --new-encap none --new-mark none"
                + " --new-output-mark none");
        SecurityAssociation back = outgoing();
        assertEquals(null, back.encap());
        assertEquals(0, back.natKeepaliveInterval());
        assertEquals(Mark.NONE, back.mark());
    }

    @Test
    void takesAllLiterallyIfTold() {
        Gateway.setUp(kernel.xfrm(), 1);
        assertTrue(Run.failed(ExitStatus.USAGE, "migrate-state --literal " + NAME + " --new-src 203.0.113.1")
                .contains("lacks a new destination"));
        Run.done("migrate-state --literal " + NAME + " --new-src 203.0.113.1 --new-dst 198.51.100.1 --new-reqid 0"
                + " --new-selector 'src 0.0.0.0/0 dst 0.0.0.0/0'");
        SecurityAssociation sa = outgoing();
        assertEquals(0, sa.reqid());
        assertEquals(Selector.ALL_IPV4, sa.selector());
    }

    @Test
    void printsWhatItWouldAskFor() {
        Gateway.setUp(kernel.xfrm(), 1);
        String command = "migrate-state " + NAME + " --new-src 203.0.113.1 --new-encap 'espinudp 4500 4501' --dry-run";
        assertEquals("esp spi 0xa0000000 → 198.51.100.1 becomes\n\tsrc 203.0.113.1 dst 198.51.100.1\n\treqid 1000\n",
                Run.done(command).replaceFirst("(?s)\tsel .*", ""));
        CliForm.check("migrate_state", Run.done(command + " --json"));
        assertEquals(0, Gateway.at(kernel.all(), Gateway.THERE));
    }

    @Test
    void tellsWhyAnSaDidNotMove() {
        Gateway.setUp(kernel.xfrm(), 1);
        kernel.add(TestSas.esp(0xa0000000).destination(Gateway.THERE).build());
        String command = "migrate-state " + NAME + " --new-dst 203.0.113.1";
        String complaint = Run.failed(ExitStatus.NOT_ALL, command);
        assertTrue(complaint.startsWith("xfrm4j migrate-state: esp spi 0xa0000000 → 198.51.100.1: REJECTED, EEXIST"
                + " (17) "),
                complaint);
        Run json = Run.line(command + " --json");
        assertEquals(ExitStatus.NOT_ALL, json.status());
        JsonNode result = CliForm.check("migrate_state", json.out());
        assertEquals("rejected", result.get("outcome").asString());
        assertEquals("EEXIST", result.at("/refusal/errno_name").asString());
        assertTrue(Run.failed(ExitStatus.NOT_ALL, "migrate-state dst 198.51.100.1 proto esp spi 7 --new-reqid 1")
                .contains("there is no SA esp spi 0x00000007"));
    }
}
