package org.xfrm4j.json;

import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.wire.AlgorithmEncoder;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/** The form of names and numbers, over Jackson's generator. The only class that knows Jackson. */
final class Json {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    // What broke off in the middle must not look like something whole.
                    .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT).rootValueSeparator("\n").build();
    private static final int HEX_LENGTH = 10;

    private final JsonGenerator out;
    /** What is printed into bytes before it is written: an address with its prefix's length, an algorithm's name. */
    private final byte[] text = new byte[AlgorithmEncoder.MAX_NAME_LENGTH];
    private boolean started;

    private Json(JsonGenerator out) {
        this.out = out;
    }

    static Json open(OutputStream stream, boolean indented) {
        // Lines are what the generator writes by itself, and quicker than through a printer.
        ObjectWriteContext context = indented ? new Layout(indenting()) : ObjectWriteContext.empty();
        return new Json(FACTORY.createGenerator(context, stream, JsonEncoding.UTF8));
    }

    private static PrettyPrinter indenting() {
        // A line feed, whatever the system: what is compared byte by byte should not depend on it.
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        Separators separators = Separators.createDefaultInstance().withRootSeparator("\n")
                .withObjectNameValueSpacing(Separators.Spacing.AFTER).withObjectEmptySeparator("")
                .withArrayEmptySeparator("");
        return new DefaultPrettyPrinter(separators).withObjectIndenter(lines).withArrayIndenter(lines);
    }

    /** Gives a generator its printer, which Jackson 3 takes from the context alone. */
    private static final class Layout extends ObjectWriteContext.Base {
        private final PrettyPrinter printer;

        Layout(PrettyPrinter printer) {
            this.printer = printer;
        }

        @Override
        public PrettyPrinter getPrettyPrinter() {
            return printer;
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    }

    /** Runs what writes, so that callers need not know of Jackson's exceptions. */
    void run(Runnable writes) {
        try {
            writes.run();
        } catch (JacksonIOException failed) {
            throw new UncheckedIOException(failed.getCause());
        }
    }

    void begin() {
        started = true;
        out.writeStartObject();
    }

    void begin(String name) {
        out.writeObjectPropertyStart(name);
    }

    void beginList() {
        started = true;
        out.writeStartArray();
    }

    void beginList(String name) {
        out.writeArrayPropertyStart(name);
    }

    /** Ends the object or list that was begun last. */
    void end() {
        if (out.streamWriteContext().inArray()) {
            out.writeEndArray();
        } else {
            out.writeEndObject();
        }
    }

    void name(String name) {
        out.writeName(name);
    }

    void string(String text) {
        started = true;
        out.writeString(text);
    }

    void number(long number) {
        started = true;
        out.writeNumber(number);
    }

    void truth(boolean truth) {
        started = true;
        out.writeBoolean(truth);
    }

    /** A field of text: that of {@code toString}. */
    void putText(String name, Object text) {
        out.writeStringProperty(name, text.toString());
    }

    /** An address. */
    void putAddress(String name, AddressFamily family, long high, long low) {
        out.writeName(name);
        out.writeRawUTF8String(text, 0, IpAddress.print(family, high, low, text, 0));
    }

    /** An address, slash, the length of a prefix. */
    void putPrefix(String name, AddressFamily family, long high, long low, int length) {
        int end = IpAddress.print(family, high, low, text, 0);
        text[end++] = '/';
        if (length >= 100) {
            text[end++] = (byte) ('0' + length / 100);
        }
        if (length >= 10) {
            text[end++] = (byte) ('0' + length / 10 % 10);
        }
        text[end++] = (byte) ('0' + length % 10);
        out.writeName(name);
        out.writeRawUTF8String(text, 0, end);
    }

    /** The name of an algorithm, where it stands in memory. */
    void putAlgorithm(String name, MemorySegment segment, long offset, int length) {
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, text, 0, length);
        for (int i = 0; i < length; i++) {
            if (text[i] <= ' ' || text[i] > '~') {
                throw new MalformedMessageException("algorithm name: byte " + i + " is not of a name");
            }
        }
        out.writeName(name);
        out.writeUTF8String(text, 0, length);
    }

    /** A field of text, unless there is none. */
    void putTextUnlessNull(String name, Object text) {
        if (text != null) {
            putText(name, text);
        }
    }

    void put(String name, boolean truth) {
        out.writeBooleanProperty(name, truth);
    }

    void put(String name, long number) {
        out.writeNumberProperty(name, number);
    }

    /** A number of 32 bits, unsigned. */
    void putUnsigned(String name, int number) {
        put(name, Integer.toUnsignedLong(number));
    }

    /** A number of 32 bits, unsigned, that means nothing when it is 0. */
    void putUnlessZero(String name, int number) {
        if (number != 0) {
            putUnsigned(name, number);
        }
    }

    /** A number of 32 bits, unsigned, unless there is none. */
    void putUnlessNull(String name, Integer number) {
        if (number != null) {
            putUnsigned(name, number);
        }
    }

    /** A number of 64 bits, unsigned. */
    void putUnsigned(String name, long number) {
        if (number >= 0) {
            put(name, number);
        } else {
            out.writeName(name);
            out.writeNumber(Long.toUnsignedString(number));
        }
    }

    /** A number of 64 bits, unsigned, unless it is the one that means none. */
    void putUnless(String name, long none, long number) {
        if (number != none) {
            putUnsigned(name, number);
        }
    }

    /** A duration; the name gets its unit. */
    void put(String name, Duration duration) {
        put(name + "_nanoseconds", duration.toNanos());
    }

    /** A set of bits, an SPI or the like: 8 digits. */
    void putHex(String name, int bits) {
        out.writeName(name);
        hex(bits);
    }

    /** A set of bits in a list. */
    void hex(int bits) {
        text[0] = '0';
        text[1] = 'x';
        for (int i = HEX_LENGTH - 1, rest = bits; i > 1; i--, rest >>>= 4) {
            text[i] = (byte) Character.forDigit(rest & 15, 16);
        }
        out.writeRawUTF8String(text, 0, HEX_LENGTH);
    }

    /** A constant of an enumeration: its name in small letters. */
    void putName(String name, Enum<?> constant) {
        putText(name, nameOf(constant));
    }

    /** Bytes in hex, by way of an array that is wiped: they may be a key. */
    void putBytes(String name, byte[] bytes) {
        char[] digits = new char[2 + 2 * bytes.length];
        digits[0] = '0';
        digits[1] = 'x';
        for (int i = 0; i < bytes.length; i++) {
            digits[2 + 2 * i] = HexFormat.of().toHighHexDigit(bytes[i]);
            digits[3 + 2 * i] = HexFormat.of().toLowHexDigit(bytes[i]);
        }
        out.writeName(name);
        out.writeString(digits, 0, digits.length);
        Arrays.fill(digits, '0');
    }

    static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    void flush() {
        out.flush();
    }

    void close() {
        if (started) {
            out.writeRaw('\n');
        }
        out.close();
    }
}
