package org.xfrm4j.bindings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code headers/symbols} asks for.
 *
 * @param types structs and unions, by tag or typedef
 */
record Symbols(List<String> types, List<String> constants) {

    static Symbols read(Path file) throws IOException {
        Symbols symbols = new Symbols(new ArrayList<>(), new ArrayList<>());
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split(" ");
            switch (words[0]) {
                case "--include-struct", "--include-union", "--include-typedef" -> symbols.types.add(words[1]);
                case "--include-constant" -> symbols.constants.add(words[1]);
                default -> throw new AssertionError("headers/symbols: not understood: " + line);
            }
        }
        return symbols;
    }
}
