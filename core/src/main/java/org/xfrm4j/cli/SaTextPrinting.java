package org.xfrm4j.cli;

import org.xfrm4j.sa.SecurityAssociation;

/** Prints SAs as text. */
record SaTextPrinting(SaText text) implements SaPrinting {
    @Override
    public void print(SecurityAssociation sa) {
        text.print(sa);
        sa.wipeKeys();
    }

    @Override
    public void close() {
        text.flush();
    }
}
