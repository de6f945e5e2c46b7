package org.xfrm4j.cli;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyBuilder;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.policy.PolicyIndex;
import org.xfrm4j.policy.PolicyName;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.SecurityContext;

/** Reads a policy, or what names one, in the words of {@code ip xfrm policy}. */
final class PolicyWords {
    private static final Map<String, Integer> FLAGS = Names.bits("localok", "icmp", "cpu-acquire");
    private static final Set<String> NAMING = new TreeSet<>(Set.of("src", "dst", "proto", "sport", "dport", "type",
            "code", "key", "dev", "uid", "dir", "ctx", "mark", "index", "ptype", "if_id"));
    private static final Set<String> KNOWN = new TreeSet<>(NAMING);

    static {
        KNOWN.addAll(Set.of("action", "priority", "flag", "limit", "offload", "tmpl"));
    }

    private final PolicyBuilder policy = Policy.builder();
    private final SelectorWords selector = new SelectorWords();
    private final LimitWords limits = new LimitWords();
    private PolicyDirection direction;
    private boolean hasSelector;
    private int index;
    private PolicyType type = PolicyType.MAIN;
    private Mark mark = Mark.NONE;
    private int interfaceId;
    private SecurityContext context;

    private PolicyWords() {
    }

    /** A whole policy. */
    static Policy read(Words words) {
        PolicyWords reader = new PolicyWords();
        while (words.hasNext()) {
            if (!reader.takeName(words) && !reader.takeRest(words)) {
                words.next();
                throw words.unexpected(KNOWN);
            }
        }
        return reader.policy.id(reader.id()).index(reader.index).lifetime(reader.limits.limits()).build();
    }

    /** What names one: its direction with its index, or with its selector. */
    static PolicyName readName(Words words) {
        PolicyWords reader = new PolicyWords();
        while (words.hasNext()) {
            if (!reader.takeName(words)) {
                words.next();
                throw words.unexpected(NAMING);
            }
        }
        if (reader.index == 0) {
            return reader.id();
        }
        if (reader.hasSelector) {
            throw new UsageException("index and a selector: one of them names a policy");
        }
        PolicyIndex name = new PolicyIndex(reader.index, reader.type, reader.mark, reader.interfaceId);
        if (reader.direction != null && reader.direction != name.direction()) {
            throw new UsageException("dir: " + reader.direction + ", but the index is one of dir " + name.direction());
        }
        return name;
    }

    private boolean takeName(Words words) {
        if (selector.take(words)) {
            hasSelector = true;
        } else if (words.take("dir")) {
            direction = words.next(Names::policyDirection);
        } else if (words.take("ctx")) {
            context = SecurityContext.selinux(words.next());
        } else if (words.take("mark")) {
            mark = words.mark();
        } else if (words.take("index")) {
            index = words.u32();
        } else if (words.take("ptype")) {
            type = words.next(Names::policyType);
        } else if (words.take("if_id")) {
            interfaceId = words.u32();
        } else {
            return false;
        }
        return true;
    }

    private boolean takeRest(Words words) {
        if (words.take("action")) {
            PolicyAction action = words.next(Names::action);
            policy.action(action);
        } else if (words.take("priority")) {
            policy.priority(words.u32());
        } else if (words.take("flag")) {
            policy.flags(words.flags("flag", FLAGS));
        } else if (words.take("limit")) {
            limits.take(words);
        } else if (words.take("offload")) {
            policy.offload(SaWords.offload(words));
        } else if (words.take("tmpl")) {
            policy.template(TemplateWords.take(words));
        } else {
            return false;
        }
        return true;
    }

    private PolicyId id() {
        if (direction == null) {
            throw new UsageException("dir is missing: in, out or fwd");
        }
        if (!hasSelector) {
            throw new UsageException("src and dst are missing: the selector names the policy");
        }
        return new PolicyId(direction, selector.selector(AddressFamily.UNSPEC), type, mark, interfaceId, context);
    }
}
