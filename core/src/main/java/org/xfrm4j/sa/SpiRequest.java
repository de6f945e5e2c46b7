package org.xfrm4j.sa;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.SpiRequestEncoder;

/**
 * What an SA shall be like that the kernel reserves an SPI for (XFRM_MSG_ALLOCSPI), before its keys are known.
 *
 * @param source the outer source
 * @param destination the outer destination, of the same family
 * @param protocol ESP, AH or IPComp
 * @param mode how the SA will wrap packets
 * @param reqid the reqid; 0 for none
 * @param seq the {@code seq} of the acquire that is answered; 0 for none
 * @param lowest the lowest SPI that will do, unsigned
 * @param highest the highest SPI that will do, unsigned
 * @param mark the mark
 * @param ifId the id of the XFRM interface; 0 for none
 * @param cpu the CPU that the SA is for; {@link SecurityAssociation#NO_CPU} for all
 * @param direction which way its packets will go
 */
public record SpiRequest(
        IpAddress source,
        IpAddress destination,
        Protocol protocol,
        Mode mode,
        int reqid,
        int seq,
        int lowest,
        int highest,
        Mark mark,
        int ifId,
        int cpu,
        Direction direction) {
    /** The lowest SPI that is free to use: those below are reserved (RFC 4303, section 2.1). */
    public static final int LOWEST_SPI = 0x100;
    /** The highest CPI that IPComp has (RFC 3173, section 3.3). */
    public static final int HIGHEST_CPI = 0xffff;

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if the kernel would refuse them, or search an empty range; the message names the
     *     field
     */
    public SpiRequest {
        Check.notNull("source", source);
        Check.notNull("destination", destination);
        Check.notNull("proto", protocol);
        Check.notNull("mode", mode);
        Check.notNull("mark", mark);
        Check.notNull("direction", direction);
        refuse(source.family() != destination.family() || source.family() == AddressFamily.UNSPEC,
                "source: " + source + " and destination " + destination + " are not of one family");
        refuse(!protocol.hasSpi(), "proto: " + protocol + " has no SPIs");
        // With 0 the kernel's count of the range can overflow to none at all, and no SA has that SPI.
        refuse(lowest == 0, "lowest spi: 0x00000000 names no SA");
        refuse(Integer.compareUnsigned(lowest, highest) > 0,
                "lowest spi: " + Check.hex32(lowest) + " is above the highest, " + Check.hex32(highest));
        refuse(protocol.equals(Protocol.COMP) && Integer.compareUnsigned(highest, HIGHEST_CPI) > 0,
                "highest spi: " + Check.hex32(highest) + " is larger than 0xffff, the largest CPI of IPComp");
    }

    private static void refuse(boolean wrong, String message) {
        if (wrong) {
            throw new IllegalArgumentException(message);
        }
    }

    /** {@return a request for any free SPI of an SA without mark, interface and CPU} */
    public static SpiRequest of(IpAddress source, IpAddress destination, Protocol protocol, Mode mode, int reqid) {
        return new SpiRequest(source, destination, protocol, mode, reqid, 0, LOWEST_SPI,
                protocol.equals(Protocol.COMP) ? HIGHEST_CPI : ~0, Mark.NONE, 0, SecurityAssociation.NO_CPU,
                Direction.UNSPECIFIED);
    }

    /** {@return this request, for an SPI in a range, both ends included} */
    public SpiRequest withRange(int from, int to) {
        return new SpiRequest(source, destination, protocol, mode, reqid, seq, from, to, mark, ifId, cpu, direction);
    }

    /** {@return this request, as the answer to an acquire} */
    public SpiRequest withSeq(int other) {
        return new SpiRequest(source, destination, protocol, mode, reqid, other, lowest, highest, mark, ifId, cpu,
                direction);
    }

    /** {@return this request, with a mark} */
    public SpiRequest withMark(Mark other) {
        return new SpiRequest(source, destination, protocol, mode, reqid, seq, lowest, highest, other, ifId, cpu,
                direction);
    }

    /** {@return this request, for an XFRM interface} */
    public SpiRequest withIfId(int other) {
        return new SpiRequest(source, destination, protocol, mode, reqid, seq, lowest, highest, mark, other, cpu,
                direction);
    }

    /** {@return this request, for one CPU} */
    public SpiRequest withCpu(int other) {
        return new SpiRequest(source, destination, protocol, mode, reqid, seq, lowest, highest, mark, ifId, other,
                direction);
    }

    /** {@return this request, for packets of one direction} */
    public SpiRequest withDirection(Direction other) {
        return new SpiRequest(source, destination, protocol, mode, reqid, seq, lowest, highest, mark, ifId, cpu,
                other);
    }

    /**
     * Writes the request.
     *
     * @param request where to; already wrapped
     * @return the size in bytes
     */
    public int encode(SpiRequestEncoder request) {
        request.destination(destination.high(), destination.low())
                .source(source.high(), source.low())
                .family(source.family().number())
                .protocol(protocol.number())
                .mode(mode.number())
                .reqid(reqid)
                .seq(seq)
                .range(lowest, highest);
        AttributeEncoder attributes = request.attributes();
        if (!mark.isNone()) {
            attributes.putMark(xfrm4j_h.XFRMA_MARK(), mark.value(), mark.mask());
        }
        if (ifId != 0) {
            attributes.putU32(xfrm4j_h.XFRMA_IF_ID(), ifId);
        }
        if (cpu != SecurityAssociation.NO_CPU) {
            attributes.putU32(xfrm4j_h.XFRMA_SA_PCPU(), cpu);
        }
        if (direction != Direction.UNSPECIFIED) {
            attributes.putU8(xfrm4j_h.XFRMA_SA_DIR(), direction.number());
        }
        return request.encodedLength();
    }

    /** {@return for example {@code esp spi 0x00000100 to 0xffffffff → 198.51.100.7}} */
    @Override
    public String toString() {
        return protocol + " spi " + Check.hex32(lowest) + " to " + Check.hex32(highest) + " → " + destination
                + (mark.isNone() ? "" : " mark " + mark);
    }
}
