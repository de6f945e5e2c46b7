package org.xfrm4j.json;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.policy.Level;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.policy.Sharing;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityContext;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.SecurityContextDecoder;
import org.xfrm4j.wire.TemplateDecoder;

/** Policies straight from the kernel's bytes: byte for byte what {@link PolicyJson} makes of their values. */
final class PolicyBytesJson {
    private PolicyBytesJson() {
    }

    static void write(Json json, PolicyDecoder policy, boolean keys) {
        try {
            json.begin();
            fields(json, policy, keys);
            json.end();
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(
                    "policy index " + Integer.toUnsignedString(policy.index()) + ": " + e.getMessage());
        }
    }

    private static void fields(Json json, PolicyDecoder policy, boolean keys) {
        PolicyJson.direction(json, PolicyDirection.of(policy.direction()));
        Parts.selector(json, "selector", policy.selector());
        PolicyJson.type(json, PolicyType.of(policy.type()));
        Parts.mark(json, "mark", policy.markValue(), policy.markMask());
        json.putUnlessZero("if_id", policy.ifId());
        int context = xfrm4j_h.XFRMA_SEC_CTX();
        if (policy.has(context)) {
            // Few have one.
            Parts.securityContext(json, SecurityContext.from(policy.segment(), new SecurityContextDecoder()
                    .wrap(policy.segment(), policy.attributeOffset(context), policy.attributeLength(context))));
        }
        json.putUnsigned("index", policy.index());
        json.putUnsigned("priority", policy.priority());
        json.putName("action", PolicyAction.of(policy.action()));
        Parts.bits(json, "flags", Parts.POLICY_FLAGS, policy.flags());
        PolicyJson.share(json, new Sharing(policy.share()));
        json.beginList("templates");
        for (int i = 0; i < policy.templateCount(); i++) {
            template(json, policy.template(i));
        }
        json.end();
        Parts.lifetime(json, policy.lifetime());
        Parts.usage(json, "usage", policy.usage());
        if (policy.has(xfrm4j_h.XFRMA_OFFLOAD_DEV())) {
            Parts.offload(json, policy.offloadIfindex(), policy.offloadFlags());
        }
        Parts.otherAttributes(json, policy.segment(), policy.attributes(), Policy::hasComponentFor, keys);
    }

    private static void template(Json json, TemplateDecoder template) {
        AddressFamily family = AddressFamily.of(template.family());
        json.begin();
        json.putAddress("source", family, template.sourceHigh(), template.sourceLow());
        json.putAddress("destination", family, template.destinationHigh(), template.destinationLow());
        if (template.spi() != 0) {
            json.putHex("spi", template.spi());
        }
        json.putText("protocol", new Protocol(template.protocol()));
        json.putText("mode", new Mode(template.mode()));
        json.putUnsigned("reqid", template.reqid());
        PolicyJson.share(json, new Sharing(template.share()));
        json.putText("level", new Level(template.optional()));
        PolicyJson.algorithms(json, template.authenticationAlgorithms(), template.encryptionAlgorithms(),
                template.compressionAlgorithms());
        json.end();
    }
}
