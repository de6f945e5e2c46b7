package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.sa.Auth;
import org.xfrm4j.sa.Comp;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.ReplayEsn;
import org.xfrm4j.sa.ReplayState;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;

/**
 * What is read of an SA and written again gives the same SA, to the byte: nothing is lost on the way in or out.
 *
 * <p>The bytes compared are those of the kernel's dumps, all that stands behind the netlink header. Of an SA that is
 * written with what it was used ({@link SecurityAssociation#initialUsage}) all of them are compared. Of another the 32
 * bytes of {@code curlft} (bytes, packets, when added, when first used) are left out, because the kernel starts them
 * anew. XFRMA_LASTUSED is the third that could differ; it is not there, as no packet passes.
 */
class SaFidelityIT {
    private static final int SAS = 2_500;
    private static final long SEED = Long.getLong("xfrm4j.fidelity.seed", 20_261_125);

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @Test
    void aDumpThatIsInstalledAgainGivesTheSameDump() {
        List<SecurityAssociation> generated = RandomSas.of(SEED, SAS);
        install(generated);
        List<SaBytes> before = dump();
        Map<SaId, SecurityAssociation> original = generated.stream()
                .collect(Collectors.toMap(SaFidelityIT::key, sa -> sa));
        // The same order as at first: the kernel dumps the newest first.
        List<SecurityAssociation> decoded = before.reversed().stream().map(SaBytes::decode).toList();
        assertEquals(SAS, decoded.size());

        kernel.sas().flush();
        assertEquals(List.of(), kernel.all());
        List<SecurityAssociation> restored = new ArrayList<>();
        Map<SaId, Boolean> whole = new HashMap<>();
        for (SecurityAssociation sa : decoded) {
            boolean withUsage = original.get(key(sa)).initialUsage() != null;
            whole.put(key(sa), withUsage);
            restored.add(withUsage ? sa.toBuilder().initialUsage(sa.usage()).build() : sa);
        }
        install(restored);

        List<SaBytes> after = dump();
        assertEquals(before.size(), after.size());
        for (int i = 0; i < before.size(); i++) {
            compare(before.get(i), after.get(i), whole);
        }
    }

    private List<SaBytes> dump() {
        return SaBytes.dump(kernel.xfrm().requests()).stream().filter(sa -> !isCompanion(sa.decode())).toList();
    }

    private static void compare(SaBytes before, SaBytes after, Map<SaId, Boolean> whole) {
        assertFalse(before.has(xfrm4j_h.XFRMA_LASTUSED()) || after.has(xfrm4j_h.XFRMA_LASTUSED()),
                "no packet has passed, and yet there is a time when the last one did");
        boolean all = whole.getOrDefault(key(before.decode()), false);
        String difference = all ? before.difference(after) : before.withoutUsage().difference(after.withoutUsage());
        if (!difference.isEmpty()) {
            fail("seed " + SEED + ", of the SA\n" + before.decode() + "\nother bytes came back, before and after:"
                    + difference);
        }
    }

    /** The way in is tested for itself: what was lost when writing at first would be missing in both dumps. */
    @Test
    void whatIsReadIsWhatWasWritten() {
        List<SecurityAssociation> generated = RandomSas.of(SEED + 1, SAS);
        install(generated);
        Map<SaId, SecurityAssociation> read = kernel.all().stream().filter(sa -> !isCompanion(sa))
                .collect(Collectors.toMap(SaFidelityIT::key, sa -> sa));
        assertEquals(SAS, read.size());
        for (SecurityAssociation sa : generated) {
            SecurityAssociation back = read.get(key(sa));
            if (sa.initialUsage() != null) {
                assertEquals(sa.initialUsage(), back.usage(), () -> "seed " + (SEED + 1) + "\n" + sa);
            }
            assertEquals(fields(completed(sa)), fields(back), () -> "seed " + (SEED + 1) + "\n" + sa);
        }
    }

    /** All but what it was used, which is written in one place and read in another. */
    private static Map<String, Object> fields(SecurityAssociation sa) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (RecordComponent component : SecurityAssociation.class.getRecordComponents()) {
            try {
                fields.put(component.getName(), component.getAccessor().invoke(sa));
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
        fields.keySet().removeAll(List.of("usage", "initialUsage"));
        fields.put("algorithms", Set.copyOf(sa.algorithms()));
        return fields;
    }

    /** With what the kernel adds to an SA: the usual length of an ICV, sequence numbers to start with. */
    private static SecurityAssociation completed(SecurityAssociation sa) {
        SecurityAssociationBuilder builder = sa.toBuilder()
                .replay(sa.replay() != null ? sa.replay() : new ReplayState(0, 0, 0));
        sa.algorithm(Auth.class).filter(auth -> auth.icvBits() == 0)
                .ifPresent(auth -> builder.algorithm(new Auth(auth.name(), auth.key(), 96)));
        return builder.build();
    }

    /** A test of thousands shows little if they are all alike. */
    @Test
    void everyKindIsAmongThem() {
        List<SecurityAssociation> generated = RandomSas.of(SEED, SAS);
        Map<String, Predicate<SecurityAssociation>> kinds = new HashMap<>();
        for (Protocol protocol : List.of(Protocol.ESP, Protocol.AH, Protocol.COMP, Protocol.ROUTING,
                Protocol.DSTOPTS)) {
            kinds.put(protocol.toString(), sa -> sa.protocol().equals(protocol));
        }
        for (Mode mode : List.of(Mode.TRANSPORT, Mode.TUNNEL, Mode.BEET, Mode.ROUTE_OPTIMIZATION)) {
            kinds.put(mode.toString(), sa -> sa.mode().equals(mode));
        }
        for (Direction direction : Direction.values()) {
            kinds.put("direction " + direction, sa -> sa.direction() == direction);
        }
        kinds.put("an inner family of its own", sa -> sa.selector().family() != sa.family());
        kinds.put("classic replay", sa -> sa.replay() instanceof ReplayState);
        kinds.put("bitmap without esn", sa -> sa.replay() instanceof ReplayEsn && (sa.flags() & 128) == 0);
        kinds.put("bitmap with esn", sa -> sa.replay() instanceof ReplayEsn esn && esn.bitmap().size() == 128
                && (sa.flags() & 128) != 0);
        kinds.put("comp", sa -> sa.algorithm(Comp.class).isPresent());
        kinds.put("auth, length of the ICV left to the kernel",
                sa -> sa.algorithm(Auth.class).filter(auth -> auth.icvBits() == 0).isPresent());
        kinds.put("encap", sa -> sa.encap() != null);
        kinds.put("nat keepalive", sa -> sa.natKeepaliveInterval() != 0);
        kinds.put("mapping threshold", sa -> sa.mappingThreshold() != 0);
        kinds.put("tfc padding", sa -> sa.tfcPadding() != 0);
        kinds.put("cpu", sa -> sa.cpu() == 0);
        kinds.put("care-of address", sa -> sa.careOfAddress() != null);
        kinds.put("mark", sa -> !sa.mark().isNone());
        kinds.put("output mark", sa -> !sa.outputMark().isNone());
        kinds.put("if_id", sa -> sa.ifId() != 0);
        kinds.put("unknown extra flags", sa -> sa.extraFlags() >>> 2 != 0);
        kinds.put("unlimited", sa -> sa.lifetime().equals(Lifetime.UNLIMITED));
        kinds.put("used before", sa -> sa.initialUsage() != null);
        kinds.forEach((name, kind) -> assertTrue(generated.stream().filter(kind).count() >= 20, name));
    }

    private void install(List<SecurityAssociation> sas) {
        List<SaDatabase.AddRefusal> refusals = kernel.sas().addAll(sas);
        if (!refusals.isEmpty()) {
            SaDatabase.AddRefusal first = refusals.getFirst();
            fail("seed " + SEED + ": " + refusals.size() + " were refused, first " + first.refusal() + "\n"
                    + sas.get(first.index()));
        }
    }

    /** Those without an SPI are told apart by their addresses. */
    private static SaId key(SecurityAssociation sa) {
        return sa.spi() != 0 ? sa.id() : new SaId(sa.source(), sa.id().hashCode(), sa.protocol(), sa.mark());
    }

    /** The kernel makes one for a tunnel of IPComp, by itself, and numbers it anew; none can be written. */
    private static boolean isCompanion(SecurityAssociation sa) {
        return sa.protocol().number() == 4 || sa.protocol().number() == 41;
    }
}
