package org.xfrm4j.migrate;

import java.util.function.IntConsumer;
import org.xfrm4j.migrate.SaIndexes.Fields;
import org.xfrm4j.wire.PolicyDecoder;

/** Finds the SAs that a policy uses, without looking at each. */
final class PolicyMatcher {
    private final SaTable sas;
    private final SaIndexes indexes;
    private final TemplateKey key = new TemplateKey();
    private final AddressRange noSource = new AddressRange().all();

    PolicyMatcher(SaTable sas) {
        this.sas = sas;
        this.indexes = new SaIndexes(sas);
    }

    /** Calls the visitor with the number of each SA that the policy finds by its template. */
    void forEach(PolicyDecoder policy, int template, IntConsumer visitor) {
        key.of(policy, template);
        boolean oneSource = key.source().isOne();
        if (key.isOutgoing() && key.destination().isOne()) {
            visit(oneSource ? Fields.ENDS : Fields.DESTINATION, key.source(), visitor);
            boolean sourceGiven = (key.source().high() | key.source().low()) != 0;
            if (oneSource && sourceGiven && sas.hasAnyWithoutSource()) {
                visit(Fields.ENDS, noSource, visitor);
            }
        } else if (!key.isOutgoing() && oneSource) {
            visit(key.isReqidExact() ? Fields.SOURCE : Fields.SOURCE_ALONE, key.source(), visitor);
        } else if (key.isReqidExact()) {
            visit(Fields.REQID, key.source(), visitor);
        } else {
            for (int sa = 0; sa < sas.count(); sa++) {
                visit(sa, visitor);
            }
        }
    }

    private void visit(Fields fields, AddressRange source, IntConsumer visitor) {
        HashIndex index = indexes.by(fields);
        int hash = SaIndexes.hash(fields, source, key.destination(), key.reqid());
        for (int sa = index.first(hash); sa != HashIndex.NONE; sa = index.next(sa)) {
            visit(sa, visitor);
        }
    }

    private void visit(int sa, IntConsumer visitor) {
        if (key.finds(sas, sa)) {
            visitor.accept(sa);
        }
    }
}
