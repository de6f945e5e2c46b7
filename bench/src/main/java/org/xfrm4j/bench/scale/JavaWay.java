package org.xfrm4j.bench.scale;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * This library, by {@link Ours} in a JVM of its own.
 *
 * @param name what it is called
 * @param command what {@link Ours} is to do
 * @param heapMegabytes the heap's limit, for no SA
 * @param heapBytesOfSa what is added to it for each
 * @param options more of the JVM's options
 */
record JavaWay(String name, String command, int heapMegabytes, int heapBytesOfSa, List<String> options)
        implements Way {
    /** In a heap of 32 MiB, however many SAs there are. */
    static final JavaWay STREAM = new JavaWay("xfrm4j-stream", "stream", 32, 0, List.of());
    static final JavaWay ENGINE_SAS = new JavaWay("xfrm4j-engine-sas", "engine-sas", 64, 512, List.of());
    static final JavaWay ENGINE = new JavaWay("xfrm4j-engine", "engine", 64, 512, List.of());

    /** Each in several network namespaces at the same time. */
    static final JavaWay NAMESPACES = new JavaWay(STREAM.name, "namespaces", 64, 0, CompilerTime.JVM_OPTIONS);
    static final JavaWay NAMESPACE_ENGINES =
            new JavaWay(ENGINE.name, "namespace-engines", 128, 0, CompilerTime.JVM_OPTIONS);

    @Override
    public int most() {
        return Integer.MAX_VALUE;
    }

    @Override
    public int mostRounds() {
        return 400;
    }

    @Override
    public List<Result> run(Shape shape, int sas, int rounds) throws IOException, InterruptedException {
        return run(shape, sas, List.of(Integer.toString(rounds)));
    }

    List<Result> run(Shape shape, int sas, List<String> more) throws IOException, InterruptedException {
        int heap = heapMegabytes + (int) ((long) heapBytesOfSa * sas >> 20);
        List<String> line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap + "m", "-XX:+UseSerialGC", "--enable-native-access=org.xfrm4j.core",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-p", System.getProperty("jdk.module.path")));
        line.addAll(options);
        line.addAll(List.of("-m", "org.xfrm4j.bench/" + Ours.class.getName(), command, shape.name(),
                Integer.toString(sas)));
        line.addAll(more);
        return Child.run(line).stream().map(Result::parse).toList();
    }
}
