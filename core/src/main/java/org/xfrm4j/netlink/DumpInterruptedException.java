package org.xfrm4j.netlink;

/**
 * What was dumped changed while the kernel wrote it (NLM_F_DUMP_INTR), so that entries may be missing or stand twice:
 * the dump has to be taken again.
 */
public final class DumpInterruptedException extends NetlinkException {
    private static final long serialVersionUID = 1L;

    DumpInterruptedException() {
        super("the dump is inconsistent: its subject changed while the kernel wrote it (NLM_F_DUMP_INTR)", 0);
    }
}
