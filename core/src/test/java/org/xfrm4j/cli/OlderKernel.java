package org.xfrm4j.cli;

import java.lang.foreign.ValueLayout;
import java.util.List;
import org.xfrm4j.ObservedXfrm;
import org.xfrm4j.Xfrm;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.NetworkNamespace;
import org.xfrm4j.netlink.ObservedSocket;
import org.xfrm4j.netlink.SocketBuffers;

/** The embedded kernel, which passes for one before Linux 7.2: it is asked by a number that it does not know. */
final class OlderKernel {
    private static final int UNKNOWN_MESSAGE = 0x3f;

    private OlderKernel() {
    }

    static Xfrm open(NetworkNamespace here) {
        ObservedSocket socket = ObservedSocket.open(SocketBuffers.DEFAULT);
        socket.beforeSending(types -> {
            if (types.equals(List.of(xfrm4j_h.XFRM_MSG_MIGRATE_STATE()))) {
                // nlmsg_type, behind nlmsg_len.
                socket.lastSegment().set(ValueLayout.JAVA_SHORT, Integer.BYTES, (short) UNKNOWN_MESSAGE);
            }
        });
        return ObservedXfrm.open(socket);
    }
}
