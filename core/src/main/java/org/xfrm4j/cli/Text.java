package org.xfrm4j.cli;

import java.io.PrintWriter;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;

/**
 * Text on its way to standard output: gathered, and written in large pieces. What is printed here and in those that
 * extend it is, blank by blank, what {@code ip xfrm} prints.
 */
class Text {
    private static final int PIECE = 1 << 15;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    /** What is not yet written. */
    protected final StringBuilder text = new StringBuilder(2 * PIECE);
    private final PrintWriter out;
    private final Map<Integer, String> interfaces = new HashMap<>();

    Text(PrintWriter out) {
        this.out = out;
    }

    /** One thing is complete: writes, if it is enough by now. */
    void end() {
        if (text.length() >= PIECE) {
            flush();
        }
    }

    /** Writes all. */
    void flush() {
        out.append(text);
        text.setLength(0);
        if (out.checkError()) {
            throw new NotDoneException("standard output cannot be written to: the rest is not shown");
        }
    }

    final StringBuilder unsigned(int number) {
        return text.append(Integer.toUnsignedString(number));
    }

    final StringBuilder hex(int number) {
        return text.append(Integer.toHexString(number));
    }

    /** In eight digits. */
    final StringBuilder hex8(int number) {
        for (int shift = 28; shift >= 0; shift -= 4) {
            text.append(Character.forDigit(number >>> shift & 15, 16));
        }
        return text;
    }

    /** C's {@code %#x}, which leaves out the 0x of zero. */
    final StringBuilder sharpHex(int number) {
        return number == 0 ? text.append('0') : text.append("0x").append(Integer.toHexString(number));
    }

    /** A title, names of bits, those without one in hexadecimal, with a blank between each. */
    final void flags(String title, int flags, String[] names) {
        text.append(title);
        int start = text.length();
        for (int i = 0; i < names.length; i++) {
            if ((flags >>> i & 1) != 0) {
                text.append(names[i]).append(' ');
            }
        }
        int rest = flags >>> names.length << names.length;
        if (rest != 0) {
            hex(rest);
        } else if (text.length() > start) {
            text.setLength(text.length() - 1);
        }
    }

    /** Eight bits in binary digits. */
    final void binary(int bits) {
        text.append(" (0x");
        for (int bit = Byte.SIZE - 1; bit >= 0; bit--) {
            text.append(bits >>> bit & 1);
        }
        text.append(')');
    }

    /** Seconds since 1970; nothing for 0. */
    final void time(long seconds) {
        if (seconds == 0) {
            text.append('-');
        } else {
            TIME.formatTo(Instant.ofEpochSecond(seconds), text);
        }
    }

    /** The name of an interface of this process's network namespace; of one that is not there, {@code if}, number. */
    final String interfaceName(int index) {
        return interfaces.computeIfAbsent(index, number -> {
            try {
                NetworkInterface found = number > 0 ? NetworkInterface.getByIndex(number) : null;
                return found == null ? "if" + number : found.getName();
            } catch (SocketException unknown) {
                return "if" + number;
            }
        });
    }
}
