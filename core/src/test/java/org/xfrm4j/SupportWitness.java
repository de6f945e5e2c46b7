package org.xfrm4j;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.sa.SecurityAssociation;

/**
 * What a child JVM runs: it asks for {@link MigrateSupport}, and finds out by itself what the kernel can, with messages
 * written by hand.
 */
final class SupportWitness {
    /** Argument: carry out a real migration, in a network namespace of one's own. */
    static final String MIGRATE = "migrate";
    /** Key of what was probed, a {@link MigrateSupport}. */
    static final String SUPPORT = "support";
    /**
     * Key of the answer to a message without contents. Each stage of a kernel says something else: one that does not
     * know the type EINVAL; then, without permission, EPERM; then EINVAL with a text.
     */
    static final String EMPTY_MESSAGE = "empty message";
    /** Key of what became of a real migration. */
    static final String MIGRATION = "migration";
    static final String MOVED = "moved";
    static final String NO_ESP = "no ESP";

    private static final int MIGRATE_STATE = 0x29;
    private static final int STRUCT_BYTES = 132;

    private SupportWitness() {
    }

    public static void main(String[] args) {
        try (Xfrm xfrm = Xfrm.open()) {
            tell(SUPPORT, xfrm.migrateSupport());
            tell(EMPTY_MESSAGE, answer(xfrm, new byte[0]));
            if (List.of(args).contains(MIGRATE)) {
                tell(MIGRATION, migrate(xfrm));
                tell(SUPPORT + " again", xfrm.migrateSupport());
            }
        }
    }

    private static void tell(String key, Object value) {
        System.out.println(key + "=" + value);
    }

    /** {@return what it told, by key} */
    static Map<String, String> run(List<String> prefix, String... arguments) throws Exception {
        Map<String, String> told = new HashMap<>();
        for (String line : ChildJvm.run(prefix, SupportWitness.class, arguments)) {
            told.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
        return told;
    }

    private static Refusal answer(Xfrm xfrm, byte[] payload) {
        NetlinkBatch batch = xfrm.requests().newBatch(1, 512);
        MemorySegment.copy(payload, 0, batch.segment(), ValueLayout.JAVA_BYTE, batch.begin(MIGRATE_STATE, 0),
                payload.length);
        batch.end(payload.length);
        xfrm.requests().execute(batch);
        return Refusal.of(batch.results(), 0);
    }

    private static String migrate(Xfrm xfrm) {
        if (!xfrm.sas().list(SaFilter.ALL).isEmpty()) {
            throw new IllegalStateException("this is not a network namespace of one's own");
        }
        SecurityAssociation sa = TestSas.esp(0xabcd).build();
        try {
            xfrm.sas().add(sa);
        } catch (XfrmException refused) {
            return NO_ESP + ": " + refused.getMessage();
        }
        Refusal answer = answer(xfrm, message(sa));
        List<SecurityAssociation> after = xfrm.sas().list(SaFilter.ALL);
        if (after.size() != 1 || !after.getFirst().algorithms().equals(sa.algorithms())) {
            throw new IllegalStateException("after a migration: " + after);
        }
        boolean moved = after.getFirst().destination().equals(TestSas.NEW_DESTINATION);
        if (moved != (answer.errno() == 0)) {
            throw new IllegalStateException(answer + ", but " + after);
        }
        return moved ? MOVED : Errno.name(answer.errno());
    }

    /** struct xfrm_user_migrate_state (linux/xfrm.h of 7.2), field for field. */
    private static byte[] message(SecurityAssociation sa) {
        ByteBuffer message = ByteBuffer.allocate(STRUCT_BYTES).order(ByteOrder.nativeOrder());
        message.put(new byte[] {(byte) 198, 51, 100, 1}).position(16);      // id.daddr
        message.order(ByteOrder.BIG_ENDIAN).putInt(sa.spi());               // id.spi
        message.order(ByteOrder.nativeOrder()).putShort((short) 2);         // id.family: AF_INET
        message.put((byte) 50).position(24);                                // id.proto: ESP
        message.put(new byte[] {(byte) 198, 51, 100, (byte) 129});          // new_daddr
        message.position(40).put(new byte[] {(byte) 192, 0, 2, 1});         // new_saddr
        message.position(64 + 40).putShort((short) 2);                      // new_sel.family: AF_INET
        message.position(120).putInt(sa.reqid());                           // new_reqid
        message.position(128).putShort((short) 2);                          // new_family: AF_INET
        return message.array();
    }
}
