package org.xfrm4j.wire;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.sa.SecurityAssociation;

/** Mutated and truncated messages: the documented exception or a value, never anything else. */
class HostileInputTest {
    private static final int DATAGRAMS = 250_000;
    private static final long SEED = 20_260_925;

    private final SaDecoder sa = new SaDecoder();
    private final MigrateStateDecoder migrate = new MigrateStateDecoder();
    private final MigrateStateEncoder message = new MigrateStateEncoder();
    private final MemorySegment batch = Memory.dirty(512);

    private static byte[] attribute(int type, byte[] payload) {
        byte[] attribute = new byte[4 + (payload.length + 3 & ~3)];
        attribute[0] = (byte) (4 + payload.length);
        attribute[1] = (byte) (4 + payload.length >>> 8);
        attribute[2] = (byte) type;
        System.arraycopy(payload, 0, attribute, 4, payload.length);
        return attribute;
    }

    /** An SA with every attribute whose length matters. */
    private static byte[] fullSa() {
        return GoldenBytes.concat(
                GoldenBytes.SA,
                attribute(xfrm4j_h.XFRMA_ALG_AEAD(), GoldenBytes.AEAD),
                attribute(xfrm4j_h.XFRMA_ALG_AUTH_TRUNC(), GoldenBytes.AUTH_TRUNC),
                attribute(xfrm4j_h.XFRMA_ALG_CRYPT(), GoldenBytes.CRYPT),
                attribute(xfrm4j_h.XFRMA_ALG_COMP(), GoldenBytes.CRYPT),
                attribute(xfrm4j_h.XFRMA_REPLAY_ESN_VAL(), GoldenBytes.REPLAY_ESN),
                attribute(xfrm4j_h.XFRMA_REPLAY_VAL(), GoldenBytes.REPLAY),
                attribute(xfrm4j_h.XFRMA_SEC_CTX(), GoldenBytes.SECURITY_CONTEXT),
                attribute(xfrm4j_h.XFRMA_LTIME_VAL(), new byte[32]),
                attribute(xfrm4j_h.XFRMA_COADDR(), new byte[16]),
                attribute(xfrm4j_h.XFRMA_LASTUSED(), new byte[8]),
                attribute(xfrm4j_h.XFRMA_SA_DIR(), new byte[] {1}),
                attribute(xfrm4j_h.XFRMA_IPTFS_REORDER_WINDOW(), new byte[2]),
                attribute(200, new byte[5]),
                GoldenBytes.MIGRATE_STATE_ATTRIBUTES);
    }

    private static byte[] fullMigrateState() {
        return GoldenBytes.concat(GoldenBytes.MIGRATE_STATE, GoldenBytes.MIGRATE_STATE_ATTRIBUTES,
                attribute(xfrm4j_h.XFRMA_SA_DIR(), new byte[] {1}));
    }

    private static byte[] mutate(byte[] good, Random random) {
        byte[] bytes = random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length + 1)) : good.clone();
        for (int i = random.nextInt(8); i > 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            bytes[at] = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> (byte) 0xff;
                case 2 -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
                default -> (byte) random.nextInt();
            };
        }
        return bytes;
    }

    @Test
    void givesAValueOrTheDocumentedException() {
        Random random = new Random(SEED);
        byte[] goodSa = fullSa();
        byte[] goodMigrateState = fullMigrateState();
        // Exact ends: whatever reads behind the message reads behind the segment, and is seen.
        MemorySegment memory = Memory.dirty(2048);
        int values = 0;
        int refused = 0;
        for (int i = 0; i < DATAGRAMS; i++) {
            boolean isSa = random.nextBoolean();
            byte[] bytes = mutate(isSa ? goodSa : goodMigrateState, random);
            MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, memory.byteSize() - bytes.length, bytes.length);
            MemorySegment datagram = memory.asSlice(memory.byteSize() - bytes.length);
            try {
                if (isSa) {
                    readSa(datagram);
                } else {
                    readMigrateState(datagram);
                }
                values++;
            } catch (MalformedMessageException expected) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("datagram " + i + " of seed " + SEED, e);
            }
        }
        assertTrue(values > DATAGRAMS / 20, "only " + values + " were good: the mutations are too wild to reach far");
        assertTrue(refused > DATAGRAMS / 20, "only " + refused + " were refused: the mutations are too tame");
    }

    private void readSa(MemorySegment datagram) {
        sa.wrap(datagram, 0, datagram.byteSize());
        SecurityAssociation value = SecurityAssociation.from(sa);
        assertTrue(value.toString().length() > 0);
        message.wrap(batch, Memory.OFFSET).from(sa);
        migrate.wrap(message.segment(), message.offset(), message.encodedLength());
        MigrateStateRules.reasonToRefuse(migrate, sa);
    }

    private void readMigrateState(MemorySegment datagram) {
        migrate.wrap(datagram, 0, datagram.byteSize());
        MigrateStateRules.reasonToRefuse(migrate);
        if (migrate.encapOffset() >= 0) {
            new EncapDecoder().wrap(datagram, migrate.encapOffset()).originalAddressLow();
        }
        migrate.newSelector().user();
        migrate.outputMarkMask();
        migrate.offloadFlags();
        migrate.direction();
    }

    @Test
    void takesTheFullMessagesThemselves() {
        readSa(Memory.of(fullSa()).asSlice(0, fullSa().length));
        readMigrateState(Memory.of(fullMigrateState()).asSlice(0, fullMigrateState().length));
    }

    @Test
    void refusesEveryTruncationOfTheFixedPart() {
        for (int length = 0; length < SaEncoder.LENGTH; length++) {
            byte[] bytes = Arrays.copyOf(GoldenBytes.SA, length);
            assertThrows(MalformedMessageException.class,
                    () -> sa.wrap(Memory.of(bytes), 0, bytes.length));
        }
        for (int length = 0; length < MigrateStateEncoder.LENGTH; length++) {
            byte[] bytes = Arrays.copyOf(GoldenBytes.MIGRATE_STATE, length);
            assertThrows(MalformedMessageException.class,
                    () -> migrate.wrap(Memory.of(bytes), 0, bytes.length));
        }
    }
}
