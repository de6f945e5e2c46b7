package org.xfrm4j.cli;

import org.xfrm4j.wire.SaDecoder;

/** Prints SAs as text. */
record SaTextPrinting(SaText text) implements SaPrinting {
    @Override
    public void print(SaDecoder sa) {
        text.print(sa);
    }

    @Override
    public void close() {
        text.flush();
    }
}
