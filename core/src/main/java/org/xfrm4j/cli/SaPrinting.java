package org.xfrm4j.cli;

import org.xfrm4j.wire.SaDecoder;

/** Prints SAs, as text or JSON; closed, it has written all. */
interface SaPrinting extends AutoCloseable {
    /** Prints an SA, which is where the kernel put it. */
    void print(SaDecoder sa);

    @Override
    void close();
}
