package org.xfrm4j;

import org.xfrm4j.netlink.AnsweringKernel;

/** Opens {@link Xfrm} over an {@link AnsweringKernel}, for tests of other packages. */
public final class AnsweringXfrm {
    private AnsweringXfrm() {
    }

    /** One that talks to this kernel. */
    public static Xfrm open(AnsweringKernel kernel) {
        return new Xfrm(kernel::socket);
    }
}
