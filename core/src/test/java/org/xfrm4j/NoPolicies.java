package org.xfrm4j;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.xfrm4j.policy.PolicyDefaults;
import org.xfrm4j.sa.AddressFamily;

/**
 * The embedded kernel without a policy, with the defaults and thresholds that it starts with, before each test and
 * after it: what was left would change the way of other tests' packets.
 */
@SuppressWarnings("exports") // JUnit's types, in a package that is exported; but tests are not.
public final class NoPolicies implements BeforeEachCallback, AfterEachCallback {
    /** For a field of a test class. */
    public NoPolicies() {
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        EmbeddedKernel.requireEmbedded();
        reset();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        EmbeddedKernel.requireEmbedded();
        reset();
    }

    private static void reset() {
        try (Xfrm xfrm = Xfrm.open()) {
            xfrm.policies().flush();
            xfrm.setDefaults(PolicyDefaults.ACCEPT);
            xfrm.information().setHashThresholds(AddressFamily.INET, HashThresholds.HOSTS_IPV4);
            xfrm.information().setHashThresholds(AddressFamily.INET6, HashThresholds.HOSTS_IPV6);
        }
    }
}
