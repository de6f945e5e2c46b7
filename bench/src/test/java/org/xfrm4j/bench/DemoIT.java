package org.xfrm4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The demo's program in the embedded kernel, as {@code bench/demo} starts it. */
class DemoIT {
    private static final String NATIVE_ACCESS = "--enable-native-access=org.xfrm4j.core";

    private static Script demo(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("--", Script.java(), "-Xmx256m", NATIVE_ACCESS,
                "-p", "target/modules", "-m", "org.xfrm4j.bench/org.xfrm4j.bench.Demo"));
        command.addAll(List.of(arguments));
        return Script.run("lab/run", command.toArray(String[]::new));
    }

    @Test
    void movesAndVerifiesEverySa() throws Exception {
        Script demo = demo("--sas", "501");

        assertEquals(0, demo.status(), demo.output() + demo.errors());
        assertTrue(demo.output().contains("migrated    501 of 501 SAs from 192.0.2.1 to 203.0.113.1"), demo.output());
        assertEquals(3, demo.output().split("verified {4}501 of 501 SAs", -1).length - 1, demo.output());
        assertTrue(demo.output().endsWith("all SAs verified\n"), demo.output());
    }

    @Test
    void refusesWrongUsage() throws Exception {
        for (String[] wrong : new String[][] {{"--sas"}, {"--sas", "1"}, {"--sas", "many"}, {"--bogus"}}) {
            Script script = Script.run("demo", wrong);
            assertEquals(2, script.status(), script.output());
            assertTrue(script.errors().startsWith("bench/demo: "), script.errors());
        }
    }
}
