package org.xfrm4j.json;

import org.xfrm4j.policy.Acquire;
import org.xfrm4j.policy.LegacyMigrate;
import org.xfrm4j.policy.MigrateEntry;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDefaults;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.policy.Sharing;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.SecurityAssociation;

/** Policies, and what is about them. */
final class PolicyJson {
    private PolicyJson() {
    }

    static void write(Json json, Policy policy, boolean keys) {
        json.begin();
        fields(json, policy, keys);
        json.end();
    }

    static void write(Json json, String name, Policy policy, boolean keys) {
        json.begin(name);
        fields(json, policy, keys);
        json.end();
    }

    private static void fields(Json json, Policy policy, boolean keys) {
        id(json, policy.id());
        json.putUnsigned("index", policy.index());
        json.putUnsigned("priority", policy.priority());
        json.putName("action", policy.action());
        Parts.bits(json, "flags", Parts.POLICY_FLAGS, policy.flags());
        share(json, policy.share());
        json.beginList("templates");
        policy.templates().forEach(template -> template(json, template));
        json.end();
        Parts.lifetime(json, policy.lifetime());
        Parts.usage(json, "usage", policy.usage());
        Parts.offload(json, policy.offload());
        Parts.otherAttributes(json, policy.otherAttributes(), keys);
    }

    /** The fields that name a policy. */
    static void id(Json json, PolicyId id) {
        direction(json, id.direction());
        Parts.selector(json, "selector", id.selector());
        type(json, id.type());
        Parts.mark(json, "mark", id.mark());
        json.putUnlessZero("if_id", id.ifId());
        Parts.securityContext(json, id.securityContext());
    }

    static void direction(Json json, PolicyDirection direction) {
        json.putText("direction", direction.toString().replace(' ', '_'));
    }

    static void type(Json json, PolicyType type) {
        json.putName("type", type);
    }

    static void share(Json json, Sharing share) {
        if (!share.equals(Sharing.ANY)) {
            json.putText("share", share);
        }
    }

    private static void template(Json json, Template template) {
        json.begin();
        json.putText("source", template.source());
        json.putText("destination", template.destination());
        if (template.spi() != 0) {
            json.putHex("spi", template.spi());
        }
        json.putText("protocol", template.protocol());
        json.putText("mode", template.mode());
        json.putUnsigned("reqid", template.reqid());
        share(json, template.share());
        json.putText("level", template.level());
        algorithms(json, template.authenticationAlgorithms(), template.encryptionAlgorithms(),
                template.compressionAlgorithms());
        json.end();
    }

    /** Bits by PF_KEY's numbers; left out where all will do. */
    static void algorithms(Json json, int authentication, int encryption, int compression) {
        if ((authentication & encryption & compression) != Template.ALL_ALGORITHMS) {
            json.putHex("authentication_algorithms", authentication);
            json.putHex("encryption_algorithms", encryption);
            json.putHex("compression_algorithms", compression);
        }
    }

    static void acquire(Json json, Acquire acquire, boolean keys) {
        json.begin("acquire");
        json.putText("source", acquire.source());
        json.putText("destination", acquire.destination());
        json.putHex("spi", acquire.spi());
        json.putText("protocol", acquire.protocol());
        Parts.selector(json, "selector", acquire.selector());
        write(json, "policy", acquire.policy(), keys);
        algorithms(json, acquire.authenticationAlgorithms(), acquire.encryptionAlgorithms(),
                acquire.compressionAlgorithms());
        json.putUnsigned("seq", acquire.seq());
        if (acquire.cpu() != SecurityAssociation.NO_CPU) {
            json.putUnsigned("cpu", acquire.cpu());
        }
        json.end();
    }

    static void defaults(Json json, PolicyDefaults defaults) {
        json.begin("defaults");
        json.putName("in", defaults.in());
        json.putName("forward", defaults.forward());
        json.putName("out", defaults.out());
        json.end();
    }

    static void migrate(Json json, LegacyMigrate migrate) {
        json.begin("migrate");
        direction(json, migrate.direction());
        Parts.selector(json, "selector", migrate.selector());
        type(json, migrate.type());
        json.putUnlessZero("if_id", migrate.ifId());
        json.beginList("entries");
        migrate.entries().forEach(entry -> entry(json, entry));
        json.end();
        if (migrate.kmAddress() != null) {
            json.begin("km_address");
            json.putText("local", migrate.kmAddress().local());
            json.putText("remote", migrate.kmAddress().remote());
            json.end();
        }
        Parts.encap(json, migrate.encap());
        Parts.offload(json, migrate.offload());
        json.end();
    }

    private static void entry(Json json, MigrateEntry entry) {
        json.begin();
        json.putText("old_source", entry.oldSource());
        json.putText("old_destination", entry.oldDestination());
        json.putText("new_source", entry.newSource());
        json.putText("new_destination", entry.newDestination());
        json.putText("protocol", entry.protocol());
        json.putText("mode", entry.mode());
        json.putUnsigned("reqid", entry.reqid());
        json.end();
    }
}
