import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.MethodTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Gives the classes of a jar that are in a form older than Java 6's the form of Java 8: picocli's, which is compiled for
 * Java 5. Java keeps no such class in its cache (JDK 26 is the first that does), so that each start of the command line
 * would read and verify them anew. What the classes do stays the same: they get the stack maps by which newer ones are
 * verified.
 */
public final class NewerClasses {
    private static final int NOT_CACHED_BEFORE = ClassFile.JAVA_6_VERSION;

    private final ClassFile files;
    private int changed;

    private NewerClasses(ClassLoader classes) {
        files = ClassFile.of(ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofClassLoading(classes)));
    }

    /** Its argument is the jar, which is written anew. */
    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try (ZipFile old = new ZipFile(jar.toFile());
                URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                ZipOutputStream out = new ZipOutputStream(written)) {
            NewerClasses newer = new NewerClasses(classes);
            for (ZipEntry entry : Collections.list(old.entries())) {
                byte[] content = old.getInputStream(entry).readAllBytes();
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copy);
                out.write(entry.getName().endsWith(".class") ? newer.newer(content) : content);
            }
            if (newer.changed == 0) {
                throw new IllegalStateException(jar + ": no class is that old any more; this step is not needed");
            }
        }
        Files.write(jar, written.toByteArray());
    }

    private byte[] newer(byte[] content) {
        ClassModel model = files.parse(content);
        if (model.majorVersion() >= NOT_CACHED_BEFORE) {
            return content;
        }
        changed++;
        ClassTransform methods = ClassTransform.transformingMethods(
                MethodTransform.transformingCode((code, element) -> code.with(element)));
        return files.transformClass(model, methods.andThen((to, element) -> {
            if (element instanceof ClassFileVersion) {
                to.withVersion(ClassFile.JAVA_8_VERSION, 0);
            } else {
                to.with(element);
            }
        }));
    }
}
