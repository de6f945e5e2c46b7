package org.xfrm4j.sa;

/**
 * What the kernel would refuse in a new SA, or take and do otherwise: {@code verify_newsa_info} and what it calls in
 * {@code net/xfrm/xfrm_user.c}, {@code __xfrm_init_state} in {@code net/xfrm/xfrm_state.c}, Linux 7.2.
 */
final class SaRules {
    private SaRules() {
    }

    static void check(SecurityAssociation sa) {
        identity(sa);
        algorithms(sa);
        replay(sa);
        nat(sa);
        options(sa);
        if (sa.direction() == Direction.OUT) {
            outgoing(sa);
        } else if (sa.direction() == Direction.IN) {
            incoming(sa);
        }
    }

    private static void identity(SecurityAssociation sa) {
        sa.id().check();
        refuse(!sa.protocol().hasSpi() && !sa.protocol().equals(Protocol.ROUTING)
                && !sa.protocol().equals(Protocol.DSTOPTS), "proto: %s is not one of SAs", sa.protocol());
        refuse(sa.protocol().equals(Protocol.COMP) && Integer.compareUnsigned(sa.spi(), 0xffff) > 0,
                "spi: %s is larger than 0xffff, the largest CPI of IPComp", Check.hex32(sa.spi()));
        refuse(!sa.mode().isKnown() || sa.mode().equals(Mode.IN_TRIGGER), "mode: %s is not supported", sa.mode());
        refuse(!sa.mark().isMatchable(), "mark: %s has bits outside its mask, which the kernel drops", sa.mark());
        AddressFamily family = sa.selector().family();
        boolean unspecified = family == AddressFamily.UNSPEC;
        refuse(unspecified && (sa.flags() & SecurityAssociation.FLAG_AF_UNSPEC) == 0,
                "selector: no family, which needs the flag af-unspec (%s)", sa.selector());
        refuse(!unspecified && family != sa.family()
                        && (sa.mode().equals(Mode.TRANSPORT) || sa.mode().equals(Mode.ROUTE_OPTIMIZATION)),
                "selector: %s, of another family than the SA in %s mode", sa.selector(), sa.mode());
    }

    private static void algorithms(SecurityAssociation sa) {
        boolean aead = sa.algorithm(Aead.class).isPresent();
        boolean auth = sa.algorithm(Auth.class).isPresent();
        boolean crypt = sa.algorithm(Crypt.class).isPresent();
        boolean comp = sa.algorithm(Comp.class).isPresent();
        Protocol protocol = sa.protocol();
        if (protocol.equals(Protocol.ESP)) {
            refuse(!aead && !auth && !crypt, "algorithms: esp needs an aead, auth or enc algorithm");
            refuse(aead && (auth || crypt), "algorithms: aead together with auth or enc");
            refuse(comp, "algorithms: comp with esp");
        } else if (protocol.equals(Protocol.AH)) {
            refuse(!auth, "algorithms: ah needs an auth algorithm");
            refuse(aead || crypt || comp, "algorithms: ah takes an auth algorithm only");
        } else if (protocol.equals(Protocol.COMP)) {
            refuse(!comp, "algorithms: comp needs a comp algorithm");
            refuse(aead || auth || crypt, "algorithms: comp takes a comp algorithm only");
        } else {
            refuse(!sa.algorithms().isEmpty(), "algorithms: %s takes none", protocol);
            refuse(sa.careOfAddress() == null, "care-of address: missing, %s needs it", protocol);
        }
    }

    private static void replay(SecurityAssociation sa) {
        // The kernel would cut it to 32 without a word.
        refuse(sa.replayWindow() > Integer.SIZE,
                "replay window: %s packets; more than 32 need ReplayEsn", sa.replayWindow());
        boolean esn = sa.replay() instanceof ReplayEsn;
        refuse((sa.flags() & SecurityAssociation.FLAG_ESN) != 0 && !esn, "flags: esn needs ReplayEsn");
        refuse(esn && sa.replayWindow() != 0,
                "replay window: %s packets, where ReplayEsn has its own", sa.replayWindow());
        refuse(esn && !sa.protocol().equals(Protocol.ESP) && !sa.protocol().equals(Protocol.AH),
                "replay: ReplayEsn with %s, only esp and ah support it", sa.protocol());
    }

    private static void nat(SecurityAssociation sa) {
        refuse(sa.encap() != null && !sa.protocol().equals(Protocol.ESP),
                "encap: %s cannot be encapsulated, only esp can", sa.protocol());
        int keepalive = sa.natKeepaliveInterval();
        refuse(keepalive != 0 && (sa.encap() == null || sa.encap().type() != Encap.ESP_IN_UDP),
                "nat keepalive interval: %s s without ESP in UDP", keepalive);
        refuse(keepalive != 0 && sa.direction() != Direction.OUT,
                "nat keepalive interval: %s s, only outgoing SAs (direction out) have one", keepalive);
        int threshold = sa.mappingThreshold();
        refuse(threshold != 0 && sa.encap() == null, "mapping threshold: %s s without encapsulation", threshold);
        refuse(threshold != 0 && sa.direction() == Direction.OUT, "mapping threshold: %s s on an outgoing SA",
                threshold);
    }

    private static void options(SecurityAssociation sa) {
        refuse(sa.tfcPadding() != 0 && (!sa.protocol().equals(Protocol.ESP) || !sa.mode().equals(Mode.TUNNEL)),
                "tfc padding: %s bytes, only esp in tunnel mode has it", sa.tfcPadding());
        boolean iptfs = sa.mode().equals(Mode.IPTFS);
        refuse(sa.iptfs() != null && !iptfs, "iptfs: %s in %s mode", sa.iptfs(), sa.mode());
        refuse(iptfs && !sa.protocol().equals(Protocol.ESP), "mode: iptfs with %s, only esp has it", sa.protocol());
        refuse(iptfs && sa.direction() == Direction.UNSPECIFIED, "direction: missing, iptfs needs it");
        refuse(sa.cpu() != SecurityAssociation.NO_CPU && sa.direction() == Direction.UNSPECIFIED,
                "direction: missing, an SA for cpu %s needs it", sa.cpu());
    }

    private static void outgoing(SecurityAssociation sa) {
        int forbidden = SecurityAssociation.FLAG_DECAP_DSCP | SecurityAssociation.FLAG_ICMP
                | SecurityAssociation.FLAG_WILD_RECEIVE;
        refuse((sa.flags() & forbidden) != 0, "flags: 0x%x is for incoming SAs", sa.flags() & forbidden);
        refuse(sa.replayWindow() != 0, "replay window: %s packets on an outgoing SA", sa.replayWindow());
        if (sa.replay() instanceof ReplayEsn esn) {
            refuse(esn.replayWindow() != 0 || esn.incoming() != 0 || !esn.bitmap().isEmpty(),
                    "replay: a window, or numbers received, on an outgoing SA");
        } else if (sa.replay() instanceof ReplayState state) {
            refuse(state.incoming() != 0 || state.bitmap() != 0, "replay: numbers received on an outgoing SA");
        }
        refuse(sa.iptfs() != null && (sa.iptfs().dropTime() != null || sa.iptfs().reorderWindow() != null),
                "iptfs: %s of incoming SAs on an outgoing one", sa.iptfs());
    }

    private static void incoming(SecurityAssociation sa) {
        refuse((sa.flags() & SecurityAssociation.FLAG_NO_PMTU_DISCOVERY) != 0,
                "flags: nopmtudisc is for outgoing SAs");
        int forbidden = SecurityAssociation.EXTRA_FLAG_DONT_ENCAP_DSCP | SecurityAssociation.EXTRA_FLAG_OSEQ_MAY_WRAP;
        refuse((sa.extraFlags() & forbidden) != 0, "extra flags: 0x%x is for outgoing SAs",
                sa.extraFlags() & forbidden);
        refuse(sa.replay() instanceof ReplayEsn esn && esn.outgoing() != 0,
                "replay: numbers sent on an incoming SA");
        refuse(sa.iptfs() != null && (sa.iptfs().dontFragment() || sa.iptfs().initDelay() != null
                        || sa.iptfs().maxQueueSize() != null || sa.iptfs().packetSize() != null),
                "iptfs: %s of outgoing SAs on an incoming one", sa.iptfs());
    }

    private static void refuse(boolean wrong, String message, Object... arguments) {
        if (wrong) {
            throw new IllegalArgumentException(String.format(message, arguments));
        }
    }
}
