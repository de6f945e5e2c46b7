package org.xfrm4j.policy;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.AcquireDecoder;
import org.xfrm4j.wire.AcquireEncoder;

/**
 * A packet needs an SA that is not there ({@code struct xfrm_user_acquire}): an IKE daemon is to negotiate one.
 *
 * @param source the outer source of the SA to be
 * @param destination its outer destination, of the same family
 * @param spi its SPI; mostly 0, as it is not known yet
 * @param protocol its protocol
 * @param selector the packet that waits
 * @param policy the policy that asks for the SA, with its templates
 * @param authenticationAlgorithms which algorithms will do, one bit each by the numbers of PF_KEY (RFC 2367)
 * @param encryptionAlgorithms likewise
 * @param compressionAlgorithms likewise
 * @param seq the number by which the answer names this acquire ({@link SecurityAssociation#seq})
 * @param cpu the CPU that the SA is for; {@link SecurityAssociation#NO_CPU} for all
 */
public record Acquire(
        IpAddress source,
        IpAddress destination,
        int spi,
        Protocol protocol,
        Selector selector,
        Policy policy,
        int authenticationAlgorithms,
        int encryptionAlgorithms,
        int compressionAlgorithms,
        int seq,
        int cpu) {
    /**
     * Checks the addresses.
     *
     * @throws IllegalArgumentException if they differ in family
     */
    public Acquire {
        Check.notNull("source", source);
        Check.notNull("destination", destination);
        Check.notNull("proto", protocol);
        Check.notNull("selector", selector);
        Check.notNull("policy", policy);
        Check.refuse(source.family() != destination.family(),
                "acquire: source %s and destination %s of different families", source, destination);
    }

    /**
     * {@return an acquire of the SA that a policy's first template wants}
     *
     * @param selector the packet that waits
     * @param policy a policy with a template
     * @throws IllegalArgumentException if the policy has no template
     */
    public static Acquire of(Selector selector, Policy policy) {
        Check.refuse(policy.templates().isEmpty(), "acquire: a policy without a template wants no SA");
        Template template = policy.templates().getFirst();
        return new Acquire(template.source(), template.destination(), 0, template.protocol(), selector, policy,
                template.authenticationAlgorithms(), template.encryptionAlgorithms(),
                template.compressionAlgorithms(), 0, SecurityAssociation.NO_CPU);
    }

    /**
     * {@return the acquire that is there}
     *
     * @throws MalformedMessageException if its bytes do not form one
     */
    public static Acquire from(AcquireDecoder message) {
        try {
            return read(message);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("acquire: " + e.getMessage());
        }
    }

    private static Acquire read(AcquireDecoder message) {
        Policy policy = PolicyReader.read(message.policy());
        Selector selector = Selector.from(message.selector());
        AddressFamily family = family(message, policy, selector);
        boolean forOneCpu = message.policy().has(xfrm4j_h.XFRMA_SA_PCPU());
        return new Acquire(
                IpAddress.ofWire(family, message.sourceHigh(), message.sourceLow()),
                IpAddress.ofWire(family, message.destinationHigh(), message.destinationLow()),
                message.spi(),
                new Protocol(message.protocol()),
                selector,
                policy,
                message.integrityAlgorithms(),
                message.encryptionAlgorithms(),
                message.compressionAlgorithms(),
                message.seq(),
                forOneCpu ? message.cpu() : SecurityAssociation.NO_CPU);
    }

    /** The message does not tell the family of the outer addresses; the template does that the SA is for. */
    private static AddressFamily family(AcquireDecoder message, Policy policy, Selector selector) {
        for (Template template : policy.templates()) {
            IpAddress destination = template.destination();
            boolean fits = template.protocol().number() == message.protocol()
                    && (destination.isUnspecified() || destination.equals(IpAddress.ofWire(template.family(),
                            message.destinationHigh(), message.destinationLow())));
            if (fits && template.family() != AddressFamily.UNSPEC) {
                return template.family();
            }
        }
        return selector.family();
    }

    /**
     * Writes the payload of XFRM_MSG_ACQUIRE.
     *
     * @param segment the memory
     * @param offset where it goes: behind the {@code nlmsghdr}
     * @return its size in bytes
     */
    public int encode(MemorySegment segment, long offset) {
        AcquireEncoder message = new AcquireEncoder().wrap(segment, offset)
                .id(destination.high(), destination.low(), spi, protocol.number())
                .source(source.high(), source.low())
                .algorithms(authenticationAlgorithms, encryptionAlgorithms, compressionAlgorithms)
                .seq(seq);
        selector.encode(message.selector());
        policy.encode(message.policy());
        if (cpu != SecurityAssociation.NO_CPU) {
            message.attributes().putU32(xfrm4j_h.XFRMA_SA_PCPU(), cpu);
        }
        return message.encodedLength();
    }

    /** {@return for example {@code acquire esp 192.0.2.1 → 198.51.100.7 seq 0x00000001 for src … dst …}} */
    @Override
    public String toString() {
        return String.format("acquire %s %s → %s seq 0x%08x for %s", protocol, source, destination, seq, selector);
    }
}
