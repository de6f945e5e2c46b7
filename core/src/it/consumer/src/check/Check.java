import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs the consumer on the class path and on the module path; with native access granted, not granted, and denied; and
 * looks at what a user then sees. Its argument is the folder that Maven built into.
 */
public final class Check {
    private static final String JACKSON = "json: JSON needs tools.jackson.core:jackson-core, an optional dependency";

    private final Path target;
    private final List<String> failures = new ArrayList<>();

    private Check(Path target) {
        this.target = target;
    }

    public static void main(String[] args) throws Exception {
        Check check = new Check(Path.of(args[0]));
        check.run();
        if (!check.failures.isEmpty()) {
            check.failures.forEach(System.err::println);
            System.exit(1);
        }
        System.out.println("works on the class path and on the module path, and names the flag where it is missing");
    }

    private void run() throws Exception {
        dependencies();
        String classes = target.resolve("classes").toString();
        String jars = target.resolve("dependencies").toString();
        String classPath = classes + File.pathSeparator + jars + File.separator + "*";
        each("class path", "ALL-UNNAMED", List.of("--class-path", classPath, "consumer.Main"));
        each("module path", "org.xfrm4j.core",
                List.of("--module-path", classes + File.pathSeparator + jars, "--module", "consumer/consumer.Main"));
    }

    /** The library brings slf4j-api and its own bindings, and nothing else. */
    private void dependencies() throws IOException {
        try (Stream<Path> files = Files.list(target.resolve("dependencies"))) {
            Set<String> names = files.map(file -> file.getFileName().toString().replaceFirst("-[0-9].*", ""))
                    .collect(Collectors.toSet());
            Set<String> expected = Set.of("xfrm4j-core", "xfrm4j-bindings", "slf4j-api");
            expect("dependencies", names.toString(), names.equals(expected), expected.toString());
        }
    }

    private void each(String path, String module, List<String> program) throws Exception {
        String flag = "--enable-native-access=" + module;
        String granted = java(List.of(flag), program);
        expect(path + ", granted", granted, granted.contains("opened") && !granted.contains("WARNING: "),
                "to open without a warning");
        expect(path + ", granted", granted, granted.contains(JACKSON), "a word about Jackson");
        if (Runtime.version().feature() >= 24) {
            // Java names the flag itself, and goes on.
            String silent = java(List.of(), program);
            expect(path + ", not granted", silent, silent.contains("opened") && silent.contains(flag),
                    "to open, and Java's warning with " + flag);
            String denied = java(List.of("--illegal-native-access=deny"), program);
            expect(path + ", denied", denied, denied.contains("native access: ") && denied.contains(flag)
                    && !denied.contains("opened"), "the library's word with " + flag);
        }
    }

    private String java(List<String> options, List<String> program) throws Exception {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        command.addAll(options);
        command.addAll(program);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        int status = process.waitFor();
        return status == 0 ? output : output + "\nexit status " + status + " of " + command;
    }

    private void expect(String what, String found, boolean fulfilled, String expected) {
        if (!fulfilled) {
            failures.add(what + ": expected " + expected + ", found:\n" + found);
        }
    }
}
