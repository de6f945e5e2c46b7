package org.xfrm4j.cli;

import java.io.OutputStream;
import org.xfrm4j.json.JsonWriter;
import org.xfrm4j.wire.PolicyDecoder;

/** Prints policies, as text or JSON; closed, it has written all. */
interface PolicyOutput extends AutoCloseable {
    /** Prints a policy, which is where the kernel put it. */
    void print(PolicyDecoder policy);

    @Override
    void close();

    /** As {@code ip xfrm policy}. */
    static PolicyOutput text(OutputStream out, boolean statistics) {
        PolicyText text = new PolicyText(out, statistics);
        return new PolicyOutput() {
            @Override
            public void print(PolicyDecoder policy) {
                text.print(policy);
            }

            @Override
            public void close() {
                text.flush();
            }
        };
    }

    /** As a list of JSON, or one value. */
    static PolicyOutput json(JsonWriter json, boolean list) {
        if (list) {
            json.beginList();
        }
        return new PolicyOutput() {
            @Override
            public void print(PolicyDecoder policy) {
                json.write(policy);
            }

            @Override
            public void close() {
                if (list) {
                    json.endList();
                }
                json.close();
            }
        };
    }
}
