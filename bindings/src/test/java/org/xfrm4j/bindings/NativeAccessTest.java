package org.xfrm4j.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who uses the bindings need not give them native access: they make no restricted call. */
class NativeAccessTest {

    @BeforeAll
    static void javaCanDenyNativeAccess() {
        assumeTrue(Runtime.version().feature() >= 24, "Java " + Runtime.version().feature()
                + " has neither --illegal-native-access nor jnativescan: they came with 24");
    }

    @Test
    void everyClassInitialisesWhereNativeAccessIsDenied() throws Exception {
        Process java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--illegal-native-access=deny",
                "--module-path", Bindings.folder().toString(),
                "--add-modules", "org.xfrm4j.bindings",
                "--class-path", testClasses().toString(),
                "org.xfrm4j.check.InitialiseBindings")
                .redirectErrorStream(true).start();
        java.getOutputStream().close();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, java.waitFor(), output);
        assertEquals(Bindings.classes().size() + " classes initialised\n", output);
    }

    /** The methods too, not only what runs when a class is loaded. */
    @Test
    void noMethodMakesARestrictedCall() {
        ToolProvider scan = ToolProvider.findFirst("jnativescan").orElseThrow();
        StringWriter output = new StringWriter();
        PrintWriter writer = new PrintWriter(output, true);
        int status = scan.run(writer, writer, "--module-path", Bindings.folder().toString(),
                "--add-modules", "org.xfrm4j.bindings", "--release", "" + Runtime.version().feature());
        assertEquals(0, status, output.toString());
        assertTrue(output.toString().contains("<no restricted methods>"), output.toString());
    }

    private static Path testClasses() {
        return Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("target/test-classes");
    }
}
