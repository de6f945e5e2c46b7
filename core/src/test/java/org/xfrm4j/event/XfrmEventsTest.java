package org.xfrm4j.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.netlink.ScriptedEvents;

/** The order of what is told, above all around a loss. Messages are flushes of SAs, told apart by their protocol. */
class XfrmEventsTest {
    private static final int FLUSHSA = 0x1c;
    private static final int QUEUE = 1_000;

    private final ScriptedEvents script = new ScriptedEvents();

    private static String next(XfrmEvents events) {
        return switch (events.next(Duration.ZERO)) {
            case SaFlushed flushed -> Integer.toString(flushed.protocol());
            case Missed missed -> "missed";
            case Nothing nothing -> "nothing";
            case XfrmEvent other -> other.toString();
        };
    }

    private List<String> all(int queueBound) {
        List<String> told = new ArrayList<>();
        try (XfrmEvents events = new XfrmEvents(script.socket(), queueBound)) {
            do {
                told.add(next(events));
            } while (!told.getLast().equals("nothing"));
        }
        return told;
    }

    private void flush(int... protocols) {
        for (int protocol : protocols) {
            script.message(FLUSHSA, 7, 9, (byte) protocol);
        }
    }

    @Test
    void tellsEventsWithTheirOrigin() {
        flush(50);
        try (XfrmEvents events = new XfrmEvents(script.socket(), QUEUE)) {
            assertEquals(new SaFlushed(new Origin(7, 9), 50), events.next(Duration.ofSeconds(1)));
            assertEquals(new Nothing(), events.next(Duration.ofNanos(1)));
        }
    }

    /** The kernel tells of the loss first, though the events that are queued are older. */
    @Test
    void tellsALossBehindTheEventsThatWereQueuedBeforeIt() {
        script.loss();
        flush(1, 2, 3);

        assertEquals(List.of("1", "2", "3", "missed", "nothing"), all(QUEUE));
    }

    /** The queue cannot have held more: what comes then is newer, and without end perhaps. */
    @Test
    void tellsALossAtTheLatestWhenAllOlderEventsMustHaveBeenRead() {
        script.loss();
        flush(1, 2, 3, 4);

        assertEquals(List.of("1", "2", "missed", "3", "4", "nothing"), all(2));
    }

    @Test
    void tellsEachLoss() {
        flush(1);
        script.loss();
        flush(2);
        script.loss();
        flush(3);

        assertEquals(List.of("1", "2", "missed", "3", "missed", "nothing"), all(QUEUE));
    }

    @Test
    void tellsALossWithNothingBehindIt() {
        script.loss();

        assertEquals(List.of("missed", "nothing"), all(QUEUE));
    }

    @Test
    void tellsOfWhatItCannotUnderstandAndGoesOn() {
        flush(1);
        script.garbage().message(FLUSHSA, 0, 0);
        flush(2);
        try (XfrmEvents events = new XfrmEvents(script.socket(), QUEUE)) {
            assertEquals("1", next(events));
            assertThrows(MalformedMessageException.class, () -> events.next(Duration.ZERO));
            assertThrows(MalformedMessageException.class, () -> events.next(Duration.ZERO));
            assertEquals("2", next(events));
        }
    }

    @Test
    void keepsMessagesThatItDoesNotKnow() {
        script.message(0x2a, 7, 9, (byte) 1, (byte) 2).message(0x12, 7, 9);
        try (XfrmEvents events = new XfrmEvents(script.socket(), QUEUE)) {
            assertEquals(new UnknownEvent(new Origin(7, 9), 0x2a, new byte[] {1, 2}), events.next(Duration.ZERO));
            UnknownEvent get = (UnknownEvent) events.next(Duration.ZERO);
            assertEquals("XFRM_MSG_GETSA (0 bytes)", get.toString());
        }
    }

    @Test
    void comparesUnknownEventsByTheirBytes() {
        UnknownEvent event = new UnknownEvent(new Origin(1, 2), 99, new byte[] {1});
        assertTrue(event.equals(new UnknownEvent(new Origin(1, 2), 99, new byte[] {1})));
        assertEquals(event.hashCode(), new UnknownEvent(new Origin(1, 2), 99, new byte[] {1}).hashCode());
        assertTrue(!event.equals(new UnknownEvent(new Origin(1, 2), 99, new byte[] {2})));
    }
}
