package org.xfrm4j.bindings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that C headers declare: structs and unions with their members, enumerators, macros that stand for a value.
 *
 * <p>Names only. Offsets, sizes and values are the compiler's business. Read from what {@code cc -E -dD} prints, so
 * conditions are decided, comments gone and line markers tell which file a declaration is from.
 */
final class CHeader {

    /**
     * A struct or union.
     *
     * @param type how C names it, for instance {@code struct xfrm_id}
     * @param members in the order of the header; those of anonymous members among them, as C lets one write
     */
    record Aggregate(String type, List<Member> members) {
    }

    /**
     * @param flexible whether it is an array without a length
     * @param aggregate what it consists of, where that is written out in place; otherwise null
     */
    record Member(String name, int dimensions, boolean flexible, Aggregate aggregate) {
    }

    private record Token(String text, Path file) {
    }

    private static final Pattern MARKER = Pattern.compile("# \\d+ \"([^\"]*)\".*");
    /** A macro without parameters and with a body. With them there is a parenthesis right behind the name. */
    private static final Pattern VALUE_MACRO = Pattern.compile("#define (\\w+) +(\\S.*)");
    private static final Pattern TOKEN =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|\\w+|[^\\s\\w]");

    private final Map<String, Aggregate> aggregates = new LinkedHashMap<>();
    private final Map<Path, Set<String>> namesByFile = new LinkedHashMap<>();
    private final List<Token> tokens = new ArrayList<>();
    private int next;

    private CHeader() {
    }

    static CHeader parse(String preprocessed) {
        CHeader header = new CHeader();
        header.tokenize(preprocessed);
        header.declarations();
        return header;
    }

    /** The aggregate of a name: a tag, or the name that a typedef gives to one without a tag; null for neither. */
    Aggregate aggregate(String name) {
        return aggregates.get(name);
    }

    /** All that a file declares: aggregates, enumerators, macros for a value. */
    Set<String> namesIn(String fileNameEnd) {
        Set<String> names = new LinkedHashSet<>();
        namesByFile.forEach((file, declared) -> {
            if (file.endsWith(fileNameEnd)) {
                names.addAll(declared);
            }
        });
        return names;
    }

    private void tokenize(String text) {
        Path file = Path.of("");
        for (String line : text.lines().toList()) {
            Matcher marker = MARKER.matcher(line);
            Matcher macro = VALUE_MACRO.matcher(line);
            if (marker.matches()) {
                file = Path.of(marker.group(1));
            } else if (macro.matches()) {
                declare(file, macro.group(1));
            } else if (!line.startsWith("#")) {
                for (Matcher token = TOKEN.matcher(line); token.find(); ) {
                    tokens.add(new Token(token.group(), file));
                }
            }
        }
    }

    private void declare(Path file, String name) {
        namesByFile.computeIfAbsent(file, _ -> new LinkedHashSet<>()).add(name);
    }

    private void declarations() {
        while (next < tokens.size()) {
            boolean typedef = accept("typedef");
            accept("__extension__");
            if (atBody("enum")) {
                enumerators();
            } else if (atBody("struct") || atBody("union")) {
                Path file = tokens.get(next).file;
                String keyword = take();
                String tag = tagBeforeBody();
                List<Member> members = body();
                attributes();
                String name = tag;
                String type = keyword + " " + tag;
                if (tag == null && typedef) {
                    name = take();
                    type = name;
                }
                if (name != null) {
                    aggregates.put(name, new Aggregate(type, members));
                    declare(file, name);
                }
            }
            skipToSemicolon();
        }
    }

    private void enumerators() {
        take();
        tagBeforeBody();
        expect("{");
        while (!accept("}")) {
            declare(tokens.get(next).file, take());
            int depth = 0;
            while (depth > 0 || !at(",") && !at("}")) {
                depth += at("(") ? 1 : at(")") ? -1 : 0;
                take();
            }
            accept(",");
        }
    }

    private List<Member> body() {
        expect("{");
        List<Member> members = new ArrayList<>();
        while (!accept("}")) {
            accept("__extension__");
            Aggregate inPlace = null;
            if (atBody("struct") || atBody("union")) {
                String keyword = take();
                String tag = tagBeforeBody();
                inPlace = new Aggregate(tag == null ? null : keyword + " " + tag, body());
                attributes();
                if (at(";")) {
                    members.addAll(inPlace.members);
                }
            }
            List<Token> declaration = upToSemicolon();
            if (!declaration.isEmpty()) {
                declarators(declaration, inPlace, members);
            }
        }
        return members;
    }

    /** The names in, for instance, {@code unsigned int a, b[4]}: each stands last before a comma, bracket or end. */
    private static void declarators(List<Token> declaration, Aggregate inPlace, List<Member> members) {
        for (int i = 0; i < declaration.size(); i++) {
            String name = declaration.get(i).text;
            String after = i + 1 < declaration.size() ? declaration.get(i + 1).text : ",";
            if (after.equals(":")) {
                throw new IllegalArgumentException("bit field " + name + ": not understood here");
            }
            if (!name.matches("[A-Za-z_]\\w*") || !after.equals(",") && !after.equals("[")) {
                continue;
            }
            int dimensions = 0;
            boolean flexible = false;
            while (i + 1 < declaration.size() && declaration.get(i + 1).text.equals("[")) {
                dimensions++;
                flexible |= declaration.get(i + 2).text.equals("]");
                while (!declaration.get(++i).text.equals("]")) {
                    // The length: the compiler tells it.
                }
            }
            members.add(new Member(name, dimensions, flexible, inPlace));
        }
    }

    private boolean atBody(String keyword) {
        if (!at(keyword)) {
            return false;
        }
        int before = next;
        take();
        attributes();
        if (!at("{")) {
            take();
        }
        attributes();
        boolean found = at("{");
        next = before;
        return found;
    }

    private String tagBeforeBody() {
        attributes();
        String tag = at("{") ? null : take();
        attributes();
        return tag;
    }

    private void attributes() {
        while (accept("__attribute__")) {
            int depth = 0;
            do {
                depth += at("(") ? 1 : at(")") ? -1 : 0;
                take();
            } while (depth > 0);
        }
    }

    private List<Token> upToSemicolon() {
        List<Token> taken = new ArrayList<>();
        while (!accept(";")) {
            if (at("__attribute__")) {
                attributes();
            } else {
                taken.add(tokens.get(next++));
            }
        }
        return taken;
    }

    /** The bodies of inline functions on the way end a declaration too. */
    private void skipToSemicolon() {
        int depth = 0;
        while (next < tokens.size()) {
            String token = take();
            depth += token.equals("{") ? 1 : token.equals("}") ? -1 : 0;
            if (depth == 0 && (token.equals(";") || token.equals("}"))) {
                return;
            }
        }
    }

    private boolean at(String text) {
        return next < tokens.size() && tokens.get(next).text.equals(text);
    }

    private boolean accept(String text) {
        boolean found = at(text);
        next += found ? 1 : 0;
        return found;
    }

    private void expect(String text) {
        if (!accept(text)) {
            throw new IllegalArgumentException("expected " + text + ", found " + tokens.get(next));
        }
    }

    private String take() {
        return tokens.get(next++).text;
    }
}
