package org.xfrm4j.bench.jmh;

import java.lang.foreign.ValueLayout;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.netlink.RequestSocket;

/** A new network namespace's loopback device is down, and JMH talks to the JVMs that it starts through it. */
final class Loopback {
    private static final int NETLINK_ROUTE = 0;
    private static final int RTM_NEWLINK = 16;
    // struct ifinfomsg { u8 family; u8 pad; u16 type; int index; u32 flags; u32 change; }
    private static final int IFINFOMSG = 16;
    private static final int INDEX = 4;
    private static final int FLAGS = 8;
    private static final int CHANGE = 12;
    private static final int IFF_UP = 1;

    private Loopback() {
    }

    static void up() {
        try (RequestSocket socket = RequestSocket.open(NETLINK_ROUTE)) {
            NetlinkBatch batch = socket.newBatch(1, 64);
            long at = batch.begin(RTM_NEWLINK, 0);
            batch.segment().asSlice(at, IFINFOMSG).fill((byte) 0);
            batch.segment().set(ValueLayout.JAVA_INT, at + INDEX, 1); // it is the first device everywhere
            batch.segment().set(ValueLayout.JAVA_INT, at + FLAGS, IFF_UP);
            batch.segment().set(ValueLayout.JAVA_INT, at + CHANGE, IFF_UP);
            batch.end(IFINFOMSG);
            socket.execute(batch);
            if (batch.results().error(0) != 0) {
                throw new IllegalStateException("the loopback device stays down: errno " + batch.results().error(0));
            }
        }
    }
}
