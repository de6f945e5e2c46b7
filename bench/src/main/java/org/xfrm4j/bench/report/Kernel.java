package org.xfrm4j.bench.report;

import java.util.Locale;

/** The kinds of kernel that are measured on. What a system call costs beside the kernel's work differs between them. */
enum Kernel {
    /** The running kernel of the machine, whatever it is. */
    HOST("the host's own kernel"),
    /** User-mode Linux: a process, in which system calls are dear. */
    EMBEDDED("the embedded kernel"),
    /** A whole machine that qemu emulates. */
    FULL("the full kernel, emulated"),
    /** Nothing says which. */
    UNKNOWN("an unknown kernel");

    private final String text;

    Kernel(String text) {
        this.text = text;
    }

    /** Told by the processor that the kernel believes to run on, as {@code /proc/cpuinfo} names it. */
    static Kernel ofProcessor(String processor) {
        String name = processor.toLowerCase(Locale.ROOT);
        if (name.equals("uml") || name.contains("user mode linux")) {
            return EMBEDDED;
        }
        return name.contains("qemu") ? FULL : HOST;
    }

    @Override
    public String toString() {
        return text;
    }
}
