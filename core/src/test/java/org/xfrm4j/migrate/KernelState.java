package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityContext;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.sa.Usage;

/**
 * All that the kernel holds of IPsec, to be compared whole: each SA, keys included, and each policy, save when it was
 * added and used, which begins anew with each replacement.
 */
final class KernelState {
    private final Map<String, SecurityAssociation> sas = new TreeMap<>();
    private final Map<String, Policy> policies = new TreeMap<>();

    private KernelState(List<SecurityAssociation> sas, List<Policy> policies) {
        sas.forEach(sa -> put(this.sas, sa.id().toString(), withoutZeros(sa)));
        policies.forEach(policy -> put(this.policies, policy.id().toString(), policy.toBuilder().usage(Usage.NONE)
                .build()));
    }

    /** With each move the kernel adds a zero to an SA's label, which it ends with the first (clone_security). */
    private static SecurityAssociation withoutZeros(SecurityAssociation sa) {
        SecurityContext label = sa.securityContext();
        return label == null ? sa : sa.toBuilder().securityContext(
                new SecurityContext(label.domain(), label.algorithm(), label.label().replace("\0", ""))).build();
    }

    private static <T> void put(Map<String, T> map, String name, T value) {
        if (map.put(name, value) != null) {
            throw new AssertionError("two of one name: " + name);
        }
    }

    static KernelState of(Xfrm xfrm) {
        return new KernelState(xfrm.sas().list(SaFilter.ALL), xfrm.policies().list());
    }

    List<SecurityAssociation> sas() {
        return List.copyOf(sas.values());
    }

    List<Policy> policies() {
        return List.copyOf(policies.values());
    }

    /** The same with other SAs. */
    KernelState withSas(UnaryOperator<SecurityAssociation> change) {
        return new KernelState(sas().stream().map(change).toList(), policies());
    }

    /** The same with other policies. */
    KernelState withPolicies(UnaryOperator<Policy> change) {
        return new KernelState(sas(), policies().stream().map(change).toList());
    }

    /** The same with one SA more. */
    KernelState with(SecurityAssociation sa) {
        List<SecurityAssociation> more = new ArrayList<>(sas());
        more.add(sa);
        return new KernelState(more, policies());
    }

    KernelState without(SaId sa) {
        return new KernelState(sas().stream().filter(each -> !each.id().equals(sa)).toList(), policies());
    }

    KernelState without(Predicate<Policy> which) {
        return new KernelState(sas(), policies().stream().filter(which.negate()).toList());
    }

    /** What it becomes when an address moves everywhere: in SAs, in templates, in selectors of single hosts. */
    KernelState moved(IpAddress from, IpAddress to) {
        return withSas(sa -> moved(sa, from, to)).withPolicies(policy -> moved(policy, from, to));
    }

    static SecurityAssociation moved(SecurityAssociation sa, IpAddress from, IpAddress to) {
        return sa.toBuilder().source(moved(sa.source(), from, to)).destination(moved(sa.destination(), from, to))
                .selector(moved(sa.selector(), from, to)).build();
    }

    static Policy moved(Policy policy, IpAddress from, IpAddress to) {
        List<Template> templates = policy.templates().stream().map(template -> new Template(
                moved(template.source(), from, to), moved(template.destination(), from, to), template.spi(),
                template.protocol(), template.mode(), template.reqid(), template.share(), template.level(),
                template.authenticationAlgorithms(), template.encryptionAlgorithms(),
                template.compressionAlgorithms())).toList();
        return policy.toBuilder().templates(templates).selector(moved(policy.selector(), from, to)).build();
    }

    private static Selector moved(Selector selector, IpAddress from, IpAddress to) {
        return new Selector(moved(selector.source(), from, to), moved(selector.destination(), from, to),
                selector.protocol(), selector.sourcePort(), selector.sourcePortMask(), selector.destinationPort(),
                selector.destinationPortMask(), selector.ifindex(), selector.user());
    }

    private static IpPrefix moved(IpPrefix prefix, IpAddress from, IpAddress to) {
        return prefix.equals(IpPrefix.host(from)) ? IpPrefix.host(to) : prefix;
    }

    private static IpAddress moved(IpAddress address, IpAddress from, IpAddress to) {
        return address.equals(from) ? to : address;
    }

    /** The same with blocking policies. */
    KernelState blocked(Predicate<Policy> which) {
        return withPolicies(policy -> which.test(policy)
                ? policy.toBuilder().action(PolicyAction.BLOCK).templates(List.of()).build() : policy);
    }

    /** Checks that the kernel holds just this. */
    void assertIn(Xfrm xfrm) {
        KernelState now = of(xfrm);
        assertEquals(List.copyOf(sas.keySet()), List.copyOf(now.sas.keySet()), "SAs");
        sas.forEach((name, sa) -> MoveCheck.assertSame(sa, now.sas.get(name)));
        assertEquals(List.copyOf(policies.keySet()), List.copyOf(now.policies.keySet()), "policies");
        policies.forEach((name, policy) -> assertEquals(policy, now.policies.get(name)));
    }

    /** Checks it, but for the indices of policies, which are others where a selector changed. */
    void assertInButIndices(Xfrm xfrm) {
        KernelState now = of(xfrm);
        Comparator<Policy> byName = Comparator.comparing(policy -> policy.id().toString());
        assertEquals(policies().stream().map(KernelState::withoutIndex).sorted(byName).toList(),
                now.policies().stream().map(KernelState::withoutIndex).sorted(byName).toList());
        new KernelState(sas(), now.policies()).assertIn(xfrm);
    }

    private static Policy withoutIndex(Policy policy) {
        return policy.toBuilder().index(0).build();
    }
}
