package org.xfrm4j.cli;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * Points in time as {@code ip} prints them, in the system's time zone. The latest ones are kept: SAs are added, and
 * used, many in a second, and to make such a text takes longer than all else that is printed of an SA.
 */
final class TimeText {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final int KEPT = 1024;

    private final long[] seconds = new long[KEPT];
    private final byte[][] texts = new byte[KEPT][];

    /** Seconds since 1970, in ASCII; the array is not to be changed. */
    byte[] of(long time) {
        int place = (int) time & KEPT - 1;
        if (texts[place] == null || seconds[place] != time) {
            seconds[place] = time;
            texts[place] = FORMAT.format(Instant.ofEpochSecond(time)).getBytes(StandardCharsets.ISO_8859_1);
        }
        return texts[place];
    }
}
