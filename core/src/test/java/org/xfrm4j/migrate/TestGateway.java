package org.xfrm4j.migrate;

import java.util.ArrayList;
import java.util.List;
import org.xfrm4j.TestSas;
import org.xfrm4j.Xfrm;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;
import org.xfrm4j.sa.Selector;

/**
 * A gateway with tunnels to some peers, for tests of migrations: to each an outgoing and an incoming SA, and policies
 * out, in and fwd.
 */
final class TestGateway {
    static final IpAddress HERE = TestSas.SOURCE;
    static final IpAddress NEW_HERE = TestSas.NEW_SOURCE;
    /** Moves the gateway's address, and nothing else. */
    static final MoveRule RULE = rule(HERE, NEW_HERE);

    private static final int OUT_SPI = 0xa0000000;
    private static final int IN_SPI = 0xb0000000;
    private static final IpPrefix INSIDE = IpPrefix.parse("10.1.0.0/16");

    private TestGateway() {
    }

    static MoveRule rule(IpAddress from, IpAddress to) {
        return MoveRule.of(SaSelection.local(IpPrefix.host(from)), SaChange.local(IpPrefix.host(from),
                IpPrefix.host(to)));
    }

    static IpAddress peer(int number) {
        return IpAddress.parse("198.51." + (100 + number / 250) + "." + (number % 250 + 1));
    }

    private static IpPrefix behind(int peer) {
        return IpPrefix.parse("10.2." + peer + ".0/24");
    }

    static SecurityAssociationBuilder out(int peer) {
        return TestSas.esp(OUT_SPI + peer).direction(Direction.OUT).replayWindow(0).source(HERE).destination(peer(peer))
                .reqid(reqid(peer));
    }

    static SecurityAssociationBuilder in(int peer) {
        return TestSas.esp(IN_SPI + peer).direction(Direction.IN).source(peer(peer)).destination(HERE)
                .reqid(reqid(peer));
    }

    static int reqid(int peer) {
        return 1000 + peer;
    }

    static Policy policy(int peer, PolicyDirection direction) {
        boolean out = direction == PolicyDirection.OUT;
        return Policy.builder().direction(direction).priority(2000 + peer)
                .selector(out ? Selector.of(INSIDE, behind(peer)) : Selector.of(behind(peer), INSIDE))
                .template(template(peer, out, HERE)).build();
    }

    static Template template(int peer, boolean out, IpAddress here) {
        return Template.tunnel(Protocol.ESP, out ? here : peer(peer), out ? peer(peer) : here).withReqid(reqid(peer));
    }

    static List<Policy> policies(int peer) {
        return List.of(policy(peer, PolicyDirection.OUT), policy(peer, PolicyDirection.IN),
                policy(peer, PolicyDirection.FORWARD));
    }

    /** Sets up tunnels to peers 0, 1, … */
    static void setUp(Xfrm xfrm, int peers) {
        List<SecurityAssociation> sas = new ArrayList<>();
        List<Policy> policies = new ArrayList<>();
        for (int peer = 0; peer < peers; peer++) {
            sas.add(out(peer).build());
            sas.add(in(peer).build());
            policies.addAll(policies(peer));
        }
        refuseNone(xfrm.sas().addAll(sas));
        refuseNone(xfrm.policies().addAll(policies));
    }

    private static void refuseNone(List<?> refusals) {
        if (!refusals.isEmpty()) {
            throw new AssertionError(refusals.toString());
        }
    }
}
