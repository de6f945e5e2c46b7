package org.xfrm4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The blocks of README, guides and CONTRIBUTING, which all have a fence. What is typed into a shell is a block of
 * {@code console}: commands behind {@code $}, below each what it prints, in which … is anything. The line before it says
 * whether it is run: {@code <!-- test: run -->} or {@code <!-- test: not run, and why -->}.
 */
final class DocumentedShell {
    static final Path ROOT = Path.of("..");
    private static final String FENCE = "```";
    private static final Pattern MARKER = Pattern.compile("<!-- test: (run|not run, [^ ].*) -->");

    /**
     * A block between fences.
     *
     * @param place file and line
     * @param language what stands behind the first fence
     * @param before the line before that
     */
    record Block(String place, String language, String before, List<String> lines) {
        boolean isShell() {
            return language.equals("console");
        }

        /** Whether the commands are run; an error where that is not told, or not why not. */
        boolean isRun() {
            Matcher said = MARKER.matcher(before);
            if (!said.matches()) {
                throw new AssertionError(place + ": the line before says neither that it is run nor why not");
            }
            return said.group(1).equals("run");
        }

        List<Command> commands() {
            List<Command> commands = new ArrayList<>();
            for (int i = 0; i < lines.size(); ) {
                String line = lines.get(i);
                if (!line.startsWith("$ ")) {
                    throw new AssertionError(place + ": no command before " + line);
                }
                StringBuilder words = new StringBuilder(line.substring(2));
                for (i++; words.toString().endsWith("\\"); i++) {
                    words.append('\n').append(lines.get(i));
                }
                List<String> printed = new ArrayList<>();
                for (; i < lines.size() && !lines.get(i).startsWith("$ "); i++) {
                    printed.add(lines.get(i));
                }
                commands.add(new Command(words.toString(), printed));
            }
            return commands;
        }

        @Override
        public String toString() {
            return place;
        }
    }

    /**
     * A command of a block.
     *
     * @param words what is typed
     * @param printed the lines below it
     */
    record Command(String words, List<String> printed) {
        /**
         * Whether it is that which was printed, be blanks more or fewer. A line that is … alone stands for any number of
         * lines.
         */
        boolean prints(String output) {
            StringBuilder pattern = new StringBuilder();
            for (String line : printed) {
                pattern.append(line.equals("…") ? "(?:.*\n)*" : quoted(line) + "\n");
            }
            String plain = output.lines().map(line -> plain(line) + "\n").collect(Collectors.joining());
            return plain.matches(pattern.toString());
        }

        private static String quoted(String line) {
            return String.join(".*", Stream.of(plain(line).split("…", -1)).map(Pattern::quote).toList());
        }

        private static String plain(String line) {
            return line.strip().replaceAll("[ \t]+", " ");
        }
    }

    private DocumentedShell() {
    }

    static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
        try (var guides = Files.newDirectoryStream(Path.of("src/main/java/org/xfrm4j/doc-files"), "*.md")) {
            guides.forEach(files::add);
        }
        return files;
    }

    static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path file : files()) {
            blocks.addAll(blocks(file.getFileName().toString(), Files.readAllLines(file)));
        }
        return blocks;
    }

    static List<Block> blocks(String file, List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String before = i == 0 ? "" : lines.get(i - 1).strip();
            if (line.strip().startsWith(FENCE)) {
                String place = file + ":" + (i + 1);
                int indent = line.indexOf(FENCE);
                List<String> inside = new ArrayList<>();
                for (i++; !lines.get(i).strip().equals(FENCE); i++) {
                    inside.add(lines.get(i).substring(Math.min(indent, lines.get(i).length())));
                }
                blocks.add(new Block(place, line.strip().substring(FENCE.length()), before, inside));
            } else if (line.startsWith("    ") && before.isEmpty()) {
                throw new AssertionError(file + ":" + (i + 1) + ": a block without a fence, which no test knows");
            }
        }
        return blocks;
    }
}
