package org.xfrm4j.policy;

import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.wire.PolicyDefaultsDecoder;
import org.xfrm4j.wire.PolicyDefaultsEncoder;

/**
 * What becomes of packets that no policy matches, by direction ({@code struct xfrm_userpolicy_default}).
 *
 * @param in those that come in to this host
 * @param forward those that are forwarded
 * @param out those that go out
 */
public record PolicyDefaults(DefaultAction in, DefaultAction forward, DefaultAction out) {
    /** All pass: how a network namespace starts. */
    public static final PolicyDefaults ACCEPT =
            new PolicyDefaults(DefaultAction.ACCEPT, DefaultAction.ACCEPT, DefaultAction.ACCEPT);
    /** None passes, those of the loopback interface excepted. */
    public static final PolicyDefaults BLOCK =
            new PolicyDefaults(DefaultAction.BLOCK, DefaultAction.BLOCK, DefaultAction.BLOCK);
    /** All stays as it is, to start from. */
    public static final PolicyDefaults UNCHANGED =
            new PolicyDefaults(DefaultAction.UNCHANGED, DefaultAction.UNCHANGED, DefaultAction.UNCHANGED);

    /** Checks that all are there. */
    public PolicyDefaults {
        Check.notNull("default in", in);
        Check.notNull("default fwd", forward);
        Check.notNull("default out", out);
    }

    /** {@return these defaults, with another for packets that come in} */
    public PolicyDefaults withIn(DefaultAction other) {
        return new PolicyDefaults(other, forward, out);
    }

    /** {@return these defaults, with another for packets that are forwarded} */
    public PolicyDefaults withForward(DefaultAction other) {
        return new PolicyDefaults(in, other, out);
    }

    /** {@return these defaults, with another for packets that go out} */
    public PolicyDefaults withOut(DefaultAction other) {
        return new PolicyDefaults(in, forward, other);
    }

    /**
     * {@return the defaults that are there}
     *
     * @throws MalformedMessageException if an action is unknown
     */
    public static PolicyDefaults from(PolicyDefaultsDecoder defaults) {
        try {
            return new PolicyDefaults(DefaultAction.of(defaults.in()), DefaultAction.of(defaults.forward()),
                    DefaultAction.of(defaults.out()));
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("policy defaults: " + e.getMessage());
        }
    }

    /**
     * Writes the defaults.
     *
     * @param defaults where to; already wrapped
     * @return the size in bytes
     */
    public int encode(PolicyDefaultsEncoder defaults) {
        return defaults.in(in.number()).forward(forward.number()).out(out.number()).encodedLength();
    }

    /** {@return the defaults in a line} */
    @Override
    public String toString() {
        return "in " + in + " fwd " + forward + " out " + out;
    }
}
