package org.xfrm4j.bench.jmh;

import java.lang.foreign.MemorySegment;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.wire.Inet;
import org.xfrm4j.wire.PolicyEncoder;
import org.xfrm4j.wire.SaIdEncoder;
import org.xfrm4j.wire.TemplateEncoder;

/** Puts requests into a batch that every kernel knows, ESP or not: policies, and look-ups of SAs that are not there. */
final class PolicyMessages {
    /** The most that one takes, without its netlink header. */
    static final int ROOM = PolicyEncoder.LENGTH + 4 + TemplateEncoder.LENGTH;

    private static final int OUR_HOST = 0xac10_0001; // 172.16.0.1
    private static final int PRIORITY = 1000;
    private static final int ALL = ~0;

    private final PolicyEncoder policy = new PolicyEncoder();
    private final TemplateEncoder template = new TemplateEncoder();
    private final SaIdEncoder id = new SaIdEncoder();

    /** Adds XFRM_MSG_UPDPOLICY: makes the policy, or replaces it. */
    void addUpdate(NetlinkBatch batch, Sample sample, int gateway) {
        long at = batch.begin(xfrm4j_h.XFRM_MSG_UPDPOLICY(), 0);
        batch.end(update(batch.segment(), at, sample, gateway));
    }

    int update(MemorySegment memory, long at, Sample sample, int gateway) {
        policy.wrap(memory, at)
                .priority(PRIORITY)
                .direction(xfrm4j_h.XFRM_POLICY_OUT())
                .action(xfrm4j_h.XFRM_POLICY_ALLOW())
                .share(xfrm4j_h.XFRM_SHARE_ANY());
        policy.selector().family(Inet.AF_INET)
                .source(Sample.high(OUR_HOST), 0, Integer.SIZE)
                .destination(Sample.high(sample.inner()), 0, Integer.SIZE);
        long inTemplate = policy.attributes().begin(xfrm4j_h.XFRMA_TMPL());
        template.wrap(memory, inTemplate)
                .source(Sample.high(gateway), 0)
                .destination(Sample.high(sample.peer()), 0)
                .protocol(Inet.IPPROTO_ESP)
                .family(Inet.AF_INET)
                .reqid(sample.reqid())
                .mode(xfrm4j_h.XFRM_MODE_TUNNEL())
                .algorithms(ALL, ALL, ALL);
        policy.attributes().end(template.encodedLength());
        return policy.encodedLength();
    }

    /** Adds XFRM_MSG_GETSA for an SA that is not there: the least that an XFRM request can cost. */
    void addLookup(NetlinkBatch batch, Sample sample) {
        long at = batch.begin(xfrm4j_h.XFRM_MSG_GETSA(), 0);
        batch.end(lookup(batch.segment(), at, sample));
    }

    int lookup(MemorySegment memory, long at, Sample sample) {
        return id.wrap(memory, at)
                .destination(Sample.high(sample.peer()), 0)
                .spi(sample.spi())
                .family(Inet.AF_INET)
                .protocol(Inet.IPPROTO_ESP)
                .encodedLength();
    }
}
