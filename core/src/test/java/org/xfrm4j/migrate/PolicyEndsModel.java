package org.xfrm4j.migrate;

import java.util.ArrayList;
import java.util.List;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Selector;

/**
 * What {@link PolicyEnds} does with bytes, done with values.
 *
 * <p>Templates follow to the new ends and the new reqid. What they leave open stays open.
 *
 * <p>A selector follows where the SAs' ends are the packets' own addresses, which is so in transport mode: on each side
 * that is a single host. Where a tunnel wraps them, it follows when the SA's own selector does, and was that of the
 * ends.
 */
final class PolicyEndsModel {
    private PolicyEndsModel() {
    }

    /**
     * The policy after the moves.
     *
     * @param policy as it is
     * @param moves for each template the move of an SA that it finds, or null
     * @return the policy; a selector that cannot follow is as it was
     * @throws IllegalArgumentException if the templates' families do not fit together any more
     */
    static Policy after(Policy policy, List<MoveEnds> moves) {
        List<Template> templates = new ArrayList<>();
        Selector selector = policy.selector();
        boolean wrapped = false;
        for (int i = 0; i < policy.templates().size(); i++) {
            Template template = policy.templates().get(i);
            MoveEnds move = moves.get(i);
            boolean wraps = TemplateKey.wraps(template.mode().number());
            if (move != null) {
                templates.add(after(template, move, policy.direction() == PolicyDirection.OUT));
                if (!wrapped) {
                    selector = wraps ? afterTunnel(selector, move) : afterTransport(selector, move);
                }
            } else {
                templates.add(template);
            }
            wrapped |= wraps;
        }
        return policy.toBuilder().selector(selector).templates(templates).build();
    }

    private static Template after(Template template, MoveEnds move, boolean outgoing) {
        // Outgoing packets look for reqid 0, too; for incoming ones it stands for any.
        int reqid = template.reqid() == 0 && !outgoing ? 0 : move.reqid();
        return new Template(after(template.source(), move.oldSource(), move.source()),
                after(template.destination(), move.oldDestination(), move.destination()),
                template.spi(), template.protocol(), template.mode(), reqid, template.share(), template.level(),
                template.authenticationAlgorithms(), template.encryptionAlgorithms(),
                template.compressionAlgorithms());
    }

    /** An address that the template leaves open, or that is not the SA's, stays; but its family has to be the new. */
    private static IpAddress after(IpAddress named, IpAddress before, IpAddress after) {
        boolean familyChanges = named.family() == before.family() && before.family() != after.family();
        if (named.isUnspecified()) {
            return familyChanges ? new IpAddress(after.family(), 0, 0) : named;
        }
        return named.equals(before) || familyChanges ? after : named;
    }

    private static Selector afterTransport(Selector selector, MoveEnds move) {
        return with(selector, after(selector.source(), move.source()),
                after(selector.destination(), move.destination()));
    }

    private static IpPrefix after(IpPrefix prefix, IpAddress address) {
        return isHost(prefix) ? IpPrefix.host(address) : prefix;
    }

    private static Selector afterTunnel(Selector selector, MoveEnds move) {
        boolean ofTheEnds = selector.source().equals(IpPrefix.host(move.oldSource()))
                && selector.destination().equals(IpPrefix.host(move.oldDestination()));
        return move.selectorFollows() && ofTheEnds
                ? with(selector, IpPrefix.host(move.source()), IpPrefix.host(move.destination())) : selector;
    }

    private static boolean isHost(IpPrefix prefix) {
        return prefix.address().family() != AddressFamily.UNSPEC && prefix.length() == prefix.address().family().bits();
    }

    private static Selector with(Selector selector, IpPrefix source, IpPrefix destination) {
        if (source.address().family() != destination.address().family()) {
            return selector;
        }
        return new Selector(source, destination, selector.protocol(), selector.sourcePort(), selector.sourcePortMask(),
                selector.destinationPort(), selector.destinationPortMask(), selector.ifindex(), selector.user());
    }
}
