package org.xfrm4j.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDefaults;
import org.xfrm4j.sa.SecurityAssociation;

/** A decoder of this package, seen from outside: it can be pointed at memory, and all that it offers can be read. */
final class DecoderUnderTest {
    /** What is made of a decoder, with {@link MalformedMessageException} as the only exception. */
    private static final Map<Class<?>, Function<Object, Object>> VALUES = Map.of(
            SaDecoder.class, decoder -> SecurityAssociation.from((SaDecoder) decoder),
            PolicyDecoder.class, decoder -> Policy.from((PolicyDecoder) decoder),
            PolicyDefaultsDecoder.class, decoder -> PolicyDefaults.from((PolicyDefaultsDecoder) decoder));
    /** Getters that take an index, and what counts for it. */
    private static final Map<String, String> COUNTS = Map.of(
            "template", "templateCount", "entry", "entryCount", "bitmap", "bitmapLength");
    /** Getters that take the type of an attribute, and the fewest bytes that such an attribute has. */
    private static final Map<String, Integer> BY_ATTRIBUTE = Map.of(
            "has", 0, "attributeOffset", 0, "attributeLength", 0, "u8", 1, "u16", 2, "u32", 4, "u64", 8,
            "addressHigh", 16, "addressLow", 16);
    /** Offsets of structures that the decoder does not read itself. */
    private static final Map<String, Supplier> STRUCTURES = Map.of(
            "encapOffset", (segment, offset) -> new EncapDecoder().wrap(segment, offset),
            "kmAddressOffset", (segment, offset) -> new KmAddressDecoder().wrap(segment, offset));
    private static final int[] ALGORITHMS = {xfrm4j_h.XFRMA_ALG_AEAD(), xfrm4j_h.XFRMA_ALG_AUTH_TRUNC(),
        xfrm4j_h.XFRMA_ALG_AUTH(), xfrm4j_h.XFRMA_ALG_CRYPT(), xfrm4j_h.XFRMA_ALG_COMP()};
    private static final int MOST_FIXED_BYTES = 1024;
    static final int NONE = -1;

    private interface Supplier {
        Object at(MemorySegment segment, long offset);
    }

    private final Class<?> type;
    private final Object decoder;
    private final Method wrap;
    private final int fixedLength;
    private int needed;
    private Random random;
    private final Map<Class<?>, Method[]> getters = new HashMap<>();

    private DecoderUnderTest(Class<?> type) {
        this.type = type;
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            this.decoder = constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(type + " is made without arguments, as are all decoders", e);
        }
        this.wrap = Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.getName().equals("wrap") && Modifier.isPublic(method.getModifiers()))
                .filter(method -> !isWrapOfParts(method))
                .findFirst().orElseThrow(() -> new AssertionError(type + " has no wrap"));
        this.fixedLength = findFixedLength();
    }

    private static boolean isWrapOfParts(Method method) {
        return method.getParameterCount() == 4 && method.getParameterTypes()[3] == long.class;
    }

    /** {@return one of each; not for several threads at once} */
    static List<DecoderUnderTest> all() {
        List<DecoderUnderTest> decoders = new ArrayList<>();
        try {
            Path folder = Path.of(URI.create(SaDecoder.class.getResource("SaDecoder.class").toString())).getParent();
            try (Stream<Path> files = Files.list(folder)) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith("Decoder.class"))
                        .sorted(Comparator.naturalOrder())
                        .forEach(name -> decoders.add(new DecoderUnderTest(named(name))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return decoders;
    }

    private static Class<?> named(String file) {
        try {
            return Class.forName(DecoderUnderTest.class.getPackageName() + "."
                    + file.substring(0, file.length() - ".class".length()));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    Class<?> type() {
        return type;
    }

    /** Whether it is told the length of what it reads; else it reads a structure of one size. */
    boolean hasLength() {
        return wrap.getParameterCount() > 2;
    }

    boolean hasValue() {
        return VALUES.containsKey(type);
    }

    /** How many bytes it needs. */
    int fixedLength() {
        return fixedLength;
    }

    /** The shortest that is taken, of zeros; where an attribute is needed, behind them. */
    private int findFixedLength() {
        for (needed = NONE; needed <= XfrmAttributes.MAX; needed++) {
            for (int length = 0; length <= MOST_FIXED_BYTES; length++) {
                try {
                    MemorySegment zeros = Memory.of(least(length));
                    wrap(zeros, 0, zeros.byteSize());
                    return length;
                } catch (MalformedMessageException more) {
                    // one byte more, then
                }
            }
        }
        throw new AssertionError(type + " takes no zeros, whatever attribute is behind them");
    }

    /** {@return zeros for a fixed part of that length, and the attribute that is needed, if one is} */
    byte[] least(int length) {
        return needed == NONE ? new byte[length] : GoldenBytes.concat(new byte[length],
                attribute(needed, new byte[XfrmAttributes.minimumLength(needed)]));
    }

    static byte[] attribute(int type, byte[] payload) {
        byte[] attribute = new byte[AttributeEncoder.HEADER_LENGTH + Layouts.align(payload.length)];
        int length = AttributeEncoder.HEADER_LENGTH + payload.length;
        attribute[0] = (byte) length;
        attribute[1] = (byte) (length >>> 8);
        attribute[2] = (byte) type;
        attribute[3] = (byte) (type >>> 8);
        System.arraycopy(payload, 0, attribute, AttributeEncoder.HEADER_LENGTH, payload.length);
        return attribute;
    }

    /** The attribute without which there is no message, or {@link #NONE}. */
    int needed() {
        return needed;
    }

    void wrap(MemorySegment segment, long offset, long length) {
        wrap(segment, offset, length, ALGORITHMS[0]);
    }

    private void wrap(MemorySegment segment, long offset, long length, int algorithm) {
        Object[] arguments = new Object[wrap.getParameterCount()];
        arguments[0] = segment;
        arguments[1] = offset;
        if (arguments.length > 2) {
            boolean isInt = wrap.getParameterTypes()[2] == int.class;
            arguments[2] = isInt ? (Object) Math.toIntExact(length) : (Object) length;
        }
        if (arguments.length > 3) {
            arguments[3] = algorithm;
        }
        invoke(decoder, wrap, arguments);
    }

    /** Points it at the whole segment and reads all; with {@code random}, some of what attributes there may be. */
    void read(MemorySegment datagram, Random random) {
        wrap(datagram, 0, datagram.byteSize(), random == null ? ALGORITHMS[0]
                : ALGORITHMS[random.nextInt(ALGORITHMS.length)]);
        this.random = random;
        readAll(decoder, datagram);
    }

    private void readAll(Object from, MemorySegment datagram) {
        if (from instanceof AttributeDecoder attributes) {
            readAttributes(attributes, datagram);
            return;
        }
        for (Method getter : getters.computeIfAbsent(from.getClass(), DecoderUnderTest::getters)) {
            if (getter.getParameterCount() == 0) {
                follow(from, getter, invoke(from, getter), datagram);
            } else if (getter.getParameterTypes()[0] == from.getClass()) {
                // A comparison; there is but this one message to compare with.
                invoke(from, getter, from);
            } else if (COUNTS.containsKey(getter.getName())) {
                int count = (int) invoke(from, method(from.getClass(), COUNTS.get(getter.getName())));
                for (int i = 0; i < count; i++) {
                    follow(from, getter, invoke(from, getter, i), datagram);
                }
            } else {
                readByAttribute(from, getter);
            }
        }
        Function<Object, Object> value = VALUES.get(from.getClass());
        if (value != null) {
            value.apply(from).toString();
        }
    }

    private void follow(Object from, Method getter, Object got, MemorySegment datagram) {
        String name = getter.getName();
        if (got != null && got.getClass().getSimpleName().endsWith("Decoder")) {
            readAll(got, datagram);
        } else if (name.endsWith("Offset") && (long) got >= 0) {
            Supplier structure = STRUCTURES.get(name);
            if (structure != null) {
                readAll(structure.at(datagram, (long) got), datagram);
            } else {
                range(datagram, (long) got, length(from, name));
            }
        }
    }

    /** Of labelOffset it is labelLength, of keyOffset keyBytes. */
    private static int length(Object from, String offset) {
        String stem = offset.substring(0, offset.length() - "Offset".length());
        for (String name : List.of(stem + "Bytes", stem + "Length")) {
            try {
                return (int) invoke(from, from.getClass().getMethod(name));
            } catch (NoSuchMethodException other) {
                // the other, or none
            }
        }
        return 0;
    }

    private static void readAttributes(AttributeDecoder attributes, MemorySegment datagram) {
        while (attributes.next()) {
            range(datagram, attributes.payloadOffset(), attributes.payloadLength());
            XfrmAttributes.name(attributes.type());
        }
    }

    private static void range(MemorySegment datagram, long offset, int length) {
        if (length > 0) {
            datagram.get(ValueLayout.JAVA_BYTE, offset);
            datagram.get(ValueLayout.JAVA_BYTE, offset + length - 1);
        } else if (length < 0 || offset > datagram.byteSize()) {
            throw new IndexOutOfBoundsException(length + " bytes at " + offset);
        }
    }

    private void readByAttribute(Object from, Method getter) {
        Integer needs = BY_ATTRIBUTE.get(getter.getName());
        if (needs == null) {
            throw new AssertionError("how " + getter + " is called is not known here");
        }
        // All of them would be most of the work.
        int first = random == null ? 0 : random.nextInt(XfrmAttributes.MAX + 1);
        int last = random == null ? XfrmAttributes.MAX : first + 2;
        for (int attribute = first; attribute <= last; attribute++) {
            if (XfrmAttributes.minimumLength(attribute) >= needs) {
                if (getter.getParameterCount() == 1) {
                    invoke(from, getter, attribute);
                } else {
                    invoke(from, getter, attribute, 7);
                }
            }
        }
    }

    private static Method[] getters(Class<?> of) {
        Set<String> others = Set.of("wrap", "equals", "hashCode", "toString", "getClass", "notify", "notifyAll",
                "wait");
        return Arrays.stream(of.getMethods())
                .filter(method -> !others.contains(method.getName()) && !Modifier.isStatic(method.getModifiers()))
                .sorted(Comparator.comparing(Method::getName))
                .toArray(Method[]::new);
    }

    private static Method method(Class<?> of, String name) {
        try {
            return of.getMethod(name);
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    private static Object invoke(Object on, Method method, Object... arguments) {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case RuntimeException thrown -> throw thrown;
                case Error thrown -> throw thrown;
                default -> throw new AssertionError(e.getCause());
            }
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return type.getSimpleName();
    }
}
