package org.xfrm4j.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Which commands there are, and of these only what a command line names: picocli reads each one's options by
 * reflection, and to do so for all takes longer than most commands run.
 */
final class Commands {
    private static final List<Class<?>> ALL = List.of(Probe.class, Sa.class, Policies.class, Migrate.class,
            MigrateState.class, Recover.class, Monitor.class, Count.class, Manual.class,
            AutoComplete.GenerateCompletion.class);
    private static final Map<Class<?>, List<Class<?>>> OF_GROUPS = Map.of(
            Sa.class, List.of(SaList.class, SaShow.class, SaAdd.class, SaDelete.class, SaFlush.class),
            Policies.class, List.of(PolicyList.class, PolicyShow.class, PolicyAdd.class, PolicyDelete.class,
                    PolicyFlush.class, PolicyDefault.class));

    /** What tells of all others. */
    private static final Set<Class<?>> ABOUT_ALL = Set.of(Manual.class, AutoComplete.GenerateCompletion.class);

    private Commands() {
    }

    /** Gives a command line those that its first words name; where they name none, all, of which its error tells. */
    static void add(CommandLine line, String... words) {
        add(line, ALL, words, 0);
    }

    private static void add(CommandLine line, List<Class<?>> commands, String[] words, int place) {
        List<Class<?>> named = commands.stream().filter(command -> place < words.length
                && isNamed(command, words[place]) && !ABOUT_ALL.contains(command)).toList();
        for (Class<?> command : named.isEmpty() ? commands : named) {
            CommandLine made = new CommandLine(command);
            line.addSubcommand(made);
            if (OF_GROUPS.containsKey(command)) {
                add(made, OF_GROUPS.get(command), words, named.isEmpty() ? words.length : place + 1);
            }
        }
    }

    private static boolean isNamed(Class<?> command, String word) {
        Command names = command.getAnnotation(Command.class);
        return names.name().equals(word) || Arrays.asList(names.aliases()).contains(word);
    }
}
