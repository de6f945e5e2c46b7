package org.xfrm4j.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemarksTest {
    private static final String ENCODE = "encode a bare MIGRATE_STATE message: time to C's";
    private static final String DUMP = "from a dump to a batch without a copy, per SA: time to C's";
    private static final String ENGINE = "engine (plan, policies, journal, verification), per SA: time to the raw "
            + "batch path's";

    @TempDir
    Path folder;

    private Remarks read(String text) throws IOException {
        Files.writeString(folder.resolve(Remarks.FILE), text);
        return Remarks.read(folder);
    }

    private static Target target(String what, String where) throws Exception {
        return Targets.of(Recorded.results()).stream()
                .filter(target -> target.what().equals(what) && target.where().equals(where)).findFirst().orElseThrow();
    }

    @Test
    void standBelowTheTargetsName() throws Exception {
        Remarks remarks = read("# Why\n\nFor people.\n\n## " + DUMP + "\n\nIt reads\neach byte.\n\nTwice.\n\n## "
                + ENGINE + " (the full kernel, emulated, 100,000 SAs)\n\nIt thinks.\n");

        assertEquals(Optional.of("It reads each byte. Twice."), remarks.of(target(DUMP, "memory only")));
        assertEquals(Optional.of("It thinks."), remarks.of(target(ENGINE, "the full kernel, emulated, 100,000 SAs")));
        assertEquals(Optional.empty(), remarks.of(target(ENGINE, "the embedded kernel, 100,000 SAs")));
    }

    @Test
    void areNoneWhereThereIsNoFile() throws Exception {
        assertEquals(Remarks.NONE, Remarks.read(folder));
    }

    @Test
    void areOutOfDateWhenTheTargetIsReached() throws Exception {
        List<Target> targets = Targets.of(Recorded.results());
        List<String> without = Remarks.NONE.misfits(targets);

        List<String> misfits = new Remarks(Map.of(ENCODE, "Slow.")).misfits(targets);

        assertEquals("is reached, so the remark on it is out of date: " + ENCODE, misfits.getFirst());
        assertEquals(without, misfits.subList(1, misfits.size()));
    }

    @Test
    void areWantedForEachTargetThatIsMissed() throws Exception {
        String wanted = "is missed, and no remark says why: " + DUMP + " (memory only)";
        List<Target> targets = Targets.of(Recorded.results());

        assertEquals(1, Remarks.NONE.misfits(targets).stream().filter(wanted::equals).count());
        assertEquals(0, new Remarks(Map.of(DUMP, "Slow.")).misfits(targets).stream().filter(wanted::equals).count());
    }

    @Test
    void mayBeOnWhatIsNotMeasured() throws Exception {
        List<Target> targets = Targets.of(Recorded.results());

        assertEquals(Remarks.NONE.misfits(targets), new Remarks(Map.of(
                ENGINE + " (the full kernel, emulated, 100,000 SAs)", "Slow.")).misfits(targets));
    }

    @Test
    void areRefusedWhereTheyNameNoTargetOrSayNothing() throws Exception {
        List<Target> targets = Targets.of(Recorded.results());

        assertEquals("remarks.md: there is no target \"encode\"", assertThrows(IOException.class,
                () -> new Remarks(Map.of("encode", "Slow.")).misfits(targets)).getMessage());
        assertEquals(folder.resolve("remarks.md") + ": nothing is said about \"" + DUMP + "\"",
                assertThrows(IOException.class, () -> read("## " + DUMP + "\n\n## " + ENCODE + "\n\nSlow.\n"))
                        .getMessage());
        assertEquals(folder.resolve("remarks.md") + ": there are two remarks on \"" + DUMP + "\"",
                assertThrows(IOException.class, () -> read("## " + DUMP + "\nSlow.\n## " + DUMP + "\nOld.\n"))
                        .getMessage());
    }

    /** Each that is committed names a target that there is. */
    @Test
    void ofTheCommittedResultsNameTargets() throws Exception {
        Path committed = Path.of("results").toAbsolutePath();

        Remarks.read(committed).misfits(Targets.of(ResultsReader.read(committed)));
    }
}
