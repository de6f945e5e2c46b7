package org.xfrm4j.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;

/** What {@code ip xfrm} calls things. */
final class Names {
    private static final List<Mode> MODES = List.of(Mode.TRANSPORT, Mode.TUNNEL, Mode.ROUTE_OPTIMIZATION,
            Mode.IN_TRIGGER, Mode.BEET, Mode.IPTFS);
    private static final List<Protocol> PROTOCOLS = List.of(Protocol.ESP, Protocol.AH, Protocol.COMP, Protocol.ROUTING,
            Protocol.DSTOPTS);
    /** Of protocols above IP; by number. Read when first needed. */
    private static String[] upperProtocols;

    private Names() {
    }

    private static <T> T find(String what, List<T> values, String name) {
        return values.stream().filter(value -> value.toString().equals(name)).findFirst()
                .orElseThrow(() -> new UsageException("'" + name + "' is no " + what + ": one of "
                        + String.join(", ", values.stream().map(Object::toString).toList()) + " is needed"));
    }

    static Mode mode(String name) {
        return find("mode", MODES, name);
    }

    static Protocol protocol(String name) {
        return find("IPsec protocol", PROTOCOLS, name);
    }

    static Direction direction(String name) {
        return find("direction", List.of(Direction.IN, Direction.OUT), name);
    }

    static PolicyDirection policyDirection(String name) {
        return find("direction", List.of(PolicyDirection.IN, PolicyDirection.OUT, PolicyDirection.FORWARD), name);
    }

    static PolicyAction action(String name) {
        return find("action", List.of(PolicyAction.values()), name);
    }

    static PolicyType policyType(String name) {
        return find("type of policy", List.of(PolicyType.MAIN, PolicyType.SUB), name);
    }

    /** The name of a protocol above IP in /etc/protocols; its number where there is none. */
    static String upperProtocol(int number) {
        String name = upperProtocols()[number];
        return name == null ? Integer.toString(number) : name;
    }

    /** The number of a protocol above IP; {@code any} is 0. */
    static int upperProtocolNumber(String name) {
        if (name.equals("any")) {
            return 0;
        }
        String[] names = upperProtocols();
        for (int number = 0; number < names.length; number++) {
            if (name.equals(names[number])) {
                return number;
            }
        }
        return (int) U32.parse(name, 255);
    }

    private static String[] upperProtocols() {
        if (upperProtocols == null) {
            String[] names = new String[256];
            try (Stream<String> lines = Files.lines(Path.of("/etc/protocols"), StandardCharsets.ISO_8859_1)) {
                lines.map(line -> line.replaceFirst("#.*", "").strip().split("\\s+"))
                        .filter(words -> words.length >= 2 && words[1].matches("[0-9]{1,3}"))
                        .forEach(words -> {
                            int number = Integer.parseInt(words[1]);
                            if (number < names.length && names[number] == null) {
                                names[number] = words[0];
                            }
                        });
            } catch (IOException without) {
                // Then they are numbers.
            }
            upperProtocols = names;
        }
        return upperProtocols;
    }

    /** Names of bits. */
    static Map<String, Integer> bits(String... names) {
        Map<String, Integer> bits = new HashMap<>();
        for (int bit = 0; bit < names.length; bit++) {
            bits.put(names[bit], 1 << bit);
        }
        return bits;
    }
}
