package org.xfrm4j.bench.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final WarmUp warmUp = new WarmUp(Duration.ofSeconds(60));

    private void rounds(int count, long compilerNanos) {
        for (int i = 0; i < count; i++) {
            warmUp.add(SECOND, compilerNanos);
        }
    }

    @Test
    void isOverWhenTheCompilerHasBeenQuietForFiveSeconds() {
        rounds(20, SECOND / 2);
        rounds(4, 0);
        assertFalse(warmUp.isOver());
        rounds(1, SECOND / 20);
        assertTrue(warmUp.isOver());
        assertEquals(25, warmUp.rounds());
    }

    @Test
    void isNotOverBeforeFiveSeconds() {
        rounds(4, 0);
        assertFalse(warmUp.isOver());
    }

    @Test
    void goesOnWhileTheCompilerIsAtWork() {
        rounds(59, SECOND / 10);
        assertFalse(warmUp.isOver());
    }

    @Test
    void isOverWhenTheTimeIs() {
        rounds(60, SECOND / 10);
        assertTrue(warmUp.isOver());
    }

    @Test
    void needsNoRoundWhereThereIsNoTime() {
        assertTrue(new WarmUp(Duration.ZERO).isOver());
    }
}
