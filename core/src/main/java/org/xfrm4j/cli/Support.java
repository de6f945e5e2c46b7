package org.xfrm4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xfrm4j.MigrateSupport;
import org.xfrm4j.Xfrm;
import org.xfrm4j.json.JsonWriter;
import org.xfrm4j.netlink.NetlinkException;

/**
 * What a kernel supports, as it answered.
 *
 * @param kernel its release; by this alone nothing is concluded
 * @param migrateState whether it moves SAs
 * @param read whether SAs and policies can be read: null, or why not
 * @param defaults whether it has default policies: null, or why not
 */
record Support(String kernel, MigrateSupport migrateState, String read, String defaults) {
    static Support of(Xfrm xfrm) {
        return new Support(release(), xfrm.migrateSupport(), reason(() -> xfrm.information().sad()),
                reason(xfrm::defaults));
    }

    private static String release() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
        } catch (IOException unknown) {
            return System.getProperty("os.version");
        }
    }

    private static String reason(Runnable request) {
        try {
            request.run();
            return null;
        } catch (NetlinkException refused) {
            return refused.getMessage();
        }
    }

    void print(PrintWriter out) {
        out.println("kernel                   Linux " + kernel);
        out.println("SAs and policies         " + (read == null ? "yes" : "no: " + read));
        out.println("XFRM_MSG_MIGRATE_STATE   "
                + (migrateState == MigrateSupport.SUPPORTED ? "yes" : "no: " + migrateState.reason()));
        out.println("default policies         " + (defaults == null ? "yes" : "no: " + defaults));
    }

    void write(JsonWriter json) {
        json.beginObject();
        json.name("kernel").value(kernel);
        json.name("migrate_state").write(migrateState);
        write(json, "databases", read);
        write(json, "default_policies", defaults);
        json.endObject();
    }

    private static void write(JsonWriter json, String name, String reason) {
        json.name(name).beginObject();
        json.name("supported").value(reason == null);
        if (reason != null) {
            json.name("reason").value(reason);
        }
        json.endObject();
    }
}
