package org.xfrm4j.cli;

import org.xfrm4j.sa.SecurityAssociation;

/** Prints SAs, as text or JSON; closed, it has written all. */
interface SaPrinting extends AutoCloseable {
    /** Prints an SA, and wipes its keys. */
    void print(SecurityAssociation sa);

    @Override
    void close();
}
