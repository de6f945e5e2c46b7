package org.xfrm4j.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;

/**
 * Text on its way to standard output: bytes, gathered in one array and written in large pieces, so that long lists take
 * no objects. What is printed by those that extend it is, blank by blank, what {@code ip xfrm} prints.
 */
class Text {
    private static final int PIECE = 1 << 16;
    private static final int LONGEST_NUMBER = 20;

    private final OutputStream out;
    private final Map<Integer, String> interfaces = new HashMap<>();
    private final TimeText times = new TimeText();
    /** What is not yet written, up to {@link #end}. */
    private byte[] bytes = new byte[2 * PIECE];
    private int end;

    Text(OutputStream out) {
        this.out = out;
    }

    /** One thing is complete: writes, if it is enough by now. */
    final void end() {
        if (end >= PIECE) {
            flush();
        }
    }

    /** Writes all. */
    final void flush() {
        try {
            out.write(bytes, 0, end);
            out.flush();
        } catch (IOException closed) {
            throw new NotDoneException("standard output cannot be written to: the rest is not shown");
        } finally {
            // Keys may stand there.
            Arrays.fill(bytes, 0, end, (byte) 0);
            end = 0;
        }
    }

    /** Makes room for so many bytes more. */
    private void need(int count) {
        if (count > bytes.length - end) {
            byte[] old = bytes;
            bytes = Arrays.copyOf(old, Math.max(2 * old.length, end + count));
            Arrays.fill(old, (byte) 0);
        }
    }

    /** Words of ASCII. */
    @SuppressWarnings("deprecation") // It takes the lower byte of each character, and nothing else is as quick.
    final Text put(String ascii) {
        int length = ascii.length();
        need(length);
        ascii.getBytes(0, length, bytes, end);
        end += length;
        return this;
    }

    final Text put(char ascii) {
        need(1);
        bytes[end++] = (byte) ascii;
        return this;
    }

    /** Words that come from elsewhere. */
    final Text putAny(String words) {
        return put(words.getBytes(StandardCharsets.UTF_8));
    }

    private Text put(byte[] text) {
        need(text.length);
        System.arraycopy(text, 0, bytes, end, text.length);
        end += text.length;
        return this;
    }

    /** Bytes that stand in memory. */
    final Text put(MemorySegment segment, long offset, int length) {
        need(length);
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, bytes, end, length);
        end += length;
        return this;
    }

    /** The like in hexadecimal digits. */
    final Text hexBytes(MemorySegment segment, long offset, int length) {
        for (int i = 0; i < length; i++) {
            digits(segment.get(ValueLayout.JAVA_BYTE, offset + i), 2);
        }
        return this;
    }

    final Text address(AddressFamily family, long high, long low) {
        need(IpAddress.MAX_TEXT_LENGTH);
        end = IpAddress.print(family, high, low, bytes, end);
        return this;
    }

    final Text unsigned(int number) {
        return unsigned(Integer.toUnsignedLong(number));
    }

    final Text unsigned(long number) {
        if (number < 0) {
            return put(Long.toUnsignedString(number));
        }
        need(LONGEST_NUMBER);
        int length = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            length++;
        }
        end += length;
        int at = end;
        long rest = number;
        do {
            bytes[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
        return this;
    }

    final Text hex(int number) {
        return digits(number, Math.max(1, (Integer.SIZE + 3 - Integer.numberOfLeadingZeros(number)) / 4));
    }

    /** In eight digits. */
    final Text hex8(int number) {
        return digits(number, 8);
    }

    /** The last so many hexadecimal digits. */
    final Text digits(int number, int count) {
        need(count);
        for (int shift = 4 * (count - 1); shift >= 0; shift -= 4) {
            int digit = number >>> shift & 15;
            bytes[end++] = (byte) (digit < 10 ? '0' + digit : 'a' - 10 + digit);
        }
        return this;
    }

    /** C's {@code %#x}, which leaves out the 0x of zero. */
    final Text sharpHex(int number) {
        return number == 0 ? put('0') : put("0x").hex(number);
    }

    /** A title, names of bits, those without one in hexadecimal, with a blank between each. */
    final Text flags(String title, int flags, String[] names) {
        put(title);
        boolean first = true;
        for (int i = 0; i < names.length; i++) {
            if ((flags >>> i & 1) != 0) {
                put(first ? "" : " ").put(names[i]);
                first = false;
            }
        }
        int rest = flags >>> names.length << names.length;
        return rest == 0 ? this : put(first ? "" : " ").hex(rest);
    }

    /** Eight bits in binary digits. */
    final Text binary(int bits) {
        put(" (0x");
        for (int bit = Byte.SIZE - 1; bit >= 0; bit--) {
            put((bits >>> bit & 1) == 0 ? '0' : '1');
        }
        return put(')');
    }

    /** Seconds since 1970; nothing for 0. */
    final Text time(long seconds) {
        return seconds == 0 ? put('-') : put(times.of(seconds));
    }

    /** The name of an interface of this process's network namespace; of one that is not there, {@code if}, number. */
    final Text interfaceName(int index) {
        return putAny(interfaces.computeIfAbsent(index, number -> {
            try {
                NetworkInterface found = number > 0 ? NetworkInterface.getByIndex(number) : null;
                return found == null ? "if" + number : found.getName();
            } catch (SocketException unknown) {
                return "if" + number;
            }
        }));
    }
}
