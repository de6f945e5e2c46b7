package org.xfrm4j.sa;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.EncapEncoder;
import org.xfrm4j.wire.SaEncoder;
import org.xfrm4j.wire.UsageEncoder;

/** Writes an SA; its attributes in the order of the kernel's dumps ({@code copy_to_user_state_extra}). */
final class SaWriter {
    private SaWriter() {
    }

    static int write(SecurityAssociation sa, SaEncoder encoder) {
        fixedPart(sa, encoder);
        attributes(sa, encoder, encoder.attributes());
        return encoder.encodedLength();
    }

    private static void fixedPart(SecurityAssociation sa, SaEncoder encoder) {
        sa.selector().encode(encoder.selector());
        sa.lifetime().encode(encoder.lifetime());
        sa.usage().encode(encoder.usage());
        encoder.destination(sa.destination().high(), sa.destination().low())
                .spi(sa.spi())
                .protocol(sa.protocol().number())
                .source(sa.source().high(), sa.source().low())
                .stats(sa.stats().replayWindow(), sa.stats().replay(), sa.stats().integrityFailed())
                .seq(sa.seq())
                .reqid(sa.reqid())
                .family(sa.family().number())
                .mode(sa.mode().number())
                .replayWindow(sa.replayWindow())
                .flags(sa.flags());
    }

    private static void attributes(SecurityAssociation sa, SaEncoder encoder, AttributeEncoder attributes) {
        putUnlessZero(attributes, xfrm4j_h.XFRMA_SA_EXTRA_FLAGS(), sa.extraFlags());
        if (sa.careOfAddress() != null) {
            attributes.putAddress(xfrm4j_h.XFRMA_COADDR(), sa.careOfAddress().high(), sa.careOfAddress().low());
        }
        if (sa.lastUsed() != 0) {
            attributes.putU64(xfrm4j_h.XFRMA_LASTUSED(), sa.lastUsed());
        }
        sa.algorithms().forEach(algorithm -> algorithm.encode(encoder.segment(), attributes));
        if (sa.encap() != null) {
            attributes.end(sa.encap().encode(new EncapEncoder()
                    .wrap(encoder.segment(), attributes.begin(xfrm4j_h.XFRMA_ENCAP()))));
        }
        putUnlessZero(attributes, xfrm4j_h.XFRMA_TFCPAD(), sa.tfcPadding());
        if (!sa.mark().isNone()) {
            attributes.putMark(xfrm4j_h.XFRMA_MARK(), sa.mark().value(), sa.mark().mask());
        }
        if (!sa.outputMark().isNone()) {
            attributes.putU32(xfrm4j_h.XFRMA_SET_MARK(), sa.outputMark().value())
                    .putU32(xfrm4j_h.XFRMA_SET_MARK_MASK(), sa.outputMark().mask());
        }
        if (sa.replay() != null) {
            sa.replay().encode(encoder.segment(), attributes);
        }
        if (sa.offload() != null) {
            attributes.putOffload(sa.offload().ifindex(), sa.offload().flags());
        }
        putUnlessZero(attributes, xfrm4j_h.XFRMA_IF_ID(), sa.ifId());
        if (sa.securityContext() != null) {
            sa.securityContext().encode(encoder.segment(), attributes);
        }
        if (sa.iptfs() != null) {
            sa.iptfs().encode(attributes);
        }
        putUnlessZero(attributes, xfrm4j_h.XFRMA_MTIMER_THRESH(), sa.mappingThreshold());
        if (sa.cpu() != SecurityAssociation.NO_CPU) {
            attributes.putU32(xfrm4j_h.XFRMA_SA_PCPU(), sa.cpu());
        }
        if (sa.direction() != Direction.UNSPECIFIED) {
            attributes.putU8(xfrm4j_h.XFRMA_SA_DIR(), sa.direction().number());
        }
        putUnlessZero(attributes, xfrm4j_h.XFRMA_NAT_KEEPALIVE_INTERVAL(), sa.natKeepaliveInterval());
        putUnlessNull(attributes, xfrm4j_h.XFRMA_REPLAY_THRESH(), sa.replayThreshold());
        putUnlessNull(attributes, xfrm4j_h.XFRMA_ETIMER_THRESH(), sa.eventTimerThreshold());
        if (sa.initialUsage() != null) {
            attributes.end(sa.initialUsage().encode(new UsageEncoder()
                    .wrap(encoder.segment(), attributes.begin(xfrm4j_h.XFRMA_LTIME_VAL()))));
        }
        sa.otherAttributes().forEach(other -> other.encode(attributes));
    }

    private static void putUnlessZero(AttributeEncoder attributes, int type, int value) {
        if (value != 0) {
            attributes.putU32(type, value);
        }
    }

    private static void putUnlessNull(AttributeEncoder attributes, int type, Integer value) {
        if (value != null) {
            attributes.putU32(type, value);
        }
    }
}
