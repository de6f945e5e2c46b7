package org.xfrm4j.cli;

import org.xfrm4j.json.JsonWriter;

/** What commands that change something tell a program. */
final class Done {
    private Done() {
    }

    /** How many were added, updated or deleted. */
    static void write(JsonWriter json, String what, long count) {
        json.beginObject();
        json.name(what).value(count);
        json.endObject();
    }

    /** That all are gone; how many there were the kernel does not tell. */
    static void writeFlushed(JsonWriter json) {
        json.beginObject();
        json.name("flushed").value(true);
        json.endObject();
    }
}
