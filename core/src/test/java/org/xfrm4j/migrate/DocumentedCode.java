package org.xfrm4j.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.xfrm4j.sa.IpAddress;

/**
 * The code blocks of README and guides. A comment before each says what it does, and so how it is tested: {@code <!-- test:
 * moved -->}.
 */
final class DocumentedCode {
    /** The addresses that the documentation's gateway has. */
    static final IpAddress BEFORE = IpAddress.parse("192.0.2.1");
    static final IpAddress AFTER = IpAddress.parse("203.0.113.1");
    static final MoveRule RULE = TestGateway.rule(BEFORE, AFTER);

    private static final Path GUIDES = Path.of("src/main/java/org/xfrm4j/doc-files");
    private static final String MARKER = "<!-- test: ";

    /** How a block is tested. */
    enum Kind {
        /** Compiled alone: it needs what a test does not have. */
        COMPILES,
        /** A module's declaration: compiled alone. */
        MODULE,
        /** Run; all is as it was. */
        UNTOUCHED,
        /** Run; all SAs of the gateway have moved, and all policies with them. */
        MOVED,
        /** Run; SAs that go out have moved. */
        OUTGOING
    }

    /**
     * A code block.
     *
     * @param place file and line
     * @param text its lines, without what a list has before them
     */
    record Block(String place, Kind kind, String text) {
        @Override
        public String toString() {
            return place;
        }
    }

    private DocumentedCode() {
    }

    static List<Block> all() throws IOException {
        List<Block> blocks = new ArrayList<>(blocks(Path.of("../README.md")));
        try (var guides = Files.newDirectoryStream(GUIDES, "*.md")) {
            for (Path guide : guides) {
                blocks.addAll(blocks(guide));
            }
        }
        return blocks;
    }

    private static List<Block> blocks(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().equals("```java")) {
                String place = file.getFileName() + ":" + (i + 1);
                String indent = lines.get(i).substring(0, lines.get(i).indexOf('`'));
                StringBuilder text = new StringBuilder();
                Kind kind = kind(place, i == 0 ? "" : lines.get(i - 1).strip());
                for (i++; !lines.get(i).strip().equals("```"); i++) {
                    text.append(lines.get(i).startsWith(indent) ? lines.get(i).substring(indent.length()) : "")
                            .append('\n');
                }
                blocks.add(new Block(place, kind, text.toString()));
            }
        }
        return blocks;
    }

    private static Kind kind(String place, String comment) {
        if (!comment.startsWith(MARKER)) {
            throw new AssertionError(place + ": the line before does not say how the code is tested");
        }
        String word = comment.substring(MARKER.length(), comment.indexOf(" -->"));
        return Kind.valueOf(word.toUpperCase(Locale.ROOT));
    }
}
