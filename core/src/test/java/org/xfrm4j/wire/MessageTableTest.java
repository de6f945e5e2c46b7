package org.xfrm4j.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xfrm4j.EveryRequest;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_user_kmaddress;
import org.xfrm4j.event.EventBytes;
import org.xfrm4j.event.UnknownEvent;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.policy.LegacyMigrate;
import org.xfrm4j.policy.MigrateEntry;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.sa.Counters;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.RawAttribute;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;

/**
 * The README's table of messages and attributes tells what the code does: it is made here, by doing it. A message is
 * written if a request of the library's holds it, and so is an attribute. An attribute is read if a value is another
 * one with it than without, and does not just keep its bytes; the same of events.
 */
class MessageTableTest {
    private static final String BEGIN = "<!-- messages: made by MessageTableTest -->";
    private static final String END = "<!-- messages end -->";

    /** Which messages bring what was asked for. */
    private static final Map<Integer, Class<?>> ANSWERS = Map.of(
            xfrm4j_h.XFRM_MSG_NEWSA(), SaDecoder.class,
            xfrm4j_h.XFRM_MSG_NEWPOLICY(), PolicyDecoder.class,
            xfrm4j_h.XFRM_MSG_NEWAE(), AeventDecoder.class,
            xfrm4j_h.XFRM_MSG_NEWSADINFO(), SadInfoDecoder.class,
            xfrm4j_h.XFRM_MSG_NEWSPDINFO(), SpdInfoDecoder.class,
            xfrm4j_h.XFRM_MSG_GETDEFAULT(), PolicyDefaultsDecoder.class);

    private static final Map<Class<?>, Function<MemorySegment, Object>> VALUES = Map.of(
            SaDecoder.class, bytes -> SecurityAssociation.from(new SaDecoder().wrap(bytes, 0, bytes.byteSize())),
            PolicyDecoder.class, bytes -> Policy.from(new PolicyDecoder().wrap(bytes, 0, bytes.byteSize())),
            AeventDecoder.class, bytes -> Counters.from(new AeventDecoder().wrap(bytes, 0, bytes.byteSize())));

    /** Bytes before the attributes of a request; with NLM_F_DUMP there are none. */
    private static final Map<Integer, Integer> FIXED = fixedParts();

    private static Map<Integer, Integer> fixedParts() {
        Map<Integer, Integer> fixed = new HashMap<>();
        fixed.put(xfrm4j_h.XFRM_MSG_NEWSA(), SaEncoder.LENGTH);
        fixed.put(xfrm4j_h.XFRM_MSG_UPDSA(), SaEncoder.LENGTH);
        fixed.put(xfrm4j_h.XFRM_MSG_GETSA(), SaIdEncoder.LENGTH);
        fixed.put(xfrm4j_h.XFRM_MSG_DELSA(), SaIdEncoder.LENGTH);
        fixed.put(xfrm4j_h.XFRM_MSG_ALLOCSPI(), SpiRequestEncoder.LENGTH);
        fixed.put(xfrm4j_h.XFRM_MSG_NEWAE(), AeventEncoder.LENGTH);
        fixed.put(xfrm4j_h.XFRM_MSG_GETAE(), AeventEncoder.LENGTH);
        fixed.put(xfrm4j_h.XFRM_MSG_NEWPOLICY(), PolicyEncoder.LENGTH);
        fixed.put(xfrm4j_h.XFRM_MSG_UPDPOLICY(), PolicyEncoder.LENGTH);
        fixed.put(xfrm4j_h.XFRM_MSG_GETPOLICY(), PolicyIdEncoder.LENGTH);
        fixed.put(xfrm4j_h.XFRM_MSG_DELPOLICY(), PolicyIdEncoder.LENGTH);
        fixed.put(xfrm4j_h.XFRM_MSG_MIGRATE(), PolicyIdEncoder.LENGTH);
        fixed.put(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), MigrateStateEncoder.LENGTH);
        fixed.put(xfrm4j_h.XFRM_MSG_NEWSPDINFO(), Integer.BYTES);
        return fixed;
    }

    private static final List<DecoderUnderTest> DECODERS = DecoderUnderTest.all();

    private final List<EveryRequest.Sent> sent = EveryRequest.send();
    private final EventBytes events = new EventBytes();

    /** {@return the constants of the header with that prefix, by number; two of one number in one name} */
    private static Map<Integer, String> constants(String prefix, Predicate<String> which) {
        Map<Integer, String> names = new TreeMap<>();
        Arrays.stream(xfrm4j_h.class.getMethods())
                .filter(method -> method.getName().startsWith(prefix) && method.getParameterCount() == 0)
                .filter(method -> !method.getName().endsWith("_MAX") && !method.getName().endsWith("_UNSPEC")
                        && !method.getName().endsWith("_BASE") && which.test(method.getName()))
                .sorted((one, another) -> one.getName().compareTo(another.getName()))
                .forEach(method -> names.merge(value(method), "`" + method.getName() + "`",
                        (name, alias) -> alias + " (" + name + ")"));
        return names;
    }

    private static int value(Method constant) {
        try {
            return (int) constant.invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    // ---- What is done ------------------------------------------------------------------------------------------

    private Set<Integer> writtenAttributes(Predicate<Integer> messages) {
        Set<Integer> written = new HashSet<>();
        for (EveryRequest.Sent request : sent) {
            if (messages.test(request.type()) && FIXED.containsKey(request.type())) {
                Set<Integer> dump = attributes(request.payload(), 0);
                Set<Integer> found = dump != null ? dump : attributes(request.payload(), FIXED.get(request.type()));
                assertTrue(found != null, () -> XfrmMessages.name(request.type()) + " cannot be taken apart here");
                written.addAll(found);
            }
        }
        return written;
    }

    /** The types, or null if what stands there are not attributes. */
    private static Set<Integer> attributes(byte[] payload, int from) {
        try {
            Set<Integer> types = new HashSet<>();
            AttributeDecoder attributes = new AttributeDecoder().wrap(Memory.of(payload), from, payload.length - from);
            while (attributes.next()) {
                types.add(attributes.type());
            }
            return types;
        } catch (MalformedMessageException other) {
            return null;
        }
    }

    private boolean isEvent(int type) {
        try {
            return !(events.read(type, Memory.of(new byte[0])) instanceof UnknownEvent);
        } catch (MalformedMessageException typed) {
            return true;
        }
    }

    private static boolean isRead(int attribute) {
        return DECODERS.stream().filter(decoder -> VALUES.containsKey(decoder.type()))
                .anyMatch(decoder -> isUnderstood(attribute, decoder, VALUES.get(decoder.type())));
    }

    private boolean isReadOfEvents(int attribute) {
        List<Integer> types = constants("XFRM_MSG_", name -> true).keySet().stream().filter(this::isEvent).toList();
        return DECODERS.stream().filter(DecoderUnderTest::hasLength).anyMatch(decoder -> types.stream()
                .anyMatch(type -> isUnderstood(attribute, decoder, bytes -> events.read(type, bytes))));
    }

    /** Whether a value is another one with the attribute than without. */
    private static boolean isUnderstood(int attribute, DecoderUnderTest decoder,
                                        Function<MemorySegment, Object> reader) {
        byte[] without = least(decoder);
        if (attribute == xfrm4j_h.XFRMA_SET_MARK_MASK()) { // which means nothing alone
            without = GoldenBytes.concat(without,
                    DecoderUnderTest.attribute(xfrm4j_h.XFRMA_SET_MARK(), new byte[] {1, 0, 0, 0}));
        }
        Object one = read(reader, without);
        if (one == null) {
            return false; // not a message of this kind
        }
        if (attribute == decoder.needed() && read(reader, new byte[decoder.fixedLength()]) == null) {
            return true;
        }
        for (byte[] payload : payloads(attribute)) {
            Object another = read(reader, GoldenBytes.concat(without, DecoderUnderTest.attribute(attribute, payload)));
            if (another != null && !one.equals(another) && !keeps(another, attribute)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] least(DecoderUnderTest decoder) {
        if (decoder.type() != MigrateDecoder.class) {
            return decoder.least(decoder.fixedLength());
        }
        // Zeros are no move.
        IpAddress address = IpAddress.parse("192.0.2.1");
        byte[] bytes = new byte[512];
        int length = LegacyMigrate.of(PolicyDirection.OUT, Selector.ALL_IPV4,
                        List.of(new MigrateEntry(address, address, address, address, Protocol.ESP, Mode.TUNNEL, 0)))
                .encode(MemorySegment.ofArray(bytes), 0);
        return Arrays.copyOf(bytes, length);
    }

    private static Object read(Function<MemorySegment, Object> reader, byte[] bytes) {
        try {
            return reader.apply(Memory.of(bytes));
        } catch (MalformedMessageException other) {
            return null;
        }
    }

    private static List<byte[]> payloads(int attribute) {
        if (attribute == xfrm4j_h.XFRMA_ALG_AEAD()) {
            return List.of(GoldenBytes.AEAD);
        } else if (attribute == xfrm4j_h.XFRMA_ALG_AUTH_TRUNC()) {
            return List.of(GoldenBytes.AUTH_TRUNC);
        } else if (List.of(xfrm4j_h.XFRMA_ALG_AUTH(), xfrm4j_h.XFRMA_ALG_CRYPT(), xfrm4j_h.XFRMA_ALG_COMP())
                .contains(attribute)) {
            return List.of(GoldenBytes.CRYPT);
        } else if (attribute == xfrm4j_h.XFRMA_REPLAY_ESN_VAL()) {
            return List.of(GoldenBytes.REPLAY_ESN);
        } else if (attribute == xfrm4j_h.XFRMA_SEC_CTX()) {
            return List.of(GoldenBytes.SECURITY_CONTEXT);
        }
        if (attribute == xfrm4j_h.XFRMA_KMADDRESS()) {
            byte[] kmAddress = new byte[KmAddressEncoder.LENGTH];
            kmAddress[(int) xfrm_user_kmaddress.family$offset()] = Inet.AF_INET6;
            return List.of(kmAddress);
        }
        byte[] zeros = new byte[XfrmAttributes.minimumLength(attribute)];
        byte[] one = zeros.clone();
        byte[] ones = zeros.clone();
        Arrays.fill(ones, (byte) 1);
        if (one.length > 0) {
            one[0] = 1;
        }
        return List.of(zeros, one, ones);
    }

    /** Whether there is a {@link RawAttribute} of the type in it, as there is of one that is not understood. */
    private static boolean keeps(Object value, int attribute) {
        return switch (value) {
            case RawAttribute raw -> raw.type() == attribute;
            case List<?> list -> list.stream().anyMatch(entry -> keeps(entry, attribute));
            case Record composite -> Arrays.stream(composite.getClass().getRecordComponents())
                    .anyMatch(component -> keeps(get(component, composite), attribute));
            case null, default -> false;
        };
    }

    private static Object get(RecordComponent component, Object of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    // ---- The table ---------------------------------------------------------------------------------------------

    private static String row(String name, boolean written, boolean read, boolean event) {
        return "| " + name + " | " + (written ? "✓" : "") + " | " + (read ? "✓" : "") + " | " + (event ? "✓" : "")
                + " |\n";
    }

    private String table() {
        StringBuilder text = new StringBuilder("| Message | written | read | event |\n|---|---|---|---|\n");
        Set<Integer> requests = sent.stream().map(EveryRequest.Sent::type).collect(Collectors.toSet());
        constants("XFRM_MSG_", name -> true).forEach((type, name) -> text.append(row(name, requests.contains(type),
                ANSWERS.containsKey(type), isEvent(type))));

        text.append("\n| Attribute | written | read | event |\n|---|---|---|---|\n");
        int info = xfrm4j_h.XFRM_MSG_NEWSPDINFO();
        Set<Integer> written = writtenAttributes(type -> type != info);
        constants("XFRMA_", name -> !isInformation(name)).forEach((type, name) -> {
            if (type == xfrm4j_h.XFRMA_PAD()) {
                text.append("| ").append(name).append(" | never needed | passed over | passed over |\n");
            } else {
                text.append(row(name, written.contains(type), isRead(type), isReadOfEvents(type)));
            }
        });
        Set<Integer> thresholds = writtenAttributes(type -> type == info);
        constants("XFRMA_SAD_", name -> true).forEach((type, name) -> text.append(row(name, false,
                figures(new SadInfoDecoder().wrap(information(type), 0, information(type).byteSize())) > 0, false)));
        constants("XFRMA_SPD_", name -> true).forEach((type, name) -> text.append(row(name, thresholds.contains(type),
                figures(new SpdInfoDecoder().wrap(information(type), 0, information(type).byteSize())) > 0, false)));
        return text.toString();
    }

    private static boolean isInformation(String name) {
        return name.startsWith("XFRMA_SAD_") || name.startsWith("XFRMA_SPD_");
    }

    private static MemorySegment information(int attribute) {
        byte[] ones = new byte[32];
        Arrays.fill(ones, (byte) 1);
        return Memory.of(GoldenBytes.concat(new byte[4], DecoderUnderTest.attribute(attribute, ones)));
    }

    /** How many of the figures are not zero. */
    private static long figures(Object decoder) {
        return Arrays.stream(decoder.getClass().getMethods())
                .filter(method -> method.getReturnType() == int.class && method.getParameterCount() == 0
                        && method.getDeclaringClass() == decoder.getClass())
                .filter(method -> {
                    try {
                        return (int) method.invoke(decoder) != 0;
                    } catch (ReflectiveOperationException e) {
                        throw new AssertionError(e);
                    }
                }).count();
    }

    @Test
    void theReadmeTellsWhatIsDone() throws IOException {
        String table = table();
        Path readme = Path.of(System.getProperty("basedir", "."), "..", "README.md");
        String text = Files.readString(readme);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        String there = begin < 0 || end < begin ? "" : text.substring(begin + BEGIN.length(), end).strip();
        if (!there.equals(table.strip())) {
            fail("the README's table is not that of the code, which is to stand between the lines\n" + BEGIN + "\n\n"
                    + table + "\n" + END + "\n");
        }
    }

    /** All that the kernel's header has is in the table, and nothing of it without a use. */
    @Test
    void nothingIsLeftOut() {
        List<String> rows = table().lines().filter(row -> row.startsWith("| `")).toList();
        Set<String> named = rows.stream().flatMap(row -> Arrays.stream(row.split("`")))
                .filter(word -> word.startsWith("XFRM")).collect(Collectors.toSet());
        Set<String> expected = new HashSet<>();
        for (String prefix : List.of("XFRM_MSG_", "XFRMA_")) {
            Arrays.stream(xfrm4j_h.class.getMethods()).map(Method::getName)
                    .filter(name -> name.startsWith(prefix) && !name.endsWith("_MAX") && !name.endsWith("_UNSPEC")
                            && !name.equals("XFRM_MSG_BASE")).forEach(expected::add);
        }
        assertEquals(expected, named);
        assertEquals(List.of(), rows.stream().filter(row -> !row.contains("✓") && !row.contains("passed over"))
                .toList(), "is neither written nor read");
        assertTrue(IntStream.rangeClosed(xfrm4j_h.XFRM_MSG_BASE(), 0x29).allMatch(type ->
                !XfrmMessages.name(type).contains("#")));
    }
}
