package org.xfrm4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page in man(7)'s language, made of what the commands say of themselves: what one can do stands in it. */
final class ManualPage {
    private static final String EXAMPLE = "  ";

    private final CommandLine root;
    private final StringBuilder text = new StringBuilder();

    ManualPage(CommandLine root) {
        this.root = root;
    }

    String text() {
        request("TH XFRM4J 8 \"\" \"xfrm4j\" \"System Administration\"");
        section("NAME");
        line("xfrm4j \\- Linux XFRM (IPsec): security associations, policies, and their migration");
        section("SYNOPSIS");
        request("B xfrm4j");
        line("[\\fIoption\\fR ...] \\fIcommand\\fR [\\fIargument\\fR ...]");
        section("DESCRIPTION");
        paragraph(escaped(String.join(" ", root.getCommandSpec().usageMessage().description())));
        paragraph(escaped("SAs and policies are printed as 'ip xfrm' prints them, without keys, and taken as it"
                + " takes them;"
                + " what names or selects them can be written as ip does (src ADDRESS) or as options (--src=ADDRESS)."
                + " Numbers are decimal, or hexadecimal with 0x."));
        section("OPTIONS OF ALL COMMANDS");
        List<OptionSpec> everywhere = root.getCommandSpec().options().stream().filter(OptionSpec::inherited)
                .collect(Collectors.toCollection(ArrayList::new));
        List<OptionSpec> own = root.getCommandSpec().options().stream()
                .filter(option -> option.scopeType() == CommandLine.ScopeType.INHERIT
                        || option.usageHelp() || option.versionHelp() || option.longestName().equals("--batch")
                        || option.longestName().equals("--force")).toList();
        own.forEach(this::option);
        section("COMMANDS");
        root.getSubcommands().values().stream().distinct().forEach(command -> command(command, everywhere));
        fixed();
        return text.toString();
    }

    private void command(CommandLine command, List<OptionSpec> everywhere) {
        CommandSpec spec = command.getCommandSpec();
        List<CommandLine> inner = command.getSubcommands().values().stream().distinct().toList();
        if (!inner.isEmpty()) {
            inner.forEach(each -> command(each, everywhere));
            return;
        }
        request("SS \"" + escaped(spec.qualifiedName()) + (spec.aliases().length == 0 ? "" : " ("
                + String.join(", ", spec.aliases()) + ")") + "\"");
        for (String description : spec.usageMessage().description()) {
            paragraph(escaped(description));
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            item("\\fI" + escaped(parameter.paramLabel()) + "\\fR", String.join(" ", parameter.description()));
        }
        spec.options().stream().filter(option -> !option.inherited() && !option.usageHelp() && !option.versionHelp())
                .forEach(this::option);
        footer(spec.usageMessage().footer());
    }

    private void option(OptionSpec option) {
        String label = option.arity().max() == 0 ? "" : " \\fI" + escaped(option.paramLabel()) + "\\fR";
        String names = java.util.Arrays.stream(option.names()).map(name -> "\\fB" + escaped(name) + "\\fR")
                .collect(Collectors.joining(", "));
        item(names + label, String.join(" ", option.description()));
    }

    /** Examples stand as they are, a line each. */
    private void footer(String[] lines) {
        boolean example = false;
        for (String line : lines) {
            boolean indented = line.startsWith(EXAMPLE);
            if (indented != example) {
                request(indented ? "nf" : "fi");
                example = indented;
            }
            if (indented) {
                line("    " + escaped(line.strip()));
            } else if (!line.isEmpty()) {
                paragraph(escaped(line));
            }
        }
        if (example) {
            request("fi");
        }
    }

    private void fixed() {
        section("JSON");
        paragraph(escaped("With --json each command prints JSON instead of text: lists as one array, 'monitor' one"
                + " object a"
                + " line. Names are in snake_case and carry their unit; SPIs, marks and sets of bits are strings in"
                + " hexadecimal; what something does not have is left out. The forms are those of the JSON Schemas"
                + " org/xfrm4j/json/xfrm4j.schema.json and org/xfrm4j/cli/xfrm4j-cli.schema.json in the jar. Complaints"
                + " stand on standard error as text all the same."));
        section("EXIT STATUS");
        item("\\fB0\\fR", "All was done; in a migration: all SAs have moved.");
        item("\\fB1\\fR", "Something was not done, and standard error or the report tells why; in a migration: some"
                + " SAs have"
                + " not moved.");
        item("\\fB2\\fR", "The command line is wrong; nothing was done.");
        item("\\fB3\\fR", "The kernel, Java or permissions do not allow it.");
        item("\\fB4\\fR", "Interrupted between two groups of SAs, in good order: the same command goes on.");
        section("ENVIRONMENT");
        item("\\fBJAVA_HOME\\fR", "A Java of 22 or newer; without it one is looked for on the path and where systems"
                + " put"
                + " them.");
        item("\\fBXFRM4J_JAR\\fR", "The jar, where it is not beside the launcher.");
        item("\\fBXFRM4J_JAVA_OPTIONS\\fR", "Options for Java.");
        section("SEE ALSO");
        line("\\fBip\\-xfrm\\fR(8), \\fBip\\-netns\\fR(8)");
    }

    private void section(String title) {
        request("SH \"" + title + "\"");
    }

    private void paragraph(String line) {
        request("PP");
        line(line);
    }

    private void item(String title, String description) {
        request("TP");
        line(title);
        line(escaped(description));
    }

    private void request(String request) {
        text.append('.').append(request).append('\n');
    }

    private void line(String line) {
        // A line that began with one of these would be a request.
        text.append(line.startsWith(".") || line.startsWith("'") ? "\\&" : "").append(line).append('\n');
    }

    private static String escaped(String words) {
        return words.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("…", "...")
                .replace("→", "\\->");
    }
}
