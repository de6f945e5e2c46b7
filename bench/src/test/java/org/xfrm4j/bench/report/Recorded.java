package org.xfrm4j.bench.report;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Results in the form that {@code bench/jmh} and {@code bench/scale} recorded, cut down to a few and given round
 * figures, so
 * that what must come of them can be seen.
 */
final class Recorded {
    private Recorded() {
    }

    static Path folder() throws URISyntaxException {
        return Path.of(Recorded.class.getResource("results").toURI());
    }

    static Results results() throws IOException, URISyntaxException {
        return ResultsReader.read(folder());
    }

    /** A copy to be changed. */
    static Path copyTo(Path to) throws IOException, URISyntaxException {
        Path from = folder();
        List<Path> all;
        try (Stream<Path> files = Files.walk(from)) {
            all = files.filter(Files::isRegularFile).toList();
        }
        for (Path file : all) {
            Path copy = to.resolve(from.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
        return to;
    }
}
