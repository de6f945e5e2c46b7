package consumer;

import org.xfrm4j.MigrateSupport;
import org.xfrm4j.Xfrm;
import org.xfrm4j.json.JsonWriter;
import org.xfrm4j.netlink.NativeAccessException;
import org.xfrm4j.netlink.NetlinkException;

/** Opens the kernel's IPsec, and tries JSON, whose library nobody has added. */
public final class Main {
    private Main() {
    }

    public static void main(String[] args) {
        try (Xfrm xfrm = Xfrm.open()) {
            System.out.println("opened");
        } catch (NativeAccessException refused) {
            System.out.println("native access: " + refused.getMessage());
        } catch (NetlinkException noXfrm) {
            // A kernel without it was asked, at least.
            System.out.println("opened, and the kernel said: " + noXfrm.getMessage());
        }
        try {
            System.out.println(JsonWriter.toString(json -> json.write(MigrateSupport.SUPPORTED)));
        } catch (IllegalStateException noJackson) {
            System.out.println("json: " + noJackson.getMessage());
        }
    }
}
