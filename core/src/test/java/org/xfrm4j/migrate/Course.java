package org.xfrm4j.migrate;

import org.xfrm4j.TestSas;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpPrefix;

/** What a gateway with its tunnels goes through, there and back again, and its peers after it. */
enum Course {
    /** The gateway gets another address. The packets are its own. */
    ADDRESS(10, false, SaChange.local(Ends.HERE, Ends.NEW_HERE), SaChange.local(Ends.NEW_HERE, Ends.HERE),
            SaChange.remote(Ends.HERE, Ends.NEW_HERE), SaChange.remote(Ends.NEW_HERE, Ends.HERE)),
    /** The same, and it forwards the packets of a host behind it. */
    FORWARDED(4, true, SaChange.local(Ends.HERE, Ends.NEW_HERE), SaChange.local(Ends.NEW_HERE, Ends.HERE),
            SaChange.remote(Ends.HERE, Ends.NEW_HERE), SaChange.remote(Ends.NEW_HERE, Ends.HERE)),
    /** Tunnels over IPv4 become tunnels over IPv6. */
    FAMILY(4, true,
            SaChange.local(Ends.HERE, Ends.HERE6).and(SaChange.remote(Ends.PEERS, Ends.PEERS6)),
            SaChange.local(Ends.HERE6, Ends.HERE).and(SaChange.remote(Ends.PEERS6, Ends.PEERS)),
            SaChange.local(Ends.PEERS, Ends.PEERS6).and(SaChange.remote(Ends.HERE, Ends.HERE6)),
            SaChange.local(Ends.PEERS6, Ends.PEERS).and(SaChange.remote(Ends.HERE6, Ends.HERE))),
    /** The gateway comes behind a NAT, and ESP is wrapped into UDP; then the NAT is no more. */
    NAT(4, true, SaChange.encap(Ends.ENCAP), SaChange.removeEncap(),
            SaChange.encap(Ends.ENCAP), SaChange.removeEncap());

    private static final class Ends {
        static final IpPrefix HERE = IpPrefix.host(TestGateway.HERE);
        static final IpPrefix NEW_HERE = IpPrefix.host(TestGateway.NEW_HERE);
        static final IpPrefix HERE6 = IpPrefix.host(TestSas.SOURCE6);
        static final IpPrefix PEERS = IpPrefix.parse("198.51.100.0/24");
        static final IpPrefix PEERS6 = IpPrefix.parse("2001:db8:2::/120");
        static final Encap ENCAP = Encap.espInUdp(Wire.ENCAP_PORT, Wire.ENCAP_PORT);
    }

    private final int moves;
    private final boolean losesInBoth;
    private final SaChange gatewayThere;
    private final SaChange gatewayBack;
    private final SaChange peersThere;
    private final SaChange peersBack;

    Course(int moves, boolean losesInBoth, SaChange gatewayThere, SaChange gatewayBack, SaChange peersThere,
           SaChange peersBack) {
        this.moves = moves;
        this.losesInBoth = losesInBoth;
        this.gatewayThere = gatewayThere;
        this.gatewayBack = gatewayBack;
        this.peersThere = peersThere;
        this.peersBack = peersBack;
    }

    /** How many times: an even number. */
    int moves() {
        return moves;
    }

    /**
     * Whether what the gateway sends may be lost from when its own SAs begin to move until those of its peers have
     * moved. Otherwise all that it could send finds the same SAs at its peers.
     */
    boolean losesInBoth() {
        return losesInBoth;
    }

    /** What becomes of the gateway's SAs at a move, there or back. */
    SaChange ofGateway(int move) {
        return isThere(move) ? gatewayThere : gatewayBack;
    }

    /** What becomes of its peers' SAs. */
    SaChange ofPeers(int move) {
        return isThere(move) ? peersThere : peersBack;
    }

    private static boolean isThere(int move) {
        return move % 2 == 0;
    }
}
