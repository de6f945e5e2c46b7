package org.xfrm4j.bench.jmh;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.Errno;

/** The requests of {@link PolicyMessages} the naive way: every encoder made anew, too. */
final class NaivePolicies {
    int update(NaiveSocket socket, int index) {
        Sample sample = new Sample(Sample.Layout.SPREAD).at(2 * index + 1);
        int error = socket.ask(xfrm4j_h.XFRM_MSG_UPDPOLICY(), PolicyMessages.ROOM, (memory, at) ->
                new PolicyMessages().update(memory, at, sample, Sample.NEW_GATEWAY));
        return error == 0 ? 1 : 0;
    }

    int absent(NaiveSocket socket, int index) {
        Sample sample = new Sample(Sample.Layout.SPREAD).at(index);
        int error = socket.ask(xfrm4j_h.XFRM_MSG_GETSA(), PolicyMessages.ROOM, (memory, at) ->
                new PolicyMessages().lookup(memory, at, sample));
        return error == Errno.ESRCH ? 1 : 0;
    }
}
