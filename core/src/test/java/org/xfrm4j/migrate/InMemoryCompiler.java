package org.xfrm4j.migrate;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles a source in memory, against what the tests run with, and loads it. */
final class InMemoryCompiler {
    private InMemoryCompiler() {
    }

    /** The library and what it needs, the tests, and their libraries. */
    static String path() {
        return String.join(File.pathSeparator, "target/classes", "target/test-classes",
                System.getProperty("jdk.module.path", ""), System.getProperty("java.class.path", ""));
    }

    /**
     * Compiles.
     *
     * @return classes by name
     * @throws AssertionError with all that the compiler says, if it says anything
     */
    static Map<String, byte[]> compile(String name, String source, List<String> options) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter words = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Memory memory = new Memory(files)) {
            boolean compiled = compiler.getTask(words, memory, null, options, null, List.of(new Source(name, source)))
                    .call();
            if (!compiled || !words.toString().isEmpty()) {
                throw new AssertionError(words + source);
            }
            Map<String, byte[]> classes = new HashMap<>();
            memory.outputs.forEach((className, bytes) -> classes.put(className, bytes.toByteArray()));
            return classes;
        }
    }

    /** Loads classes into a loader of their own. */
    static Class<?> load(Map<String, byte[]> classes, String name) throws ClassNotFoundException {
        return new ClassLoader(InMemoryCompiler.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String wanted) throws ClassNotFoundException {
                byte[] bytes = classes.get(wanted);
                if (bytes == null) {
                    throw new ClassNotFoundException(wanted);
                }
                return defineClass(wanted, bytes, 0, bytes.length);
            }
        }.loadClass(name);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("memory:///" + name + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> outputs = new HashMap<>();

        Memory(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(Location location, String className, JavaFileObject.Kind kind,
                                                   FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + className + kind.extension), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return outputs.computeIfAbsent(className, name -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
