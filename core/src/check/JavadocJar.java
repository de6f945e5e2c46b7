import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Whether the guides are in the archive of the documentation: as pages that a browser shows, to which the pages of
 * the module and of its first package lead, and whose own links lead somewhere. Its arguments are the archive and the
 * folder of the guides.
 */
public final class JavadocJar {
    private static final String MODULE = "org.xfrm4j.core/";
    private static final String PACKAGE = MODULE + "org/xfrm4j/";
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"#]*)[^\"]*\"");
    private static final Pattern REMARK = Pattern.compile("<!--.*?-->", Pattern.DOTALL);

    private final ZipFile jar;
    private final List<String> failures = new ArrayList<>();

    private JavadocJar(ZipFile jar) {
        this.jar = jar;
    }

    public static void main(String[] args) throws IOException {
        if (Runtime.version().feature() < 23) {
            System.out.println("documentation: the guides are no pages, which needs a JDK of 23 or newer");
            return;
        }
        try (ZipFile jar = new ZipFile(args[0]); Stream<Path> files = Files.list(Path.of(args[1]))) {
            JavadocJar check = new JavadocJar(jar);
            List<Path> guides = files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
            check.expect(guides.size() >= 3, "guides in " + args[1] + ": " + guides);
            for (Path guide : guides) {
                check.guide(guide);
            }
            check.failures.forEach(failure -> System.err.println("documentation: " + failure));
            System.exit(check.failures.isEmpty() ? 0 : 1);
        }
    }

    private void guide(Path file) throws IOException {
        String name = file.getFileName().toString().replace(".md", ".html");
        String page = page(PACKAGE + "doc-files/" + name);
        String heading = Files.readAllLines(file).getFirst().substring("# ".length());
        expect(Pattern.compile("<h1[^>]*>" + heading + "</h1>").matcher(page).find(),
                name + " has no heading " + heading);
        expect(Pattern.compile("<title>" + heading + "[ <]").matcher(page).find(), name + " has no title " + heading);
        String shown = REMARK.matcher(page).replaceAll("");
        expect(!shown.contains("test: ") && !shown.contains("```"), name + " shows what is meant for tests");
        expect(page(PACKAGE + "package-summary.html").contains("href=\"doc-files/" + name + "\""),
                "the package's page does not lead to " + name);
        expect(page(MODULE + "module-summary.html").contains("href=\"org/xfrm4j/doc-files/" + name + "\""),
                "the module's page does not lead to " + name);
        Path folder = Path.of(PACKAGE, "doc-files");
        LINK.matcher(page).results().map((MatchResult found) -> found.group(1))
                .filter(link -> !link.isEmpty() && !link.contains(":"))
                .filter(link -> jar.getEntry(folder.resolve(link).normalize().toString()) == null)
                .forEach(link -> failures.add(name + " leads to " + link + ", which is not there"));
    }

    private String page(String name) throws IOException {
        ZipEntry entry = jar.getEntry(name);
        if (entry == null) {
            failures.add(name + " is not there");
            return "";
        }
        return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
    }

    private void expect(boolean fulfilled, String failure) {
        if (!fulfilled) {
            failures.add(failure);
        }
    }
}
