package org.xfrm4j.bench.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Takes the folders of the machine out of what was written, so that it can be published: they say nothing of the
 * figures. Of an absolute path the last name is left.
 */
final class MachinePaths {
    /** Not the second half of "ns/op", of "bench/jmh" or of an address of the web. */
    private static final Pattern ABSOLUTE = Pattern.compile("(?<![\\w./-])/(?:[\\w.+@~-]+/)*([\\w.+@~-]+)/?");

    private MachinePaths() {
    }

    static String takenOutOf(String text) {
        return ABSOLUTE.matcher(text).replaceAll("$1");
    }

    /** Rewrites a file. */
    static void takeOutOf(Path file) throws IOException {
        Files.writeString(file, takenOutOf(Files.readString(file)));
    }
}
