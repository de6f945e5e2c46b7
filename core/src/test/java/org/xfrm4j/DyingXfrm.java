package org.xfrm4j;

import org.xfrm4j.netlink.DyingSocket;

/** Opens {@link Xfrm} over a {@link DyingSocket}, for tests of other packages. */
public final class DyingXfrm {
    private DyingXfrm() {
    }

    /** Over this socket. */
    public static Xfrm open(DyingSocket socket) {
        return new Xfrm(socket::requests);
    }
}
