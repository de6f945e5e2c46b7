package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What README and guides show compiles; what it does, {@link DocumentedCodeIT} tries. */
class DocumentedCodeTest {
    static List<DocumentedCode.Block> blocks() throws IOException {
        return DocumentedCode.all();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void codeCompilesWithoutAWarning(DocumentedCode.Block block) throws IOException {
        if (block.kind() == DocumentedCode.Kind.MODULE) {
            InMemoryCompiler.compile("module-info", block.text(),
                    List.of("-Xlint:all", "-Werror", "--module-path", InMemoryCompiler.path()));
        } else {
            DocumentedBlock.compile(block);
        }
    }

    @Test
    void thereAreSuchBlocks() throws IOException {
        assertTrue(blocks().size() >= 15, blocks()::toString);
    }

    @Test
    void codeThatDoesNotCompileIsFound() {
        DocumentedCode.Block wrong = new DocumentedCode.Block("here:1", DocumentedCode.Kind.COMPILES, "xfrm.none();");
        AssertionError failure = assertThrows(AssertionError.class, () -> DocumentedBlock.compile(wrong));
        assertTrue(failure.getMessage().contains("none()"), failure::getMessage);
    }

    /** The dependency that is to be added is the one that is built. */
    @Test
    void theDependencyIsThisOne() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String built = Pattern.compile("<version>(.*?)</version>").matcher(pom).results().findFirst().orElseThrow()
                .group(1);
        for (Path file : List.of(Path.of("../README.md"), Path.of("src/main/java/org/xfrm4j/doc-files/embedding.md"))) {
            List<String> shown = Pattern.compile("<artifactId>xfrm4j-core</artifactId>\\s*<version>(.*?)</version>")
                    .matcher(Files.readString(file)).results().map((MatchResult found) -> found.group(1)).toList();
            assertEquals(List.of(built), shown, file.toString());
        }
    }
}
