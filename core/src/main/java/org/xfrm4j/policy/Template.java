package org.xfrm4j.policy;

import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.wire.TemplateDecoder;
import org.xfrm4j.wire.TemplateEncoder;

/**
 * What an SA must be like that wraps the packets of a policy ({@code struct xfrm_user_tmpl}).
 *
 * @param source the outer source; in tunnel modes all zero for one that routing chooses
 * @param destination the outer destination, of the same family
 * @param spi the SPI; 0 for any
 * @param protocol the protocol
 * @param mode the mode
 * @param reqid the reqid; 0 for any
 * @param share who may share the SA
 * @param level whether packets need it
 * @param authenticationAlgorithms which algorithms are taken, one bit each by the numbers of PF_KEY (RFC 2367)
 * @param encryptionAlgorithms likewise
 * @param compressionAlgorithms likewise
 */
public record Template(
        IpAddress source,
        IpAddress destination,
        int spi,
        Protocol protocol,
        Mode mode,
        int reqid,
        Sharing share,
        Level level,
        int authenticationAlgorithms,
        int encryptionAlgorithms,
        int compressionAlgorithms) {
    /** All algorithms, also those that have no number in PF_KEY. */
    public static final int ALL_ALGORITHMS = ~0;

    /**
     * Checks what holds for any template.
     *
     * @throws IllegalArgumentException if the outer addresses differ in family
     * @throws NullPointerException if a field is null; the message names it
     */
    public Template {
        Check.notNull("template source", source);
        Check.notNull("template destination", destination);
        Check.notNull("template proto", protocol);
        Check.notNull("template mode", mode);
        Check.notNull("template share", share);
        Check.notNull("template level", level);
        Check.refuse(source.family() != destination.family(),
                "template: source %s and destination %s of different families", source, destination);
    }

    /** {@return a template of tunnel mode, for any SPI, any reqid and all algorithms, which is required} */
    public static Template tunnel(Protocol protocol, IpAddress source, IpAddress destination) {
        return of(protocol, Mode.TUNNEL, source, destination);
    }

    /**
     * {@return a template of transport mode, for any SPI, any reqid and all algorithms, which is required} It has no
     * addresses: the kernel takes those of the packet. Its family becomes that of the policy.
     */
    public static Template transport(Protocol protocol) {
        return of(protocol, Mode.TRANSPORT, IpAddress.UNSPECIFIED, IpAddress.UNSPECIFIED);
    }

    /** {@return a template for any SPI, any reqid and all algorithms, which is required} */
    public static Template of(Protocol protocol, Mode mode, IpAddress source, IpAddress destination) {
        return new Template(source, destination, 0, protocol, mode, 0, Sharing.ANY, Level.REQUIRED,
                ALL_ALGORITHMS, ALL_ALGORITHMS, ALL_ALGORITHMS);
    }

    /** {@return this template, for an SPI} */
    public Template withSpi(int other) {
        return new Template(source, destination, other, protocol, mode, reqid, share, level,
                authenticationAlgorithms, encryptionAlgorithms, compressionAlgorithms);
    }

    /** {@return this template, for a reqid} */
    public Template withReqid(int other) {
        return new Template(source, destination, spi, protocol, mode, other, share, level,
                authenticationAlgorithms, encryptionAlgorithms, compressionAlgorithms);
    }

    /** {@return this template, with another sharing} */
    public Template withShare(Sharing other) {
        return new Template(source, destination, spi, protocol, mode, reqid, other, level,
                authenticationAlgorithms, encryptionAlgorithms, compressionAlgorithms);
    }

    /** {@return this template, with another level} */
    public Template withLevel(Level other) {
        return new Template(source, destination, spi, protocol, mode, reqid, share, other,
                authenticationAlgorithms, encryptionAlgorithms, compressionAlgorithms);
    }

    /** {@return this template, for some algorithms} */
    public Template withAlgorithms(int authentication, int encryption, int compression) {
        return new Template(source, destination, spi, protocol, mode, reqid, share, level,
                authentication, encryption, compression);
    }

    /** This template; where it has no addresses, with those of the family that are all zero. */
    Template inFamily(AddressFamily family) {
        if (family() != AddressFamily.UNSPEC || !source.isUnspecified() || !destination.isUnspecified()) {
            return this;
        }
        IpAddress any = new IpAddress(family, 0, 0);
        return new Template(any, any, spi, protocol, mode, reqid, share, level,
                authenticationAlgorithms, encryptionAlgorithms, compressionAlgorithms);
    }

    /** {@return the family of the outer addresses} */
    public AddressFamily family() {
        return source.family();
    }

    /**
     * {@return the template that is there}
     *
     * @throws IllegalArgumentException if its family is unknown
     */
    public static Template from(TemplateDecoder template) {
        AddressFamily family = AddressFamily.of(template.family());
        return new Template(
                IpAddress.ofWire(family, template.sourceHigh(), template.sourceLow()),
                IpAddress.ofWire(family, template.destinationHigh(), template.destinationLow()),
                template.spi(),
                new Protocol(template.protocol()),
                new Mode(template.mode()),
                template.reqid(),
                new Sharing(template.share()),
                new Level(template.optional()),
                template.authenticationAlgorithms(),
                template.encryptionAlgorithms(),
                template.compressionAlgorithms());
    }

    /**
     * Writes the template.
     *
     * @param template where to; already wrapped
     * @return the size in bytes
     */
    public int encode(TemplateEncoder template) {
        return template.destination(destination.high(), destination.low())
                .spi(spi)
                .protocol(protocol.number())
                .family(family().number())
                .source(source.high(), source.low())
                .reqid(reqid)
                .mode(mode.number())
                .share(share.number())
                .optional(level.number())
                .algorithms(authenticationAlgorithms, encryptionAlgorithms, compressionAlgorithms)
                .encodedLength();
    }

    /** {@return the template as {@code ip xfrm} prints it} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("tmpl src ").append(source).append(" dst ").append(destination)
                .append(" proto ").append(protocol);
        if (spi != 0) {
            text.append(String.format(" spi 0x%08x", spi));
        }
        text.append(" reqid ").append(Integer.toUnsignedString(reqid)).append(" mode ").append(mode);
        if (level.isOptional()) {
            text.append(" level ").append(level);
        }
        if (!share.equals(Sharing.ANY)) {
            text.append(" share ").append(share);
        }
        if ((authenticationAlgorithms & encryptionAlgorithms & compressionAlgorithms) != ALL_ALGORITHMS) {
            text.append(String.format(" enc-mask %08x auth-mask %08x comp-mask %08x",
                    encryptionAlgorithms, authenticationAlgorithms, compressionAlgorithms));
        }
        return text.toString();
    }
}
