package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;

/** Moves SAs in the embedded kernel, and then compares all that is in it with what should be. */
final class MoveCheck {
    private final EmbeddedKernel kernel;

    MoveCheck(EmbeddedKernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Moves an SA. Afterwards the kernel must hold the SA as expected, all others as they were, and nothing else.
     *
     * @param before the SA as the kernel has it
     * @param change what is asked for
     * @param difference in what the moved SA shall differ from {@code before}; in all else it must be equal
     * @return the SA that is there now
     */
    SecurityAssociation moves(SecurityAssociation before, UnaryOperator<Move.Builder> change,
            UnaryOperator<SecurityAssociationBuilder> difference) {
        return moves(before, change.apply(Move.of(before)).build(), difference.apply(before.toBuilder()).build());
    }

    SecurityAssociation moves(SecurityAssociation before, Move move, SecurityAssociation expected) {
        List<SecurityAssociation> all = new ArrayList<>(kernel.all());
        assertTrue(all.remove(before), () -> "not there before the move: " + before);
        all.add(expected);

        MoveResult result = new Migrator(kernel.xfrm()).move(List.of(move)).getFirst();

        assertMoved(result);
        assertEquals(move, result.move());
        assertHolds(all);
        assertFoundByName(before, expected);
        return expected;
    }

    static void assertMoved(MoveResult result) {
        assertEquals(Outcome.MOVED, result.outcome(), result::toString);
        assertNull(result.refusal(), result::toString);
    }

    /** The kernel's own lookup, through its hash table, has to agree with the dump. */
    private void assertFoundByName(SecurityAssociation before, SecurityAssociation expected) {
        assertSame(expected, kernel.sas().get(expected.id()).orElse(null));
        if (!before.id().equals(expected.id()) && before.mark().isNone() && expected.mark().isNone()) {
            assertEquals(Optional.empty(), kernel.sas().get(before.id()).map(SecurityAssociation::id));
        }
    }

    /** Checks that the kernel holds just these SAs, each exactly so, in whatever order. */
    void assertHolds(List<SecurityAssociation> expected) {
        Map<SaId, SecurityAssociation> there = byName(kernel.all());
        Map<SaId, SecurityAssociation> wanted = byName(expected);
        wanted.forEach((id, sa) -> assertSame(sa, there.get(id)));
        there.keySet().removeAll(wanted.keySet());
        assertEquals(List.of(), List.copyOf(there.keySet()), "SAs that should not be there");
    }

    private static Map<SaId, SecurityAssociation> byName(List<SecurityAssociation> sas) {
        // Throws where two have one name.
        return sas.stream().collect(Collectors.toMap(SecurityAssociation::id, Function.identity()));
    }

    /** Compares in all that an SA is, and tells in what it differs. */
    static void assertSame(SecurityAssociation expected, SecurityAssociation actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError(expected.id() + (actual == null ? " is not there" : " differs:"
                    + differences(expected, actual)));
        }
    }

    private static String differences(SecurityAssociation expected, SecurityAssociation actual) {
        StringBuilder text = new StringBuilder();
        for (RecordComponent component : SecurityAssociation.class.getRecordComponents()) {
            try {
                Object wanted = component.getAccessor().invoke(expected);
                Object there = component.getAccessor().invoke(actual);
                if (wanted == null ? there != null : !wanted.equals(there)) {
                    text.append("\n  ").append(component.getName()).append(": ").append(there)
                            .append(" instead of ").append(wanted);
                }
            } catch (ReflectiveOperationException impossible) {
                throw new AssertionError(impossible);
            }
        }
        return text.toString();
    }
}
