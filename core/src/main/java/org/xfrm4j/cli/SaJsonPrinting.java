package org.xfrm4j.cli;

import org.xfrm4j.json.JsonWriter;
import org.xfrm4j.wire.SaDecoder;

/** Prints SAs as JSON. */
final class SaJsonPrinting implements SaPrinting {
    private final JsonWriter json;
    private final boolean list;

    SaJsonPrinting(JsonWriter json, boolean list) {
        this.json = json;
        this.list = list;
        if (list) {
            json.beginList();
        }
    }

    @Override
    public void print(SaDecoder sa) {
        json.write(sa);
    }

    @Override
    public void close() {
        if (list) {
            json.endList();
        }
        json.close();
    }
}
