package org.xfrm4j.check;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.module.ModuleReader;
import java.util.List;

/**
 * Initialises every class of the bindings. A program of its own, because only a JVM started with
 * {@code --illegal-native-access=deny} tells whether that needs native access.
 */
public final class InitialiseBindings {

    private InitialiseBindings() {
    }

    public static void main(String[] arguments) throws IOException, ClassNotFoundException {
        Module module = ModuleLayer.boot().findModule("org.xfrm4j.bindings").orElseThrow();
        List<String> classes;
        try (ModuleReader reader = ModuleLayer.boot().configuration().findModule(module.getName()).orElseThrow()
                .reference().open()) {
            classes = reader.list()
                    .filter(file -> file.endsWith(".class") && !file.equals("module-info.class"))
                    .map(file -> file.replace(".class", "").replace('/', '.'))
                    .toList();
        }
        for (String name : classes) {
            Class.forName(name, true, module.getClassLoader());
        }
        restrictedCallsAreRefused();
        System.out.println(classes.size() + " classes initialised");
    }

    /** Without this the program would prove nothing. */
    @SuppressWarnings("restricted")
    private static void restrictedCallsAreRefused() {
        try {
            MemorySegment.NULL.reinterpret(1);
        } catch (IllegalCallerException _) {
            return;
        }
        throw new IllegalStateException("this JVM does not deny native access");
    }
}
