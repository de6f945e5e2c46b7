package org.xfrm4j;

import org.xfrm4j.netlink.ObservedSocket;

/** Opens {@link Xfrm} over an {@link ObservedSocket}, for tests of other packages. */
public final class ObservedXfrm {
    private ObservedXfrm() {
    }

    /** Over this socket; closed with it. There is no other of its kind: {@link Xfrm#openAnother} does not work. */
    public static Xfrm open(ObservedSocket socket) {
        return new Xfrm(socket::requests);
    }
}
