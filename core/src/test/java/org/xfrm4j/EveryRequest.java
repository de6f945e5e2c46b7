package org.xfrm4j;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.migrate.Migrator;
import org.xfrm4j.migrate.Move;
import org.xfrm4j.netlink.AnsweringKernel;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.policy.Acquire;
import org.xfrm4j.policy.KmAddress;
import org.xfrm4j.policy.LegacyMigrate;
import org.xfrm4j.policy.MigrateEntry;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyDefaults;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Iptfs;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.ReplayEsn;
import org.xfrm4j.sa.ReplayState;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityContext;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.sa.SpiRequest;
import org.xfrm4j.sa.Usage;
import org.xfrm4j.wire.SaDecoder;
import org.xfrm4j.wire.SaEncoder;

/** Has {@link Xfrm} send a request of every kind, with all that a request can tell, to a kernel that notes them. */
public final class EveryRequest {
    private EveryRequest() {
    }

    /**
     * A request as it was sent.
     *
     * @param type {@code XFRM_MSG_…}
     * @param payload what stood behind the netlink header
     */
    public record Sent(int type, byte[] payload) {
    }

    /** {@return all that was sent} */
    public static List<Sent> send() {
        List<Sent> sent = Collections.synchronizedList(new ArrayList<>());
        AnsweringKernel kernel = new AnsweringKernel((type, payload) -> {
            sent.add(new Sent(type, payload.toArray(ValueLayout.JAVA_BYTE)));
            return AnsweringKernel.Answer.refused(Errno.EPERM, null);
        });
        try (Xfrm xfrm = new Xfrm(kernel::socket)) {
            requests(xfrm).forEach(EveryRequest::refused);
        }
        return sent;
    }

    /** What is answered does not matter here. */
    private static void refused(Runnable request) {
        try {
            request.run();
        } catch (RuntimeException refused) {
            // as this kernel refuses all
        }
    }

    private static List<Runnable> requests(Xfrm xfrm) {
        List<Runnable> requests = new ArrayList<>();
        List<SecurityAssociation> sas = sas();
        SecurityAssociation sa = sas.getFirst();
        sas.forEach(one -> requests.add(() -> xfrm.sas().add(one)));
        requests.add(() -> xfrm.sas().update(sa));
        requests.add(() -> xfrm.sas().get(sa.id()));
        requests.add(() -> xfrm.sas().delete(sa.id()));
        requests.add(() -> xfrm.sas().delete(sa.id(), sa.source()));
        requests.add(() -> xfrm.sas().flush());
        requests.add(() -> xfrm.sas().list(new SaFilter(Optional.of(Protocol.ESP),
                Optional.of(IpPrefix.parse("10.0.0.0/8")), Optional.empty())));
        requests.add(() -> xfrm.sas().allocateSpi(new SpiRequest(TestSas.SOURCE, TestSas.DESTINATION, Protocol.ESP,
                Mode.TUNNEL, 1, 2, 0x100, 0x200, new Mark(1, 1), 3, 0, Direction.IN)));
        requests.add(() -> xfrm.sas().expire(sa.id(), true));
        requests.add(() -> xfrm.sas().sequenceNumbers().get(sa.id()));
        requests.add(() -> xfrm.sas().sequenceNumbers().set(sa.id(), new ReplayState(1, 2, 3), new Usage(1, 2, 3, 4)));
        requests.add(() -> xfrm.sas().sequenceNumbers().set(sa.id(), ReplayEsn.ofWindow(64)));
        requests.add(() -> xfrm.sas().sequenceNumbers().setThresholds(sa.id(), 3, 4));

        List<Policy> policies = RandomPolicies.of(1, 300);
        policies.forEach(policy -> requests.add(() -> xfrm.policies().add(policy)));
        Policy policy = policies.getFirst();
        requests.add(() -> xfrm.policies().update(policy));
        requests.add(() -> xfrm.policies().get(policy.id()));
        requests.add(() -> xfrm.policies().delete(policy.id()));
        requests.add(() -> xfrm.policies().flush(PolicyType.SUB));
        requests.add(() -> xfrm.policies().list());
        requests.add(() -> xfrm.announcements().expire(policy.id(), true));
        policies.stream().filter(one -> !one.templates().isEmpty()).limit(20)
                .forEach(one -> requests.add(() -> xfrm.announcements().acquire(Acquire.of(one.selector(), one))));

        requests.add(() -> xfrm.information().sad());
        requests.add(() -> xfrm.information().spd());
        requests.add(() -> xfrm.information().setHashThresholds(AddressFamily.INET, HashThresholds.HOSTS_IPV4));
        requests.add(() -> xfrm.information().setHashThresholds(AddressFamily.INET6, HashThresholds.HOSTS_IPV6));
        requests.add(xfrm::defaults);
        requests.add(() -> xfrm.setDefaults(PolicyDefaults.BLOCK));
        requests.add(() -> xfrm.migrate(new LegacyMigrate(PolicyDirection.OUT, Selector.ALL_IPV4, PolicyType.SUB, 7,
                List.of(new MigrateEntry(TestSas.SOURCE, TestSas.DESTINATION, TestSas.NEW_SOURCE,
                        TestSas.NEW_DESTINATION, Protocol.ESP, Mode.TUNNEL, 1)),
                new KmAddress(TestSas.NEW_SOURCE, TestSas.NEW_DESTINATION), Encap.espInUdp(1, 2), new Offload(1, 0))));
        requests.add(xfrm::migrateSupport);
        requests.add(() -> new Migrator(xfrm).move(List.of(Move.of(sa.id().withMark(new Mark(1, 1)))
                .source(TestSas.NEW_SOURCE).destination(TestSas.NEW_DESTINATION).reqid(1).selector(Selector.ALL_IPV4)
                .encap(Encap.espInUdp(1, 2)).outputMark(new Mark(1, 1)).natKeepalive(5).build())));
        return requests;
    }

    private static List<SecurityAssociation> sas() {
        List<SecurityAssociation> sas = new ArrayList<>(RandomSas.of(1, 500));
        sas.add(TestSas.esp(0x1001).replayThreshold(3).eventTimerThreshold(4).offload(new Offload(1, 1))
                .securityContext(SecurityContext.selinux("system_u")).build());
        sas.add(TestSas.esp(0x1002).mode(Mode.IPTFS).direction(Direction.IN).iptfs(Iptfs.incoming(1, 2)).build());
        sas.add(TestSas.esp(0x1003).mode(Mode.IPTFS).direction(Direction.OUT).replayWindow(0)
                .iptfs(Iptfs.outgoing(true, 1, 2, 3)).build());
        sas.add(usedAt(1_700_000_000));
        return sas;
    }

    /** When it was last used is only read, and written back. */
    private static SecurityAssociation usedAt(long seconds) {
        MemorySegment segment = MemorySegment.ofArray(new byte[1024]);
        SaEncoder encoder = new SaEncoder().wrap(segment, 0);
        TestSas.esp(0x1004).build().encode(encoder);
        encoder.attributes().putU64(xfrm4j_h.XFRMA_LASTUSED(), seconds);
        return SecurityAssociation.from(new SaDecoder().wrap(segment, 0, encoder.encodedLength()));
    }
}
