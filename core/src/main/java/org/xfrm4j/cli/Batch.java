package org.xfrm4j.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the commands of a file, one a line: words between blanks; with blanks in it in quotes; what stands behind # is a
 * remark.
 */
final class Batch {
    private final OutputStream out;
    private final OutputStream err;
    private final boolean force;

    Batch(OutputStream out, OutputStream err, boolean force) {
        this.out = out;
        this.err = err;
        this.force = force;
    }

    /** Returns the status of the first command that failed; 0 where none did. */
    int run(String file) throws IOException {
        try (BufferedReader lines = file.equals("-")
                ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                : Files.newBufferedReader(Path.of(file))) {
            int first = ExitStatus.DONE;
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                List<String> words = words(line);
                int status = words.isEmpty() ? ExitStatus.DONE : Main.run(out, err, words.toArray(String[]::new));
                if (status != ExitStatus.DONE) {
                    tell(file + ":" + number + ": status " + status);
                    first = first == ExitStatus.DONE ? status : first;
                    // An interruption is meant for the rest as well.
                    if (!force || status == ExitStatus.INTERRUPTED) {
                        return first;
                    }
                }
            }
            return first;
        }
    }

    private void tell(String what) {
        PrintWriter writer = new PrintWriter(err, true, StandardCharsets.UTF_8);
        writer.println("xfrm4j: " + what);
    }

    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (char c : line.toCharArray()) {
            boolean blank = c == ' ' || c == '\t';
            if (quote != 0 && c == quote) {
                quote = 0;
            } else if (quote == 0 && word == null && c == '#') {
                break;
            } else if (quote == 0 && blank) {
                if (word != null) {
                    words.add(word.toString());
                }
                word = null;
            } else {
                word = word == null ? new StringBuilder() : word;
                if (quote == 0 && (c == '"' || c == '\'')) {
                    quote = c;
                } else {
                    word.append(c);
                }
            }
        }
        if (quote != 0) {
            throw new UsageException("a quotation mark " + quote + " has no second one: " + line);
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }
}
