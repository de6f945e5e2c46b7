package org.xfrm4j.bench.report;

import java.util.List;
import org.xfrm4j.bench.report.Block.Points;
import org.xfrm4j.bench.report.Block.Text;

/** What must not be read into the figures. */
final class LimitsSection {
    private LimitsSection() {
    }

    static Section section() {
        return new Section("What this does not show", List.of(
                new Text("The figures compare ways of doing the same work in the same kernel and the same run. They "
                        + "do not tell how fast a gateway is."),
                new Points(List.of(
                        "The embedded kernel is a process. A system call takes it some 58 µs, about a hundred times "
                                + "as long as a machine does. Whatever saves system calls gains far more there than "
                                + "elsewhere: its ratios of batches to single messages are not those of a machine.",
                        "The full kernel runs on a processor that qemu emulates. System calls, the kernel's work and "
                                + "ours are all some ten times slower, and keep their proportion only about. Its "
                                + "ratios are nearer to a machine's than the embedded kernel's; its times are "
                                + "nobody's. Emulated code costs by the instruction, not by caches and branches.",
                        "On the host's own kernel stands only what any kernel knows: policies and look-ups, not "
                                + "`XFRM_MSG_MIGRATE_STATE`.",
                        "No SA was offloaded to hardware. There was none, and moving such an SA asks the driver and "
                                + "the card.",
                        "The machine is a virtual one with few cores, which others use as well, and no frequency or "
                                + "core was reserved. So times differ from day to day and from minute to minute: what "
                                + "was measured in turns has ratios that hold all the same, and times that say "
                                + "little. The spread is shown; a ratio within its spread of a target says little.",
                        "No traffic flowed meanwhile. Under load the kernel's locks are shared with packets.",
                        "A blackout is what the library's clock saw between the policies that block and those that "
                                + "let pass, not what a packet met.",
                        "The C twin, and strongSwan's way in it, belong to this project: nobody else has judged them. "
                                + "The way is strongSwan's, its code is not: a daemon does more than the four calls.",
                        "`ip -batch` deletes and adds; what it takes to find out keys and sequence numbers is not "
                                + "counted."))));
    }
}
