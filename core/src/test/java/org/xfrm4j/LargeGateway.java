package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.xfrm4j.migrate.MoveRule;
import org.xfrm4j.migrate.SaChange;
import org.xfrm4j.migrate.SaSelection;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.Auth;
import org.xfrm4j.sa.Crypt;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;

/**
 * 100 000 SAs and 50 000 policies, which all follow when the gateway's address changes.
 *
 * <p>Peers of one network address: two tunnels each, told apart by their reqid. The kernel hashes SAs by the sum of
 * their addresses, xor the reqid: did both count in step, they would all be in one chain. Policies are of single
 * hosts: whenever another one is replaced, the kernel walks the tree of all such (xfrm_policy_inexact_insert), half a
 * millisecond here.
 */
final class LargeGateway {
    static final int TUNNELS = 50_000;
    /** All move. */
    static final MoveRule RULE;

    private static final int BATCH = 5_000;
    private static final IpAddress LOCAL = IpAddress.parse("192.0.2.1");

    static {
        IpPrefix before = IpPrefix.host(LOCAL);
        RULE = MoveRule.of(SaSelection.local(before), SaChange.local(before, IpPrefix.parse("192.0.2.129")));
    }

    private LargeGateway() {
    }

    /** Puts it into the kernel. */
    static void setUp(Xfrm xfrm) {
        inBatches(TUNNELS, i -> sa(i, Direction.OUT), xfrm.sas()::addAll);
        inBatches(TUNNELS, i -> sa(i, Direction.IN), xfrm.sas()::addAll);
        inBatches(TUNNELS, LargeGateway::policy, xfrm.policies()::addAll);
    }

    private interface Adder<T> {
        List<?> addAll(Iterable<T> all);
    }

    private static <T> void inBatches(int count, IntFunction<T> each, Adder<T> adder) {
        for (int from = 0; from < count; from += BATCH) {
            List<T> batch = new ArrayList<>(BATCH);
            for (int i = from; i < from + BATCH; i++) {
                batch.add(each.apply(i));
            }
            assertEquals(List.of(), adder.addAll(batch));
        }
    }

    private static IpAddress peer(int tunnel) {
        return IpAddress.ofIpv4(0x0a000000 + tunnel / 2);
    }

    private static SecurityAssociation sa(int tunnel, Direction direction) {
        boolean out = direction == Direction.OUT;
        return SecurityAssociation.builder().direction(direction).mode(Mode.TUNNEL)
                .spi(0x10000 + tunnel).reqid(tunnel + 1)
                .source(out ? LOCAL : peer(tunnel)).destination(out ? peer(tunnel) : LOCAL)
                .algorithm(new Crypt("ecb(cipher_null)", TestSas.key(0, 1))).algorithm(new Auth("hmac(sha1)",
                        TestSas.key(20, tunnel), 96)).build();
    }

    private static Policy policy(int tunnel) {
        PolicyDirection direction = tunnel % 2 == 0 ? PolicyDirection.OUT : PolicyDirection.IN;
        IpPrefix here = IpPrefix.parse("10.255.0.1");
        IpPrefix there = IpPrefix.host(IpAddress.ofIpv4(0x0b000000 + tunnel));
        boolean out = direction == PolicyDirection.OUT;
        return Policy.builder().direction(direction).selector(out ? Selector.of(here, there) : Selector.of(there, here))
                .template(Template.tunnel(Protocol.ESP, out ? LOCAL : peer(tunnel), out ? peer(tunnel) : LOCAL)
                        .withReqid(tunnel + 1)).build();
    }
}
