package org.xfrm4j.bench.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CompilerTimeTest {
    /** As the kernel writes it; the fields up to the system's time. */
    private static String stat(String name, int user, int system) {
        return "4711 (" + name + ") S 1 2 3 0 -1 4194368 10 0 0 0 " + user + " " + system + " 0 0 20 0 17 0 99 1 2\n";
    }

    @Test
    void isThatOfTheCompilersInTheirOwnCodeAndInTheKernel() {
        assertEquals(42, CompilerTime.ticks(stat("C2 CompilerThre", 40, 2)));
        assertEquals(7, CompilerTime.ticks(stat("C1 CompilerThre", 7, 0)));
    }

    @Test
    void isNotThatOfOtherThreads() {
        assertEquals(0, CompilerTime.ticks(stat("java", 40, 2)));
        assertEquals(0, CompilerTime.ticks(stat("VM Thread", 40, 2)));
        assertEquals(0, CompilerTime.ticks(stat("pool-1 (C2 Comp", 40, 2)));
    }
}
