package org.xfrm4j.wire;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_address_filter;
import org.xfrm4j.bindings.xfrm_algo;
import org.xfrm4j.bindings.xfrm_algo_aead;
import org.xfrm4j.bindings.xfrm_algo_auth;
import org.xfrm4j.bindings.xfrm_encap_tmpl;
import org.xfrm4j.bindings.xfrm_lifetime_cur;
import org.xfrm4j.bindings.xfrm_mark;
import org.xfrm4j.bindings.xfrm_replay_state;
import org.xfrm4j.bindings.xfrm_replay_state_esn;
import org.xfrm4j.bindings.xfrm_user_kmaddress;
import org.xfrm4j.bindings.xfrm_user_migrate;
import org.xfrm4j.bindings.xfrm_user_offload;
import org.xfrm4j.bindings.xfrm_user_sec_ctx;
import org.xfrm4j.bindings.xfrm_user_tmpl;
import org.xfrm4j.bindings.xfrm_userpolicy_info;
import org.xfrm4j.bindings.xfrm_userpolicy_type;
import org.xfrm4j.bindings.xfrm_usersa_info;

/** What is known of the attributes of XFRM messages ({@code XFRMA_…}): their names, and how short they may be. */
public final class XfrmAttributes {
    /** The highest attribute type of Linux 7.2. */
    public static final int MAX = xfrm4j_h.XFRMA_IPTFS_PKT_SIZE();

    private static final String[] NAMES = new String[MAX + 1];
    private static final int[] MINIMUM_LENGTHS = new int[MAX + 1];

    static {
        // Lengths as in xfrma_policy, net/xfrm/xfrm_user.c: longer is allowed, shorter is not.
        define(xfrm4j_h.XFRMA_UNSPEC(), "XFRMA_UNSPEC", 0);
        define(xfrm4j_h.XFRMA_ALG_AUTH(), "XFRMA_ALG_AUTH", xfrm_algo.sizeof());
        define(xfrm4j_h.XFRMA_ALG_CRYPT(), "XFRMA_ALG_CRYPT", xfrm_algo.sizeof());
        define(xfrm4j_h.XFRMA_ALG_COMP(), "XFRMA_ALG_COMP", xfrm_algo.sizeof());
        define(xfrm4j_h.XFRMA_ENCAP(), "XFRMA_ENCAP", xfrm_encap_tmpl.sizeof());
        define(xfrm4j_h.XFRMA_TMPL(), "XFRMA_TMPL", xfrm_user_tmpl.sizeof());
        define(xfrm4j_h.XFRMA_SA(), "XFRMA_SA", xfrm_usersa_info.sizeof());
        define(xfrm4j_h.XFRMA_POLICY(), "XFRMA_POLICY", xfrm_userpolicy_info.sizeof());
        define(xfrm4j_h.XFRMA_SEC_CTX(), "XFRMA_SEC_CTX", xfrm_user_sec_ctx.sizeof());
        define(xfrm4j_h.XFRMA_LTIME_VAL(), "XFRMA_LTIME_VAL", xfrm_lifetime_cur.sizeof());
        define(xfrm4j_h.XFRMA_REPLAY_VAL(), "XFRMA_REPLAY_VAL", xfrm_replay_state.sizeof());
        define(xfrm4j_h.XFRMA_REPLAY_THRESH(), "XFRMA_REPLAY_THRESH", Integer.BYTES);
        define(xfrm4j_h.XFRMA_ETIMER_THRESH(), "XFRMA_ETIMER_THRESH", Integer.BYTES);
        define(xfrm4j_h.XFRMA_SRCADDR(), "XFRMA_SRCADDR", Layouts.ADDRESS_LENGTH);
        define(xfrm4j_h.XFRMA_COADDR(), "XFRMA_COADDR", Layouts.ADDRESS_LENGTH);
        define(xfrm4j_h.XFRMA_LASTUSED(), "XFRMA_LASTUSED", Long.BYTES);
        define(xfrm4j_h.XFRMA_POLICY_TYPE(), "XFRMA_POLICY_TYPE", xfrm_userpolicy_type.sizeof());
        define(xfrm4j_h.XFRMA_MIGRATE(), "XFRMA_MIGRATE", xfrm_user_migrate.sizeof());
        define(xfrm4j_h.XFRMA_ALG_AEAD(), "XFRMA_ALG_AEAD", xfrm_algo_aead.sizeof());
        define(xfrm4j_h.XFRMA_KMADDRESS(), "XFRMA_KMADDRESS", xfrm_user_kmaddress.sizeof());
        define(xfrm4j_h.XFRMA_ALG_AUTH_TRUNC(), "XFRMA_ALG_AUTH_TRUNC", xfrm_algo_auth.sizeof());
        define(xfrm4j_h.XFRMA_MARK(), "XFRMA_MARK", xfrm_mark.sizeof());
        define(xfrm4j_h.XFRMA_TFCPAD(), "XFRMA_TFCPAD", Integer.BYTES);
        define(xfrm4j_h.XFRMA_REPLAY_ESN_VAL(), "XFRMA_REPLAY_ESN_VAL", xfrm_replay_state_esn.sizeof());
        define(xfrm4j_h.XFRMA_SA_EXTRA_FLAGS(), "XFRMA_SA_EXTRA_FLAGS", Integer.BYTES);
        define(xfrm4j_h.XFRMA_PROTO(), "XFRMA_PROTO", Byte.BYTES);
        define(xfrm4j_h.XFRMA_ADDRESS_FILTER(), "XFRMA_ADDRESS_FILTER", xfrm_address_filter.sizeof());
        define(xfrm4j_h.XFRMA_PAD(), "XFRMA_PAD", 0);
        define(xfrm4j_h.XFRMA_OFFLOAD_DEV(), "XFRMA_OFFLOAD_DEV", xfrm_user_offload.sizeof());
        define(xfrm4j_h.XFRMA_SET_MARK(), "XFRMA_SET_MARK", Integer.BYTES);
        define(xfrm4j_h.XFRMA_SET_MARK_MASK(), "XFRMA_SET_MARK_MASK", Integer.BYTES);
        define(xfrm4j_h.XFRMA_IF_ID(), "XFRMA_IF_ID", Integer.BYTES);
        define(xfrm4j_h.XFRMA_MTIMER_THRESH(), "XFRMA_MTIMER_THRESH", Integer.BYTES);
        define(xfrm4j_h.XFRMA_SA_DIR(), "XFRMA_SA_DIR", Byte.BYTES);
        define(xfrm4j_h.XFRMA_NAT_KEEPALIVE_INTERVAL(), "XFRMA_NAT_KEEPALIVE_INTERVAL", Integer.BYTES);
        define(xfrm4j_h.XFRMA_SA_PCPU(), "XFRMA_SA_PCPU", Integer.BYTES);
        define(xfrm4j_h.XFRMA_IPTFS_DROP_TIME(), "XFRMA_IPTFS_DROP_TIME", Integer.BYTES);
        define(xfrm4j_h.XFRMA_IPTFS_REORDER_WINDOW(), "XFRMA_IPTFS_REORDER_WINDOW", Short.BYTES);
        define(xfrm4j_h.XFRMA_IPTFS_DONT_FRAG(), "XFRMA_IPTFS_DONT_FRAG", 0);
        define(xfrm4j_h.XFRMA_IPTFS_INIT_DELAY(), "XFRMA_IPTFS_INIT_DELAY", Integer.BYTES);
        define(xfrm4j_h.XFRMA_IPTFS_MAX_QSIZE(), "XFRMA_IPTFS_MAX_QSIZE", Integer.BYTES);
        define(xfrm4j_h.XFRMA_IPTFS_PKT_SIZE(), "XFRMA_IPTFS_PKT_SIZE", Integer.BYTES);
    }

    private XfrmAttributes() {
    }

    private static void define(int type, String name, long minimumLength) {
        NAMES[type] = name;
        MINIMUM_LENGTHS[type] = (int) minimumLength;
    }

    /**
     * {@return the name of the type as the kernel's header spells it, or {@code XFRMA_#n} for one that this version
     * does not know}
     *
     * @param type an attribute's type, without the flag bits
     */
    public static String name(int type) {
        return isKnown(type) ? NAMES[type] : "XFRMA_#" + type;
    }

    static boolean isKnown(int type) {
        return type >= 0 && type <= MAX;
    }

    /** The fewest bytes that a payload of this type may have; 0 for an unknown type. */
    static int minimumLength(int type) {
        return isKnown(type) ? MINIMUM_LENGTHS[type] : 0;
    }
}
