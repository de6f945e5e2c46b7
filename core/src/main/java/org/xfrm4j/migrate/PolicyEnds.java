package org.xfrm4j.migrate;

import java.util.ArrayList;
import java.util.List;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.Inet;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.SelectorDecoder;

/** What becomes of a policy whose SAs move: its templates follow to the new ends, and so does a selector of two hosts. */
final class PolicyEnds {
    private PolicyEnds() {
    }

    /** Whether the selector is of one host on each side. */
    static boolean isHostToHost(SelectorDecoder selector) {
        int bits = Inet.addressBits(selector.family());
        return selector.sourcePrefixLength() == bits && selector.destinationPrefixLength() == bits;
    }

    /** Whether packets between the new addresses match the selector. */
    static boolean covers(SelectorDecoder selector, MigrateStateDecoder move) {
        return selector.family() == move.newFamily()
                && lies(move.newSourceHigh(), move.newSourceLow(), selector.sourceHigh(), selector.sourceLow(),
                        selector.sourcePrefixLength())
                && lies(move.newDestinationHigh(), move.newDestinationLow(), selector.destinationHigh(),
                        selector.destinationLow(), selector.destinationPrefixLength());
    }

    private static boolean lies(long high, long low, long prefixHigh, long prefixLow, int bits) {
        return ((high ^ prefixHigh) & AddressMatcher.mask(bits)) == 0
                && ((low ^ prefixLow) & AddressMatcher.mask(bits - Long.SIZE)) == 0;
    }

    /**
     * The policy after the moves.
     *
     * @param policy as it is
     * @param templateMoves for each template a move of an SA that it finds, or null
     */
    static Policy after(Policy policy, List<MoveEnds> templateMoves) {
        List<Template> templates = new ArrayList<>();
        Selector selector = policy.selector();
        for (int i = 0; i < policy.templates().size(); i++) {
            Template template = policy.templates().get(i);
            MoveEnds move = templateMoves.get(i);
            templates.add(move == null ? template : after(template, move));
            if (move != null && !PolicyMatcher.wraps(template.mode().number())) {
                selector = after(selector, move);
            }
        }
        return policy.toBuilder().selector(selector).templates(templates).build();
    }

    private static Template after(Template template, MoveEnds move) {
        boolean wraps = PolicyMatcher.wraps(template.mode().number());
        IpAddress source = !wraps || template.source().isUnspecified() ? unspecified(template.source(), move)
                : move.source();
        IpAddress destination = !wraps || template.destination().isUnspecified()
                ? unspecified(template.destination(), move) : move.destination();
        int reqid = template.reqid() == 0 ? 0 : move.reqid();
        return new Template(source, destination, template.spi(), template.protocol(), template.mode(), reqid,
                template.share(), template.level(), template.authenticationAlgorithms(),
                template.encryptionAlgorithms(), template.compressionAlgorithms());
    }

    /** An address that the template leaves open, or does not use, keeps its bytes, but its family has to be the new one. */
    private static IpAddress unspecified(IpAddress address, MoveEnds move) {
        if (address.family() == move.source().family() || !address.isUnspecified()) {
            return address;
        }
        return move.source().family() == AddressFamily.INET ? IpAddress.ANY_IPV4 : IpAddress.ANY_IPV6;
    }

    private static Selector after(Selector selector, MoveEnds move) {
        int bits = selector.family().bits();
        boolean hosts = selector.source().length() == bits && selector.destination().length() == bits;
        return !hosts ? selector : new Selector(IpPrefix.host(move.source()), IpPrefix.host(move.destination()),
                selector.protocol(), selector.sourcePort(), selector.sourcePortMask(), selector.destinationPort(),
                selector.destinationPortMask(), selector.ifindex(), selector.user());
    }

    /** Where an SA gets to. */
    record MoveEnds(IpAddress source, IpAddress destination, int reqid) {
        static MoveEnds of(MigrateStateDecoder move) {
            AddressFamily family = AddressFamily.of(move.newFamily());
            return new MoveEnds(IpAddress.ofWire(family, move.newSourceHigh(), move.newSourceLow()),
                    IpAddress.ofWire(family, move.newDestinationHigh(), move.newDestinationLow()), move.newReqid());
        }
    }
}
