package org.xfrm4j.wire;

import org.xfrm4j.bindings.xfrm4j_h;

/** The names of XFRM's message types ({@code nlmsg_type}), for what people read. */
public final class XfrmMessages {
    private static final int BASE = xfrm4j_h.XFRM_MSG_BASE();
    private static final String[] NAMES = new String[xfrm4j_h.XFRM_MSG_MIGRATE_STATE() - BASE + 1];

    static {
        name(xfrm4j_h.XFRM_MSG_NEWSA(), "XFRM_MSG_NEWSA");
        name(xfrm4j_h.XFRM_MSG_DELSA(), "XFRM_MSG_DELSA");
        name(xfrm4j_h.XFRM_MSG_GETSA(), "XFRM_MSG_GETSA");
        name(xfrm4j_h.XFRM_MSG_NEWPOLICY(), "XFRM_MSG_NEWPOLICY");
        name(xfrm4j_h.XFRM_MSG_DELPOLICY(), "XFRM_MSG_DELPOLICY");
        name(xfrm4j_h.XFRM_MSG_GETPOLICY(), "XFRM_MSG_GETPOLICY");
        name(xfrm4j_h.XFRM_MSG_ALLOCSPI(), "XFRM_MSG_ALLOCSPI");
        name(xfrm4j_h.XFRM_MSG_ACQUIRE(), "XFRM_MSG_ACQUIRE");
        name(xfrm4j_h.XFRM_MSG_EXPIRE(), "XFRM_MSG_EXPIRE");
        name(xfrm4j_h.XFRM_MSG_UPDPOLICY(), "XFRM_MSG_UPDPOLICY");
        name(xfrm4j_h.XFRM_MSG_UPDSA(), "XFRM_MSG_UPDSA");
        name(xfrm4j_h.XFRM_MSG_POLEXPIRE(), "XFRM_MSG_POLEXPIRE");
        name(xfrm4j_h.XFRM_MSG_FLUSHSA(), "XFRM_MSG_FLUSHSA");
        name(xfrm4j_h.XFRM_MSG_FLUSHPOLICY(), "XFRM_MSG_FLUSHPOLICY");
        name(xfrm4j_h.XFRM_MSG_NEWAE(), "XFRM_MSG_NEWAE");
        name(xfrm4j_h.XFRM_MSG_GETAE(), "XFRM_MSG_GETAE");
        name(xfrm4j_h.XFRM_MSG_REPORT(), "XFRM_MSG_REPORT");
        name(xfrm4j_h.XFRM_MSG_MIGRATE(), "XFRM_MSG_MIGRATE");
        name(xfrm4j_h.XFRM_MSG_NEWSADINFO(), "XFRM_MSG_NEWSADINFO");
        name(xfrm4j_h.XFRM_MSG_GETSADINFO(), "XFRM_MSG_GETSADINFO");
        name(xfrm4j_h.XFRM_MSG_NEWSPDINFO(), "XFRM_MSG_NEWSPDINFO");
        name(xfrm4j_h.XFRM_MSG_GETSPDINFO(), "XFRM_MSG_GETSPDINFO");
        name(xfrm4j_h.XFRM_MSG_MAPPING(), "XFRM_MSG_MAPPING");
        name(xfrm4j_h.XFRM_MSG_SETDEFAULT(), "XFRM_MSG_SETDEFAULT");
        name(xfrm4j_h.XFRM_MSG_GETDEFAULT(), "XFRM_MSG_GETDEFAULT");
        name(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), "XFRM_MSG_MIGRATE_STATE");
    }

    private XfrmMessages() {
    }

    private static void name(int type, String name) {
        NAMES[type - BASE] = name;
    }

    /**
     * {@return the name of the type as the kernel's header spells it, or {@code XFRM_MSG_#n} for one that this version
     * does not know}
     *
     * @param type a message's {@code nlmsg_type}
     */
    public static String name(int type) {
        int index = type - BASE;
        return index >= 0 && index < NAMES.length ? NAMES[index] : "XFRM_MSG_#" + type;
    }
}
