package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import org.xfrm4j.sa.Selector;

/** A gateway at 192.0.2.1 with tunnels to peers 198.51.100.1, …: to each two SAs, and a policy out and in. */
final class Gateway {
    static final IpAddress HERE = IpAddress.parse("192.0.2.1");
    static final IpAddress THERE = IpAddress.parse("203.0.113.1");

    private Gateway() {
    }

    static IpAddress peer(int number) {
        return IpAddress.parse("198.51." + (100 + number / 250) + "." + (number % 250 + 1));
    }

    static void setUp(Xfrm xfrm, int peers) {
        List<SecurityAssociation> sas = new ArrayList<>();
        List<Policy> policies = new ArrayList<>();
        for (int peer = 0; peer < peers; peer++) {
            int reqid = 1000 + peer;
            sas.add(TestSas.esp(0xa0000000 + peer).direction(Direction.OUT).replayWindow(0).source(HERE)
                    .destination(peer(peer)).reqid(reqid).build());
            sas.add(TestSas.esp(0xb0000000 + peer).direction(Direction.IN).source(peer(peer)).destination(HERE)
                    .reqid(reqid).build());
            policies.add(policy(peer, PolicyDirection.OUT));
            policies.add(policy(peer, PolicyDirection.IN));
        }
        assertEquals(List.of(), xfrm.sas().addAll(sas));
        assertEquals(List.of(), xfrm.policies().addAll(policies));
    }

    private static Policy policy(int peer, PolicyDirection direction) {
        boolean out = direction == PolicyDirection.OUT;
        IpPrefix inside = IpPrefix.parse("10.1.0.0/16");
        IpPrefix behind = IpPrefix.parse("10." + (2 + peer / 250) + "." + peer % 250 + ".0/24");
        return Policy.builder().direction(direction)
                .selector(out ? Selector.of(inside, behind) : Selector.of(behind, inside))
                .template(Template.tunnel(Protocol.ESP, out ? HERE : peer(peer), out ? peer(peer) : HERE)
                        .withReqid(1000 + peer)).build();
    }

    /** How many SAs have one end at an address. */
    static long at(List<SecurityAssociation> sas, IpAddress address) {
        return sas.stream().filter(sa -> sa.source().equals(address) || sa.destination().equals(address)).count();
    }
}
