package org.xfrm4j.bindings;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.UnionLayout;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The bindings against what the system's C compiler says of the kernel's headers. Independent of jextract: see
 * {@link Abi}. In CI ({@code CI=true}) it always runs; elsewhere it is skipped where there is no compiler or where the
 * headers cannot be had.
 */
class AbiTest {

    private static Abi abi;

    /** All that is wrong, not the first only. */
    private final List<String> wrong = new ArrayList<>();

    @BeforeAll
    static void askTheCompiler() throws IOException, InterruptedException {
        try {
            abi = Abi.ask();
        } catch (Abi.Unavailable e) {
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError("the ABI test must run in CI: " + e.getMessage(), e);
            }
            String why = "ABI test skipped: " + e.getMessage();
            System.out.println(why);
            Assumptions.abort(why);
        }
        System.out.printf("ABI: %d types, %d fields, %d constants of Linux %s, asked of %s%n", abi.types.size(),
                abi.types.values().stream().mapToInt(type -> type.fields().size()).sum(), abi.constants.size(),
                abi.kernel, abi.compiler);
    }

    @AfterEach
    void nothingIsWrong() {
        if (!wrong.isEmpty()) {
            fail(String.join("\n", wrong));
        }
    }

    @Test
    void theCompilerWasAskedAboutSomething() {
        assertFalse(abi.types.isEmpty());
        assertFalse(abi.constants.isEmpty());
        assertFalse(abi.xfrmHeader.isEmpty());
    }

    @Test
    void everyTypeHasTheSizeAndAlignmentThatCGivesIt() {
        for (Abi.Type type : abi.types.values()) {
            GroupLayout layout = layout(type);
            compare(type.name() + " size", type.size(), layout.byteSize());
            compare(type.name() + " sizeof()", type.size(), (long) call(binding(type), "sizeof"));
            compare(type.name() + " alignment", type.alignment(), layout.byteAlignment());
        }
    }

    @Test
    void everyFieldStandsWhereCPutsIt() {
        for (Abi.Type type : abi.types.values()) {
            for (Abi.Field field : type.fields().values()) {
                String name = type.name() + "." + field.name();
                if (!has(binding(type), field.name() + "$offset")) {
                    wrong.add(name + ": not bound");
                    continue;
                }
                MemoryLayout layout = (MemoryLayout) call(binding(type), field.name() + "$layout");
                long offset = (long) call(binding(type), field.name() + "$offset");
                compare(name + " offset", field.offset(), offset);
                compare(name + " offset in the layout", field.offset(),
                        layout(type).byteOffset(MemoryLayout.PathElement.groupElement(field.name())));
                compare(name + " size", field.size(), layout.byteSize());
                compare(name + " alignment", field.alignment(), layout.byteAlignment());
                long count = -1;
                MemoryLayout element = layout;
                if (layout instanceof SequenceLayout sequence) {
                    count = sequence.elementCount();
                    element = sequence.elementLayout();
                }
                compare(name + " elements", field.count(), count);
                compare(name + " size of an element", field.elementSize(), element.byteSize());
                if (element instanceof ValueLayout value && value.order() != ByteOrder.nativeOrder()) {
                    wrong.add(name + ": not of the host's byte order");
                }
                if (element instanceof ValueLayout.OfFloat || element instanceof ValueLayout.OfDouble) {
                    wrong.add(name + ": a floating-point number, which the kernel does not have");
                }
            }
        }
    }

    @Test
    void noFieldIsBoundThatCDoesNotHave() {
        for (Abi.Type type : abi.types.values()) {
            for (Method method : binding(type).getDeclaredMethods()) {
                String name = method.getName();
                if (name.endsWith("$offset") && !type.fields().containsKey(name.replace("$offset", ""))) {
                    wrong.add(type.name() + "." + name + ": no such field in C");
                }
            }
            Set<String> members = layout(type).memberLayouts().stream()
                    .filter(member -> !(member instanceof PaddingLayout))
                    .map(member -> member.name().orElse("without a name"))
                    .collect(Collectors.toCollection(TreeSet::new));
            compare(type.name() + " members of the layout", new TreeSet<>(type.fields().keySet()), members);
        }
    }

    /** A field that neither this test nor jextract saw in the header would leave a hole that no padding explains. */
    @Test
    void theFieldsCoverTheirTypeButForPadding() {
        for (Abi.Type type : abi.types.values()) {
            if (layout(type) instanceof UnionLayout) {
                compare(type.name() + " largest member", type.size(),
                        type.fields().values().stream().mapToLong(Abi.Field::size).max().orElse(0));
                continue;
            }
            long end = 0;
            List<Abi.Field> inOrder = type.fields().values().stream()
                    .sorted(Comparator.comparingLong(Abi.Field::offset)).toList();
            for (Abi.Field field : inOrder) {
                if (field.offset() - end >= field.alignment()) {
                    wrong.add("%s: what is between byte %d and %s at %d?".formatted(
                            type.name(), end, field.name(), field.offset()));
                }
                end = Math.max(end, field.offset() + field.size());
            }
            if (type.size() - end >= type.alignment()) {
                wrong.add("%s: what is behind byte %d of %d?".formatted(type.name(), end, type.size()));
            }
        }
    }

    @Test
    void everyConstantHasTheValueThatCGivesIt() {
        for (Abi.Constant constant : abi.constants.values()) {
            if (!has(xfrm4j_h.class, constant.name())) {
                wrong.add(constant.name() + ": not bound");
                continue;
            }
            switch (call(xfrm4j_h.class, constant.name())) {
                case Integer value -> {
                    compare(constant.name() + " size in bytes", constant.size(), Integer.BYTES);
                    // Where C's is unsigned, Java's has the same bits.
                    if (!hasGrown(constant, value)) {
                        compare(constant.name(), (int) constant.value(), value);
                    }
                }
                case Long value -> {
                    compare(constant.name() + " size in bytes", constant.size(), Long.BYTES);
                    compare(constant.name(), constant.value(), value);
                }
                case Object value -> wrong.add(constant.name() + ": " + value + " is no whole number");
            }
        }
    }

    @Test
    void nothingOfTheXfrmHeaderIsLeftOut() {
        Set<String> left = new TreeSet<>(abi.xfrmHeader);
        left.removeAll(abi.types.keySet());
        left.removeAll(abi.constants.keySet());
        if (abi.isNewerThanBound()) {
            // No fault of the bindings; the build must not break because a distribution has moved on.
            System.out.printf("ABI: Linux %s has these beyond the bindings' %s: %s%n", abi.kernel, abi.boundKernel, left);
            return;
        }
        left.forEach(name -> wrong.add("%s: in linux/xfrm.h of Linux %s, and not in headers/symbols (add it there, and"
                .formatted(name, abi.kernel) + " run headers/generate)"));
    }

    /** The last of an enumeration, which a later kernel moves up when it adds one. */
    private static boolean hasGrown(Abi.Constant constant, int bound) {
        return abi.isNewerThanBound() && constant.name().endsWith("_MAX") && constant.value() > bound;
    }

    @Test
    void nothingIsBoundThatWasNotAskedFor() throws IOException {
        Set<String> asked = new TreeSet<>(abi.types.keySet());
        asked.addAll(List.of("xfrm4j_h", "xfrm4j_h$shared"));
        for (Class<?> binding : Bindings.classes()) {
            String name = binding.getName().substring(binding.getPackageName().length() + 1);
            if (!asked.contains(name)) {
                wrong.add("class " + name + ": not in headers/symbols");
            }
        }
        for (Method method : xfrm4j_h.class.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers()) && !abi.constants.containsKey(method.getName())) {
                wrong.add(method.getName() + ": bound, and not in headers/symbols");
            }
        }
    }

    /** A setter is tried on memory of zeros: it must set all bits of its field, and none beside it. */
    @Test
    void settersWriteTheirOwnFieldAndGettersReadIt() throws ReflectiveOperationException {
        for (Abi.Type type : abi.types.values()) {
            for (Abi.Field field : type.fields().values()) {
                int tried = 0;
                for (Method setter : binding(type).getDeclaredMethods()) {
                    if (!setter.getName().equals(field.name()) || setter.getReturnType() != void.class) {
                        continue;
                    }
                    Class<?> value = setter.getParameterTypes()[setter.getParameterCount() - 1];
                    if (value == MemorySegment.class) {
                        tried += tryAccess(type, field, setter, zeros(field.size()).fill((byte) -1), 0,
                                field.size());
                    } else if (setter.getParameterCount() == 3) {
                        for (long i = 0; i < field.count(); i++) {
                            tried += tryAccess(type, field, setter, minusOne(value), i, field.elementSize());
                        }
                    } else {
                        tried += tryAccess(type, field, setter, minusOne(value), 0, field.size());
                    }
                }
                if (tried == 0) {
                    wrong.add(type.name() + "." + field.name() + ": has no setter");
                }
            }
        }
    }

    private int tryAccess(Abi.Type type, Abi.Field field, Method setter, Object value, long index, long size)
            throws ReflectiveOperationException {
        MemorySegment memory = zeros(type.size());
        boolean indexed = setter.getParameterCount() == 3;
        String name = type.name() + "." + field.name() + (indexed ? "[" + index + "]" : "");
        Object[] arguments = indexed ? new Object[] {memory, index, value} : new Object[] {memory, value};
        try {
            setter.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            wrong.add(name + ": its setter fails with " + e.getCause());
            return 1;
        }

        MemorySegment expected = zeros(type.size());
        expected.asSlice(field.offset() + index * field.elementSize(), size).fill((byte) -1);
        if (expected.mismatch(memory) != -1) {
            wrong.add(name + ": its setter does not write just it, first at byte " + expected.mismatch(memory));
        }

        Class<?>[] parameters = setter.getParameterTypes();
        Method getter = setter.getDeclaringClass()
                .getDeclaredMethod(setter.getName(), Arrays.copyOf(parameters, parameters.length - 1));
        Object read = getter.invoke(null, Arrays.copyOf(arguments, arguments.length - 1));
        boolean same = value instanceof MemorySegment segment
                ? segment.mismatch((MemorySegment) read) == -1 : value.equals(read);
        if (!same) {
            wrong.add(name + ": its getter reads " + read + " for " + value);
        }
        return 1;
    }

    private static MemorySegment zeros(long size) {
        // Of longs, for the alignment that the layouts ask for.
        return MemorySegment.ofArray(new long[(int) size / Long.BYTES + 1]).asSlice(0, size);
    }

    private static Object minusOne(Class<?> type) {
        return switch (type.getName()) {
            case "byte" -> (byte) -1;
            case "short" -> (short) -1;
            case "int" -> -1;
            case "long" -> -1L;
            default -> throw new AssertionError("a field of type " + type);
        };
    }

    private void compare(String what, Object inC, Object bound) {
        if (!inC.equals(bound)) {
            wrong.add(what + ": " + inC + " in C, " + bound + " in the binding");
        }
    }

    private static GroupLayout layout(Abi.Type type) {
        return (GroupLayout) call(binding(type), "layout");
    }

    private static Class<?> binding(Abi.Type type) {
        try {
            return Class.forName(AbiTest.class.getPackageName() + "." + type.name());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(type.name() + ": not bound", e);
        }
    }

    private static boolean has(Class<?> binding, String method) {
        return Stream.of(binding.getDeclaredMethods())
                .anyMatch(m -> m.getName().equals(method) && m.getParameterCount() == 0);
    }

    private static Object call(Class<?> binding, String method) {
        try {
            return binding.getDeclaredMethod(method).invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(binding.getName() + "." + method + "() cannot be called", e);
        }
    }
}
