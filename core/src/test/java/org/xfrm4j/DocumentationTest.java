package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** The javadoc tool finds what is wrong in a comment; this, where there is none. */
class DocumentationTest {
    private static final Path SOURCES = Path.of("src/main/java");

    private final List<String> silent = new ArrayList<>();
    private int looked;

    @Test
    void allThatIsPublicSaysWhatItIs() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Path> files;
        try (Stream<Path> found = Files.walk(SOURCES)) {
            files = found.filter(file -> file.toString().endsWith(".java")).toList();
        }
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(null, manager, null, null, null,
                    manager.getJavaFileObjectsFromPaths(files));
            for (CompilationUnitTree file : task.parse()) {
                new Reader(DocTrees.instance(task), file).scan(file, null);
            }
        }
        assertTrue(looked > 1000, "public things found: " + looked);
        assertEquals(List.of(), silent);
    }

    /** Reads a file, and of a type only what is public. */
    private final class Reader extends TreePathScanner<Void, Void> {
        private final DocTrees comments;
        private final String file;

        Reader(DocTrees comments, CompilationUnitTree file) {
            this.comments = comments;
            this.file = SOURCES.toAbsolutePath().toUri().relativize(file.getSourceFile().toUri()).getPath();
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            if (isPublic(type.getModifiers())) {
                look(type.getSimpleName().toString());
                return super.visitClass(type, nothing);
            }
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            boolean overrides = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
            if (isPublic(method.getModifiers()) && !overrides) {
                look(method.getName() + "(…)");
            }
            return null;
        }

        @Override
        public Void visitVariable(VariableTree field, Void nothing) {
            if (isPublic(field.getModifiers())) {
                look(field.getName().toString());
            }
            return null;
        }

        private boolean isPublic(ModifiersTree modifiers) {
            Set<Modifier> flags = modifiers.getFlags();
            boolean ofInterface = getCurrentPath().getParentPath().getLeaf() instanceof ClassTree type
                    && type.getKind() == Tree.Kind.INTERFACE && !flags.contains(Modifier.PRIVATE);
            return ofInterface || flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
        }

        private void look(String name) {
            looked++;
            if (comments.getDocComment(getCurrentPath()) == null) {
                silent.add(file + ": " + name);
            }
        }
    }
}
