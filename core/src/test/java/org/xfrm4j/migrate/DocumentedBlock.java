package org.xfrm4j.migrate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.xfrm4j.Xfrm;

/** A block of code that becomes a class. */
final class DocumentedBlock {
    private static final String NAME = "documented.Block";
    /** What a reader's editor adds by itself. */
    private static final List<String> IMPORTS = List.of("java.nio.file.*", "java.time.*", "java.util.*",
            "java.util.concurrent.*", "java.util.stream.*", "jdk.jfr.*", "jdk.jfr.consumer.*", "org.xfrm4j.*",
            "org.xfrm4j.event.*", "org.xfrm4j.json.*", "org.xfrm4j.migrate.*", "org.xfrm4j.mirror.*",
            "org.xfrm4j.netlink.*", "org.xfrm4j.policy.*", "org.xfrm4j.sa.*");

    private DocumentedBlock() {
    }

    static Map<String, byte[]> compile(DocumentedCode.Block block) throws IOException {
        return InMemoryCompiler.compile("documented/Block", source(block), List.of("-Xlint:all", "-Werror", "-proc:none",
                "-classpath", InMemoryCompiler.path()));
    }

    /** The block is the body of a method. */
    private static String source(DocumentedCode.Block block) {
        StringBuilder source = new StringBuilder("// " + block.place() + "\npackage documented;\n");
        IMPORTS.forEach(name -> source.append("import ").append(name).append(";\n"));
        return source.append("public final class Block extends CodeBlock {\n")
                .append("public Block(Xfrm xfrm, Path folder) { super(xfrm, folder); }\n")
                .append("@Override public void run() throws Exception {\n")
                .append(block.text())
                .append("}\n}\n").toString();
    }

    static void run(DocumentedCode.Block block, Xfrm xfrm, Path folder) throws Exception {
        CodeBlock code = (CodeBlock) InMemoryCompiler.load(compile(block), NAME)
                .getConstructor(Xfrm.class, Path.class).newInstance(xfrm, folder);
        code.run();
    }
}
