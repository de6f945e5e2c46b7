package org.xfrm4j;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.xfrm4j.policy.Level;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyBuilder;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyId;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.policy.Sharing;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityContext;
import org.xfrm4j.sa.Selector;

/**
 * Policies of every kind that the embedded kernel takes, from a seed: directions, types, families, selectors, marks,
 * interface ids, labels, priorities, indices, actions, flags, limits, and up to six templates of all modes and
 * protocols. The policies of one seed are always the same.
 *
 * <p>Not among them, because the embedded kernel cannot have it: offload.
 */
public final class RandomPolicies {
    private static final List<Protocol> PROTOCOLS =
            List.of(Protocol.ESP, Protocol.ESP, Protocol.AH, Protocol.COMP, Protocol.ROUTING, Protocol.DSTOPTS);
    private static final List<Mode> MODES =
            List.of(Mode.TRANSPORT, Mode.TUNNEL, Mode.ROUTE_OPTIMIZATION, Mode.IN_TRIGGER, Mode.BEET, Mode.IPTFS);
    /** Above all indices that the kernel chooses by itself. */
    private static final int FIRST_INDEX = 1 << 20;
    /** Limits in seconds are longer than any test. */
    private static final long LONG = 1_000_000;

    private final Random random;
    private final int number;
    private final AddressFamily family;
    private final PolicyDirection direction;

    private RandomPolicies(long seed, int number) {
        // Random alone starts alike from seeds that are alike.
        this.random = new Random(new SplittableRandom(seed * 1_000_003 + number).nextLong());
        this.number = number;
        this.family = random.nextBoolean() ? AddressFamily.INET : AddressFamily.INET6;
        this.direction = pick(List.of(PolicyDirection.IN, PolicyDirection.OUT, PolicyDirection.FORWARD));
    }

    /**
     * {@return policies that may all be installed together}
     *
     * @param seed what they come from
     * @param count how many
     */
    public static List<Policy> of(long seed, int count) {
        List<Policy> policies = new ArrayList<>(count);
        Set<PolicyId> ids = new HashSet<>();
        for (int i = 0; policies.size() < count; i++) {
            Policy policy = new RandomPolicies(seed, i).build();
            if (ids.add(policy.id())) {
                policies.add(policy);
            }
        }
        return policies;
    }

    private Policy build() {
        PolicyBuilder builder = Policy.builder()
                .direction(direction)
                .selector(selector())
                .type(chance(30) ? PolicyType.SUB : PolicyType.MAIN)
                .mark(chance(40) ? mark() : Mark.NONE)
                .ifId(chance(30) ? random.nextInt() : 0)
                .securityContext(chance(15) ? label() : null)
                .index(chance(30) ? FIRST_INDEX + number << 3 | direction.number() : 0)
                .priority(chance(30) ? 0 : random.nextInt())
                .action(chance(25) ? PolicyAction.BLOCK : PolicyAction.ALLOW)
                // The kernel keeps bits that it does not know.
                .flags(chance(30) ? 0 : random.nextInt(256))
                .lifetime(chance(30) ? Lifetime.UNLIMITED : lifetime());
        AddressFamily inner = family;
        for (int i = random.nextInt(7); i > 0; i--) {
            Template template = template(inner);
            builder.template(template);
            inner = template.family();
        }
        return builder.build();
    }

    private Template template(AddressFamily inner) {
        Mode mode = pick(MODES);
        boolean tunnel = mode.equals(Mode.TUNNEL) || mode.equals(Mode.BEET) || mode.equals(Mode.IPTFS);
        AddressFamily outer = tunnel && chance(30) ? other(inner) : inner;
        boolean mayBeOptional = !tunnel || direction != PolicyDirection.OUT;
        Template template = Template
                .of(pick(PROTOCOLS), mode, address(outer), address(outer))
                .withSpi(chance(30) ? random.nextInt() : 0)
                .withReqid(chance(60) ? random.nextInt() : 0)
                .withLevel(mayBeOptional && chance(40) ? new Level(random.nextInt(256)) : Level.REQUIRED)
                .withShare(chance(30) ? new Sharing(random.nextInt(256)) : Sharing.ANY);
        return chance(30)
                ? template.withAlgorithms(random.nextInt(), random.nextInt(), random.nextInt()) : template;
    }

    private Selector selector() {
        return new Selector(prefix(), prefix(),
                chance(50) ? random.nextInt(256) : 0,
                chance(50) ? random.nextInt(0x10000) : 0, chance(50) ? 0xffff : random.nextInt(0x10000),
                chance(50) ? random.nextInt(0x10000) : 0, chance(50) ? 0xffff : random.nextInt(0x10000),
                chance(10) ? random.nextInt() : 0, chance(10) ? random.nextInt() : 0);
    }

    /** Also with bits behind the prefix, which the kernel keeps. */
    private IpPrefix prefix() {
        return switch (random.nextInt(4)) {
            case 0 -> family == AddressFamily.INET ? IpPrefix.ALL_IPV4 : IpPrefix.ALL_IPV6;
            case 1 -> IpPrefix.host(address(family));
            default -> new IpPrefix(address(family), random.nextInt(family.bits() + 1));
        };
    }

    private IpAddress address(AddressFamily of) {
        boolean any = chance(15);
        if (of == AddressFamily.INET) {
            return any ? IpAddress.ANY_IPV4 : IpAddress.ofIpv4(random.nextInt());
        }
        return any ? IpAddress.ANY_IPV6 : IpAddress.ofIpv6(random.nextLong(), random.nextLong());
    }

    private static AddressFamily other(AddressFamily family) {
        return family == AddressFamily.INET ? AddressFamily.INET6 : AddressFamily.INET;
    }

    private Mark mark() {
        int mask = chance(30) ? ~0 : random.nextInt();
        return new Mark(random.nextInt() & mask, mask);
    }

    /** Also with zeros at its end, as some who write labels leave them there. */
    private SecurityContext label() {
        return SecurityContext.selinux("system_u:object_r:ipsec_spd_t:s" + random.nextInt(16)
                + "\0".repeat(random.nextInt(3)));
    }

    private Lifetime lifetime() {
        return new Lifetime(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong(),
                seconds(), seconds(), seconds(), seconds());
    }

    private long seconds() {
        return chance(40) ? 0 : LONG + random.nextInt(Integer.MAX_VALUE);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
