package org.xfrm4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The lab's own test, which is a script as the lab is. */
class LabIT {
    @Test
    void theLabPassesItsOwnTest() throws Exception {
        Script selftest = Script.run("lab/selftest");

        System.out.print(selftest.output());
        assertEquals(0, selftest.status(), selftest.output() + selftest.errors());
        List<String> lines = selftest.output().lines().toList();
        assertTrue(lines.getLast().matches("[1-9][0-9]* passed, 0 failed"), lines.getLast());
    }
}
