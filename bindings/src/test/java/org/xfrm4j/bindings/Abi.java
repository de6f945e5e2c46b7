package org.xfrm4j.bindings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * What the system's C compiler says of the symbols in {@code headers/symbols}, by a program that prints it.
 *
 * <p>The program is written from the header and the list alone: neither jextract nor the bindings have a say in it.
 */
final class Abi {

    /** Where a check cannot be made on this machine, and why. */
    @SuppressWarnings("serial")
    static final class Unavailable extends Exception {
        Unavailable(String why) {
            super(why);
        }
    }

    /** Sizes, offsets and alignments in bytes. */
    record Type(String name, long size, long alignment, Map<String, Field> fields) {
    }

    /** @param count of elements; −1 for what is no array, 0 for a flexible array, whose size is 0 too */
    record Field(String name, long offset, long size, long alignment, long elementSize, long count) {
    }

    /** @param size of its type, in bytes */
    record Constant(String name, long value, int size) {
    }

    /** By the binding class's name, {@code in6_addr$in6_u} for one written out inside of another. */
    final Map<String, Type> types = new LinkedHashMap<>();
    final Map<String, Constant> constants = new LinkedHashMap<>();
    /** All that linux/xfrm.h declares, in whatever kind. */
    final Set<String> xfrmHeader;
    final String compiler;
    /** The version of the headers. */
    String kernel = "of no version";

    /** The version of the headers that the bindings were made from. */
    final String boundKernel;

    private final CHeader header;

    static Abi ask() throws IOException, InterruptedException, Unavailable {
        Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        return new Abi(module.resolveSibling("headers"), module.resolve("target/abi"));
    }

    private Abi(Path headers, Path work) throws IOException, InterruptedException, Unavailable {
        Files.createDirectories(work);
        List<String> include = new ArrayList<>();
        for (String folder : run(work, headers.resolve("fetch").toString()).lines().toList()) {
            include.add("-I" + folder);
        }
        compiler = compiler(work);
        boundKernel = boundKernel();

        Path umbrella = headers.resolve("xfrm4j.h");
        header = CHeader.parse(cc(work, include, "-E", "-dD", umbrella.toString()));
        xfrmHeader = header.namesIn("linux/xfrm.h");

        Path program = work.resolve("abi.c");
        Files.writeString(program, program(umbrella, Symbols.read(headers.resolve("symbols"))));
        Path executable = work.resolve("abi");
        cc(work, include, "-std=gnu11", "-Wall", "-Werror", "-o", executable.toString(), program.toString());
        mustRun(work, executable.toString()).lines().forEach(this::line);
    }

    private static String boundKernel() throws IOException {
        Path provenance = Path.of(System.getProperty("basedir", ""), "src/generated/PROVENANCE");
        return Files.readAllLines(provenance).stream()
                .filter(line -> line.startsWith("kernel headers"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst().orElseThrow();
    }

    /**
     * Whether the headers are of a later release (7.3 after 7.2) than those that were bound. Then the kernel may have
     * added to them; what it had before, it cannot have changed.
     */
    boolean isNewerThanBound() {
        return release(kernel) > release(boundKernel);
    }

    private static int release(String version) {
        String[] numbers = version.split("\\.");
        return Integer.parseInt(numbers[0]) * 1000 + Integer.parseInt(numbers[1]);
    }

    private String program(Path umbrella, Symbols symbols) {
        StringBuilder c = new StringBuilder();
        c.append("#include \"").append(umbrella).append("\"\n");
        c.append("""
                #include <linux/version.h>
                #include <stddef.h>
                #include <stdio.h>

                #define TYPE(name, T) \\
                    printf("type %s %zu %zu\\n", name, sizeof(T), _Alignof(T))
                #define FIELD(name, T, m, element, size, count) \\
                    printf("field %s %s %zu %zu %zu %zu %ld\\n", name, #m, offsetof(T, m), (size_t) (size), \\
                        _Alignof(__typeof__(element)), sizeof(element), (long) (count))
                #define SCALAR(name, T, m) \\
                    FIELD(name, T, m, ((T *) 0)->m, sizeof(((T *) 0)->m), -1)
                #define ARRAY(name, T, m) \\
                    FIELD(name, T, m, ((T *) 0)->m[0], sizeof(((T *) 0)->m), \\
                        sizeof(((T *) 0)->m) / sizeof(((T *) 0)->m[0]))
                #define FLEXIBLE(name, T, m) \\
                    FIELD(name, T, m, ((T *) 0)->m[0], 0, 0)
                #define CONSTANT(name) \\
                    printf("constant %s %lld %zu\\n", #name, (long long) (name), sizeof(name))

                int main(void) {
                    printf("kernel %d.%d.%d\\n",
                        LINUX_VERSION_MAJOR, LINUX_VERSION_PATCHLEVEL, LINUX_VERSION_SUBLEVEL);
                """);
        for (String name : symbols.types()) {
            CHeader.Aggregate aggregate = header.aggregate(name);
            if (aggregate == null) {
                throw new AssertionError("headers/symbols: no struct or union " + name + " in the headers");
            }
            aggregate(c, name, aggregate.type(), aggregate);
        }
        for (String name : symbols.constants()) {
            c.append("    CONSTANT(").append(name).append(");\n");
        }
        return c.append("    return 0;\n}\n").toString();
    }

    private static void aggregate(StringBuilder c, String name, String type, CHeader.Aggregate aggregate) {
        c.append("    TYPE(\"%s\", %s);\n".formatted(name, type));
        for (CHeader.Member member : aggregate.members()) {
            if (member.dimensions() > 1) {
                throw new AssertionError(name + "." + member.name() + ": arrays of arrays are not understood here");
            }
            String kind = member.flexible() ? "FLEXIBLE" : member.dimensions() == 1 ? "ARRAY" : "SCALAR";
            c.append("    %s(\"%s\", %s, %s);\n".formatted(kind, name, type, member.name()));
        }
        for (CHeader.Member member : aggregate.members()) {
            if (member.aggregate() != null) {
                String inner = "__typeof__(((%s *) 0)->%s)".formatted(type, member.name());
                aggregate(c, name + "$" + member.name(), inner, member.aggregate());
            }
        }
    }

    private void line(String line) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "kernel" -> kernel = words[1];
            case "type" -> types.put(words[1],
                    new Type(words[1], number(words[2]), number(words[3]), new LinkedHashMap<>()));
            case "field" -> types.get(words[1]).fields().put(words[2],
                    new Field(words[2], number(words[3]), number(words[4]), number(words[5]), number(words[6]),
                            number(words[7])));
            case "constant" -> constants.put(words[1],
                    new Constant(words[1], number(words[2]), (int) number(words[3])));
            default -> throw new AssertionError("not understood: " + line);
        }
    }

    private static long number(String word) {
        return Long.parseLong(word);
    }

    private static String compiler(Path work) throws InterruptedException, Unavailable {
        String chosen = System.getenv("CC");
        List<String> candidates = chosen == null || chosen.isBlank() ? List.of("cc", "gcc", "clang") : List.of(chosen);
        Predicate<String> runs = candidate -> {
            try {
                run(work, candidate, "--version");
                return true;
            } catch (Unavailable | IOException | AssertionError _) {
                return false;
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return false;
            }
        };
        return candidates.stream().filter(runs).findFirst()
                .orElseThrow(() -> new Unavailable("no C compiler: " + candidates + " cannot be run"));
    }

    private String cc(Path work, List<String> include, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(compiler);
        command.addAll(include);
        command.addAll(List.of(arguments));
        return mustRun(work, command.toArray(String[]::new));
    }

    /** For what is there: that it fails is a finding, and no reason to skip. */
    private static String mustRun(Path work, String... command) throws IOException, InterruptedException {
        try {
            return run(work, command);
        } catch (Unavailable e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    private static String run(Path work, String... command) throws IOException, InterruptedException, Unavailable {
        Path error = Files.createTempFile(work, "stderr", ".txt");
        try {
            Process process;
            try {
                process = new ProcessBuilder(command).redirectError(error.toFile()).start();
            } catch (IOException e) {
                throw new Unavailable(e.getMessage());
            }
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(10, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " does not end");
            }
            if (process.exitValue() != 0) {
                throw new Unavailable("%s: exit status %d%n%s".formatted(
                        String.join(" ", command), process.exitValue(), Files.readString(error)));
            }
            return output;
        } finally {
            Files.delete(error);
        }
    }
}
