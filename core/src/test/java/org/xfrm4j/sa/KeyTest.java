package org.xfrm4j.sa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

class KeyTest {
    private static byte[] bytes(Key key) {
        byte[] copy = new byte[key.byteLength()];
        key.copyTo(MemorySegment.ofArray(copy), 0);
        return copy;
    }

    @Test
    void ownsACopyOfItsBytes() {
        byte[] bytes = {1, 2, 3};
        Key key = Key.of(bytes);
        bytes[0] = 9;
        assertArrayEquals(new byte[] {1, 2, 3}, bytes(key));
        assertEquals(24, key.bitLength());
    }

    @Test
    void isZeroAndUselessOnceWiped() {
        Key key = Key.ofHex("0x010203");
        Key other = Key.ofHex("000000");
        key.wipe();
        assertTrue(key.isWiped());
        assertThrows(IllegalStateException.class, () -> bytes(key));
        assertNotEquals(other, key);
    }

    @Test
    void leavesNothingOfItsBytesOnceWiped() throws ReflectiveOperationException {
        Key key = Key.ofHex("0x010203");
        Field field = Key.class.getDeclaredField("bytes");
        field.setAccessible(true);
        byte[] bytes = (byte[]) field.get(key);
        assertArrayEquals(new byte[] {1, 2, 3}, bytes);
        key.wipe();
        assertArrayEquals(new byte[3], bytes);
    }

    @Test
    void comparesByBytesAndLength() {
        assertEquals(Key.ofHex("010203"), Key.of(new byte[] {1, 2, 3}));
        assertEquals(Key.ofHex("010203").hashCode(), Key.of(new byte[] {1, 2, 3}).hashCode());
        assertNotEquals(Key.ofHex("010203"), Key.ofHex("010204"));
        assertNotEquals(Key.ofHex("010203"), Key.ofHex("0102"));
        assertNotEquals(Key.from(MemorySegment.ofArray(new byte[] {1, 2}), 0, 16),
                Key.from(MemorySegment.ofArray(new byte[] {1, 2}), 0, 15));
    }

    @Test
    void neverShowsItself() {
        Key key = Key.ofHex("deadbeefdeadbeefdeadbeefdeadbeef01020304");
        for (Object shown : new Object[] {key, Aead.aesGcm(key), Auth.hmacSha256(key), Crypt.aesCbc(key)}) {
            assertFalse(shown.toString().contains("dead"), shown.toString());
        }
        assertEquals("<key> (160 bits)", key.toString());
        assertEquals("aead rfc4106(gcm(aes)) <key> (160 bits) 128", Aead.aesGcm(key).toString());
    }

    @Test
    void neverShowsDigitsThatItRefuses() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> Key.ofHex("deadbeefx"));
        assertFalse(refusal.getMessage().contains("dead"));
        assertNull(refusal.getCause());
    }

    @Test
    void staysUsableWhenEmptyAndWiped() {
        Key.empty().wipe();
        assertArrayEquals(new byte[0], bytes(Key.empty()));
    }
}
