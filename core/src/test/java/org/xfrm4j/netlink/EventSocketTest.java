package org.xfrm4j.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.xfrm4j.netlink.FakeKernel.message;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xfrm4j.netlink.EventSocket.Found;

class EventSocketTest {
    private final FakeKernel kernel = new FakeKernel();
    private final EventSocket events = new EventSocket(kernel);

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void givesMessagesInTheirOrderWithTheirOrigin() {
        kernel.answers(message(0x29, 0, 7, 99, new byte[] {1, 2}), message(0x11, 0, 8, 0, new byte[3]));

        assertEquals(Found.MESSAGE, events.next(0));
        assertEquals("41 7 99 2", events.type() + " " + events.sequence() + " " + events.port() + " "
                + events.payloadLength());
        assertEquals(Found.MESSAGE, events.next(0));
        assertEquals("17 8 0 3", events.type() + " " + events.sequence() + " " + events.port() + " "
                + events.payloadLength());
        assertEquals(Found.NOTHING, events.next(0));
    }

    @Test
    void tellsWhenMessagesWereDropped() {
        kernel.answers(message(0x29, 0, 1)).losesAnswers().answers(message(0x29, 0, 3));

        assertEquals(Found.MESSAGE, events.next(0));
        assertEquals(Found.MISSED, events.next(0));
        assertEquals(Found.MESSAGE, events.next(0));
        assertEquals(3, events.sequence());
    }

    @Test
    void tellsAnOverrunToo() {
        kernel.answers(message(MessageHeader.OVERRUN, 0, 0));

        assertEquals(Found.MISSED, events.next(0));
    }

    @Test
    void passesOverForgeries() {
        kernel.answersFrom(31, message(0x29, 0, 1));

        assertEquals(Found.NOTHING, events.next(0));
    }

    @Test
    void goesOnBehindADamagedDatagram() {
        kernel.answers(new byte[] {1, 0, 0, 0}).answers(message(0x29, 0, 2));

        assertThrows(MalformedMessageException.class, () -> events.next(0));
        assertEquals(Found.MESSAGE, events.next(0));
        assertEquals(2, events.sequence());
    }
}
