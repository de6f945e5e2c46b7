package org.xfrm4j;

/** Whether this kernel moves SAs by XFRM_MSG_MIGRATE_STATE for this process, as it answered itself. */
public enum MigrateSupport {
    /** It does. */
    SUPPORTED("XFRM_MSG_MIGRATE_STATE is supported"),
    /** The kernel does not know the message: it is older than Linux 7.2. */
    OLD_KERNEL("this kernel does not know XFRM_MSG_MIGRATE_STATE (Linux 7.2 or newer does)"),
    /** The kernel was built without CONFIG_XFRM_MIGRATE. */
    CONFIG_OFF("this kernel was built without CONFIG_XFRM_MIGRATE"),
    /** The process lacks CAP_NET_ADMIN in its network namespace. */
    NO_PERMISSION("CAP_NET_ADMIN in this network namespace is needed"),
    /** A 32-bit process, and the kernel has no translator for it. */
    COMPAT_TASK("a 32-bit process cannot use XFRM on this kernel");

    private final String reason;

    MigrateSupport(String reason) {
        this.reason = reason;
    }

    /** {@return the state of things in a sentence's words} */
    public String reason() {
        return reason;
    }
}
