package org.xfrm4j;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program that has run to its end, and what it printed: by way of a file, not of a pipe. The JDK closes its end of the
 * pipe as soon as the process has ended, whether somebody reads from it or not, and whoever does gets "Bad file
 * descriptor" now and then (seen in the embedded kernel), or reads from what has the same number by then.
 *
 * @param status its exit status
 * @param output what it printed to standard output, and to standard error where the builder puts the two together
 */
public record Finished(int status, String output) {
    /** Runs a program without input. */
    public static Finished of(ProcessBuilder builder) throws IOException, InterruptedException {
        return of(builder, "");
    }

    /** Runs a program that reads this. */
    public static Finished of(ProcessBuilder builder, String input) throws IOException, InterruptedException {
        Path file = Files.createTempFile("printed", ".txt");
        try {
            Process process = builder.redirectOutput(file.toFile()).start();
            try (OutputStream to = process.getOutputStream()) {
                to.write(input.getBytes(StandardCharsets.UTF_8));
            }
            int status = process.waitFor();
            return new Finished(status, Files.readString(file));
        } finally {
            Files.delete(file);
        }
    }
}
