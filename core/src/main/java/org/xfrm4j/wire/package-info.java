/**
 * Encoders and decoders of XFRM messages and attributes over native memory, for those who move many.
 *
 * <pre>
 *   new SaEncoder().wrap(segment, payload).…       ──▶ bytes behind the nlmsghdr, attributes behind the structure
 *                  .encodedLength()                ──▶ NetlinkBatch.end
 *
 *   new SaDecoder().wrap(segment, payload, length) ──▶ checks the structure, and notes where each attribute is
 *                  .spi(), .attributeOffset(type)  ──▶ reads where the kernel put it
 * </pre>
 *
 * <p>Small structures that a migration reads or writes as a whole (the SA, its name, its selector, and the message that
 * moves it) are copied out and in by one copy instead of a checked access for each field: see {@code Words}. So
 * {@code MigrateStateEncoder} ends with {@code encode()}, which puts the structure into memory; attributes are read and
 * written in place.
 *
 * <p>Each class is a flyweight: it owns no memory and is pointed at some with {@code wrap}; one instance serves any
 * number of messages, one after the other. None of them allocates, apart from the exception that a decoder throws and
 * the reason that {@link org.xfrm4j.wire.MigrateStateRules} gives.
 *
 * <ul>
 * <li><b>Offsets</b> are those of the kernel's header, by way of the generated bindings; offsets passed to
 * {@code wrap}, and those that methods named {@code …Offset} return, count from the start of the
 * {@link java.lang.foreign.MemorySegment}. A structure need only be aligned to 4 bytes, as netlink promises no
 * more.</li>
 * <li><b>Byte order</b>: SPIs and ports are ordinary {@code int}s here and big-endian on the wire; addresses are on the
 * wire as they are written; all else is in host order. Unsigned 8 and 16 bit fields are {@code int}s, unsigned 32 and
 * 64 bit fields are {@code int}s and {@code long}s that hold the same bits.</li>
 * <li><b>Addresses</b> are 16 bytes, IPv4 in the first four. As values they are two {@code long}s: {@code high} holds
 * bytes 0 to 7 and {@code low} bytes 8 to 15, the first byte uppermost, so an IPv4 address is the upper half of
 * {@code high}. What they mean is told by a family, {@link org.xfrm4j.wire.Inet#AF_INET} or
 * {@link org.xfrm4j.wire.Inet#AF_INET6}.</li>
 * <li><b>Encoders</b> write padding and reserved bytes as zero, whatever was there. An encoder that is made to write
 * behind the end of its segment throws {@link java.lang.IndexOutOfBoundsException}.</li>
 * <li><b>Decoders</b> take any bytes: what does not fit throws
 * {@link org.xfrm4j.netlink.MalformedMessageException}, and nothing else, from {@code wrap}; the getters then read
 * within what was checked.</li>
 * <li><b>Threads</b>: an instance is for one thread at a time. The memory's own rules (its arena) apply.</li>
 * <li><b>Keys</b>: a dumped or new SA holds its keys in the clear, in memory that the caller owns; the caller wipes
 * it.</li>
 * </ul>
 *
 * <p>Source: {@code include/uapi/linux/xfrm.h} and {@code net/xfrm/xfrm_user.c} of Linux 7.2.
 */
package org.xfrm4j.wire;
