package org.xfrm4j.migrate;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.bindings.xfrm_usersa_info;
import org.xfrm4j.bindings.xfrm_userpolicy_info;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.MigrateStateEncoder;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.SaDecoder;
import org.xfrm4j.wire.SaEncoder;
import org.xfrm4j.wire.SelectorEncoder;
import org.xfrm4j.wire.TemplateDecoder;

/**
 * Finds out what becomes of a template that uses no SA at the moment, as that of a trap policy, which is there to have
 * one negotiated: asks the rule about the SA that the template asks for, of SPI 0 where it does not name one. The
 * template follows if the rule would give that SA another address.
 */
final class IdleTemplates {
    /** A structure and what tells mark, interface and direction. */
    private static final int SA_BYTES = SaEncoder.LENGTH + 64;
    private static final long SA_SELECTOR = xfrm_usersa_info.sel$offset();
    private static final long POLICY_SELECTOR = xfrm_userpolicy_info.sel$offset();

    private final MoveRule rule;
    private final TemplateKey key = new TemplateKey();
    private final MemorySegment sa = MemorySegment.ofArray(new byte[SA_BYTES]);
    private final MemorySegment message =
            MemorySegment.ofArray(new byte[MigrateStateEncoder.MAX_ENCODED_LENGTH]);
    private final SaEncoder saEncoder = new SaEncoder();
    private final SaDecoder asked = new SaDecoder();
    private final MigrateStateEncoder encoder = new MigrateStateEncoder();
    private final MigrateStateDecoder move = new MigrateStateDecoder();

    IdleTemplates(MoveRule rule) {
        this.rule = rule;
    }

    /** From where to where the template's SA would move; null if it would not, or what it asks for is not one SA. */
    MoveEnds follow(PolicyDecoder policy, int index) {
        TemplateDecoder template = policy.template(index);
        boolean wraps = TemplateKey.wraps(template.mode());
        key.of(policy, index);
        if (!wraps && !(key.source().isOne() && key.destination().isOne())) {
            return null;
        }
        // In transport mode the SA has the packets' own addresses.
        int family = wraps ? template.family() : key.family();
        IpAddress source = address(family, wraps ? template.sourceHigh() : key.source().high(),
                wraps ? template.sourceLow() : key.source().low());
        IpAddress destination = address(family, wraps ? template.destinationHigh() : key.destination().high(),
                wraps ? template.destinationLow() : key.destination().low());
        encodeSa(policy, template, source, destination);
        encoder.wrap(message, 0).from(asked);
        return rule.decide(asked, encoder) ? ends(source, destination) : null;
    }

    private static IpAddress address(int family, long high, long low) {
        return IpAddress.ofWire(AddressFamily.of(family), high, low);
    }

    private void encodeSa(PolicyDecoder policy, TemplateDecoder template, IpAddress source, IpAddress destination) {
        saEncoder.wrap(sa, 0)
                .destination(destination.high(), destination.low())
                .spi(template.spi())
                .protocol(template.protocol())
                .source(source.high(), source.low())
                .reqid(template.reqid())
                .family(source.family().number())
                .mode(template.mode());
        MemorySegment.copy(policy.segment(), policy.offset() + POLICY_SELECTOR, sa, SA_SELECTOR,
                SelectorEncoder.LENGTH);
        if ((policy.markValue() | policy.markMask()) != 0) {
            saEncoder.attributes().putMark(xfrm4j_h.XFRMA_MARK(), policy.markValue(), policy.markMask());
        }
        if (policy.ifId() != 0) {
            saEncoder.attributes().putU32(xfrm4j_h.XFRMA_IF_ID(), policy.ifId());
        }
        boolean out = policy.direction() == PolicyDirection.OUT.number();
        saEncoder.attributes().putU8(xfrm4j_h.XFRMA_SA_DIR(),
                out ? Direction.OUT.number() : Direction.IN.number());
        asked.wrap(sa, 0, saEncoder.encodedLength());
    }

    private MoveEnds ends(IpAddress source, IpAddress destination) {
        MoveEnds ends = new MoveEnds().from(source.family().number(), source.high(), source.low(), destination.high(),
                destination.low()).to(move.wrap(message, 0, encoder.encode()));
        return ends.stay() ? null : ends;
    }
}
