package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.NoPolicies;
import tools.jackson.databind.JsonNode;

/** {@code migrate} where the kernel has but the older message, or is to use that. */
class MigrateLegacyIT {
    private static final String MOVE = "migrate --quiet --from 192.0.2.1 --to 203.0.113.1";
    private static final String OLD = "this kernel does not know XFRM_MSG_MIGRATE_STATE (Linux 7.2 or newer does)";

    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private static Run old(String line) {
        return Run.of(OlderKernel::open, line);
    }

    private static String state() {
        return Run.done("sa list") + Run.done("policy list");
    }

    @Test
    void anOlderKernelIsLeftAloneAndToldWhatItCouldDo() {
        Gateway.setUp(kernel.xfrm(), 2);
        String before = state();
        assertEquals(new Run(ExitStatus.UNSUPPORTED, "", "xfrm4j migrate: " + OLD
                + "; the older XFRM_MSG_MIGRATE can run this plan, see --legacy; nothing was touched\n"), old(MOVE));
        Run cannot = old(MOVE + " --new-reqid 7");
        assertEquals(ExitStatus.UNSUPPORTED, cannot.status());
        assertTrue(cannot.err().startsWith("xfrm4j migrate: " + OLD
                + "; nor can the older XFRM_MSG_MIGRATE do what the plan says: "), cannot.err());
        Run one = old("migrate-state dst 198.51.100.1 proto esp spi 0xa0000000 --new-src 203.0.113.1");
        assertEquals(new Run(ExitStatus.UNSUPPORTED, "", "xfrm4j migrate-state: " + OLD + "\n"), one);
        assertEquals(before, state());
    }

    @Test
    void anOlderKernelMovesWhatItCan() {
        Gateway.setUp(kernel.xfrm(), 3);
        Run run = old(MOVE + " --legacy");
        assertEquals(ExitStatus.DONE, run.status(), run.err());
        assertEquals("", run.err());
        assertTrue(run.out().startsWith("moved       6 of 6 SAs, with 6 policies\n"
                + "read back   6 SAs where they should be\n"), run.out());
        assertEquals(6, Gateway.at(kernel.all(), Gateway.THERE));
        assertEquals(6, Run.done("policy list --tmpl 203.0.113.1").lines().filter(line -> line.startsWith("src"))
                .count());
    }

    @Test
    void aNewerKernelDoesItOnDemand() {
        Gateway.setUp(kernel.xfrm(), 1);
        JsonNode json = CliForm.check("migrate", Run.done(MOVE + " --legacy --json"));
        assertEquals(2, json.at("/report/outcomes/moved").asInt());
        assertEquals(2, Gateway.at(kernel.all(), Gateway.THERE));
    }

    @Test
    void saysWhatItCannotDoAndTouchesNothing() {
        Gateway.setUp(kernel.xfrm(), 1);
        String before = state();
        String command = MOVE + " --legacy --new-reqid 7";
        String complaint = Run.failed(ExitStatus.NOT_ALL, command);
        assertTrue(complaint.contains("reqid") && complaint.endsWith("xfrm4j migrate: XFRM_MSG_MIGRATE cannot do what"
                + " the plan says, and nothing was touched: see above\n"), complaint);
        Run dry = Run.line(command + " --dry-run --json");
        assertEquals(ExitStatus.NOT_ALL, dry.status());
        JsonNode json = CliForm.check("migrate", dry.out());
        assertEquals(0, json.at("/plan/problems").size());
        assertTrue(json.get("legacy_problems").size() > 0, dry.out());
        assertTrue(dry.err().startsWith("xfrm4j migrate: XFRM_MSG_MIGRATE cannot do it: "), dry.err());
        assertEquals(0, CliForm.check("migrate", Run.done(MOVE + " --legacy --dry-run --json"))
                .get("legacy_problems").size());
        assertEquals(before, state());
    }

    @Test
    void refusesOptionsThatMeanNothingThere() {
        for (String option : new String[] {"--journal=file", "--no-block", "--no-verify", "--hold=1", "--looks=1"}) {
            assertTrue(Run.failed(ExitStatus.USAGE, MOVE + " --legacy " + option).startsWith("xfrm4j migrate: "
                    + option.replaceFirst("=.*", "") + ": XFRM_MSG_MIGRATE has nothing of the kind"), option);
        }
        assertTrue(Run.failed(ExitStatus.USAGE, MOVE + " --legacy -n one -n another").contains("--legacy: in one"));
    }
}
