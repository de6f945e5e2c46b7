package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.SaFilter;
import org.xfrm4j.TestSas;
import org.xfrm4j.Xfrm;
import org.xfrm4j.migrate.TestNamespace;
import org.xfrm4j.sa.SecurityAssociation;
import tools.jackson.databind.JsonNode;

/** {@code migrate} in several network namespaces: what it prints, does, and ends with. */
class MigrateNamespacesIT {
    private static final String MOVE = "migrate --quiet --from 192.0.2.1 --to 203.0.113.1";

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @TempDir
    Path folder;

    private final List<TestNamespace> namespaces = new ArrayList<>();

    @AfterEach
    void endNamespaces() {
        namespaces.forEach(TestNamespace::close);
    }

    /** A gateway in a namespace of its own; gives the file that names it. */
    private String gateway(int peers) throws IOException {
        TestNamespace namespace = new TestNamespace();
        namespaces.add(namespace);
        try (Xfrm xfrm = Xfrm.open(namespace.name())) {
            Gateway.setUp(xfrm, peers);
        }
        return "/proc/" + namespace.process() + "/ns/net";
    }

    private List<SecurityAssociation> sas(int namespace) {
        try (Xfrm xfrm = Xfrm.open(namespaces.get(namespace).name())) {
            return xfrm.sas().list(SaFilter.ALL);
        }
    }

    private void add(int namespace, SecurityAssociation sa) {
        try (Xfrm xfrm = Xfrm.open(namespaces.get(namespace).name())) {
            xfrm.sas().add(sa);
        }
    }

    @Test
    void movesAllAndReportsOfEach() throws IOException {
        String one = gateway(3);
        String another = gateway(2);
        String report = Run.done(MOVE + " -n " + one + " --netns " + another);
        String[] parts = report.split("(?m)^network namespace ");
        assertEquals(3, parts.length, report);
        assertTrue(parts[1].startsWith(one + "\nmoved       6 SAs\nread back   6 SAs where they should be\n"), report);
        assertTrue(parts[2].startsWith(another + "\nmoved       4 SAs\n"), report);
        assertEquals(6, Gateway.at(sas(0), Gateway.THERE));
        assertEquals(4, Gateway.at(sas(1), Gateway.THERE));
    }

    @Test
    void writesAJournalForEachWhichRecoverTakes() throws IOException {
        String one = gateway(1);
        String another = gateway(1);
        Path journal = folder.resolve("move");
        JsonNode json = CliForm.check("migrate",
                Run.done(MOVE + " --json -n " + one + " -n " + another + " --journal " + journal));
        assertFalse(json.get("interrupted").asBoolean());
        assertEquals(2, json.get("namespaces").size());
        assertEquals("network namespace " + another, json.at("/namespaces/1/namespace").asString());
        assertEquals(2, json.at("/namespaces/1/report/outcomes/moved").asInt());
        for (String name : List.of(one, another)) {
            Path own = folder.resolve("move." + name.substring(1).replace('/', '-'));
            assertTrue(Files.size(own) > 0);
            Run.done("recover --take-back-all --journal " + own + " --netns " + name);
        }
        assertEquals(2, Gateway.at(sas(0), Gateway.HERE));
        assertEquals(2, Gateway.at(sas(1), Gateway.HERE));
    }

    @Test
    void thePlanOfEachIsPrinted() throws IOException {
        String one = gateway(2);
        String another = gateway(1);
        String command = MOVE + " --dry-run -n " + one + " -n " + another;
        String plans = Run.done(command);
        assertTrue(plans.startsWith("network namespace " + one + "\nplan: 4 SAs move, 0 stay; "), plans);
        assertTrue(plans.contains("\nnetwork namespace " + another + "\nplan: 2 SAs move, 0 stay; "), plans);
        JsonNode json = CliForm.check("migrate", Run.done(command + " --json"));
        assertEquals(4, json.at("/namespaces/0/plan/sas").asInt());
        assertEquals(json.at("/namespaces/0/plan/groups").asInt(), json.at("/namespaces/0/groups").size());
        assertEquals(4, Gateway.at(sas(0), Gateway.HERE));
    }

    @Test
    void whatCannotRunInOneDoesNotStopTheOther() throws IOException {
        String one = gateway(1);
        String another = gateway(1);
        // It stands where the incoming one is to go.
        add(0, TestSas.esp(0xb0000000).destination(Gateway.THERE).build());
        Run run = Run.line(MOVE + " -n " + one + " -n " + another);
        assertEquals(ExitStatus.NOT_ALL, run.status());
        assertTrue(run.out().startsWith("network namespace " + one + "\nuntouched   the plan cannot run\n"
                + "network namespace " + another + "\nmoved       2 SAs\n"), run.out());
        assertTrue(run.err().contains("xfrm4j migrate: network namespace " + one + ": ")
                && run.err().contains("0xb0000000"), run.err());
        assertEquals(1, Gateway.at(sas(0), Gateway.THERE));
        assertEquals(2, Gateway.at(sas(1), Gateway.THERE));
        Run json = Run.line(MOVE + " --json -n " + one + " -n " + another);
        assertEquals(ExitStatus.NOT_ALL, json.status());
        assertEquals("refused", CliForm.check("migrate", json.out()).at("/namespaces/0/outcome").asString());
    }

    @Test
    void aNameThatIsNoneIsFoundBeforeAnythingIsTouched() throws IOException {
        String one = gateway(1);
        String complaint = Run.failed(ExitStatus.NOT_ALL, MOVE + " -n " + one + " -n nowhere");
        assertTrue(complaint.startsWith("xfrm4j migrate: network namespace nowhere: ")
                && complaint.endsWith("; nothing was touched in any\n"), complaint);
        assertEquals(0, Gateway.at(sas(0), Gateway.THERE));
        assertTrue(Run.failed(ExitStatus.USAGE, MOVE + " -n " + one + " -n " + one).contains("two migrations of it"));
    }

    @Test
    void anOlderKernelIsToldOfBeforeAnythingIsTouched() throws IOException {
        Run run = Run.of(OlderKernel::open, MOVE + " -n " + gateway(1) + " -n " + gateway(1));
        assertEquals(ExitStatus.UNSUPPORTED, run.status());
        assertTrue(run.err().contains("does not know XFRM_MSG_MIGRATE_STATE")
                && run.err().endsWith("; nothing was touched in any\n"), run.err());
    }
}
