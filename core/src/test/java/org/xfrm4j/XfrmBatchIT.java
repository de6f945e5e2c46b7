package org.xfrm4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xfrm4j.XfrmBatch.Result;
import org.xfrm4j.XfrmBatch.State;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.SaFlushEncoder;

/** Requests of any kind in one batch, each with its result, against the kernel. */
class XfrmBatchIT {
    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    private static Policy policy(int network) {
        return Policy.builder().direction(PolicyDirection.OUT)
                .selector(Selector.of(IpPrefix.parse("10.0.0.0/8"), IpPrefix.parse("10." + network + ".0.0/16")))
                .template(Template.tunnel(Protocol.ESP, TestSas.SOURCE, TestSas.DESTINATION)).build();
    }

    private static List<State> states(List<Result> results) {
        return results.stream().map(Result::state).toList();
    }

    @Test
    void doesRequestsOfEveryKindInTheirOrder() {
        SecurityAssociation first = TestSas.esp(0x5001).build();
        SecurityAssociation second = TestSas.esp(0x5002).build();
        Policy policy = policy(1);
        List<Result> results = kernel.xfrm().batch()
                .add(first)
                .add(second)
                .add(policy)
                .update(policy.toBuilder().action(PolicyAction.BLOCK).build())
                .update(second.toBuilder().lifetime(second.lifetime().withPackets(7, 8)).build())
                .delete(first.id())
                .add(policy(2))
                .delete(policy(2).id())
                .request(xfrm4j_h.XFRM_MSG_FLUSHSA(), "ah", (segment, offset) -> new SaFlushEncoder()
                        .wrap(segment, offset).protocol(Protocol.AH.number()).encodedLength())
                .send();

        assertEquals(List.of(xfrm4j_h.XFRM_MSG_NEWSA(), xfrm4j_h.XFRM_MSG_NEWSA(), xfrm4j_h.XFRM_MSG_NEWPOLICY(),
                xfrm4j_h.XFRM_MSG_UPDPOLICY(), xfrm4j_h.XFRM_MSG_UPDSA(), xfrm4j_h.XFRM_MSG_DELSA(),
                xfrm4j_h.XFRM_MSG_NEWPOLICY(), xfrm4j_h.XFRM_MSG_DELPOLICY(), xfrm4j_h.XFRM_MSG_FLUSHSA()),
                results.stream().map(Result::messageType).toList());
        assertEquals(Collections.nCopies(9, State.DONE), states(results), results::toString);
        assertEquals(List.of(second.id()), kernel.all().stream().map(SecurityAssociation::id).toList());
        assertEquals(8, kernel.all().getFirst().lifetime().hardPackets());
        List<Policy> policies = kernel.xfrm().policies().list();
        assertEquals(List.of(policy.id()), policies.stream().map(Policy::id).toList());
        assertEquals(PolicyAction.BLOCK, policies.getFirst().action());
    }

    @Test
    void aRefusalIsTheResultOfItsRequestAlone() {
        SecurityAssociation there = kernel.add(TestSas.esp(0x5003).build());
        SecurityAssociation other = TestSas.esp(0x5004).build();
        List<Result> results = kernel.xfrm().batch()
                .add(there)
                .add(other)
                .delete(policy(3).id())
                .add(policy(4))
                .add(policy(4))
                .send();

        assertEquals(List.of(State.REFUSED, State.DONE, State.REFUSED, State.DONE, State.REFUSED), states(results));
        assertEquals("XFRM_MSG_NEWSA refused: EEXIST (17) [esp spi 0x00005003 → 198.51.100.1]",
                results.getFirst().toString());
        assertEquals("XFRM_MSG_NEWSA done [esp spi 0x00005004 → 198.51.100.1]", results.get(1).toString());
        assertEquals(Errno.ENOENT, results.get(2).refusal().errno());
        assertEquals(policy(3).id(), results.get(2).subject());
        assertEquals(Errno.EEXIST, results.get(4).refusal().errno());
        assertNull(results.get(3).refusal());
        assertTrue(kernel.find(other.id()).isPresent());
    }

    @Test
    void whatCannotBeWrittenIsRefusedBeforeItIsSent() {
        SecurityAssociation wiped = TestSas.esp(0x5005).build();
        SecurityAssociation whole = TestSas.esp(0x5006).build();
        wiped.wipeKeys();
        XfrmBatch batch = kernel.xfrm().batch().add(wiped).add(whole)
                .request(xfrm4j_h.XFRM_MSG_NEWSA(), "too long", (segment, offset) -> Integer.MAX_VALUE);
        List<Result> results = batch.send();

        assertEquals(List.of(State.REFUSED, State.DONE, State.REFUSED), states(results));
        assertEquals(new Refusal(0, "key: wiped, it cannot be used any more", null), results.getFirst().refusal());
        assertEquals(Optional.empty(), kernel.find(wiped.id()));
        assertTrue(kernel.find(whole.id()).isPresent());
    }

    @Test
    void takesMoreThanOneTransmissionAndIsUsedAgain() {
        XfrmBatch batch = kernel.xfrm().batch();
        List<SecurityAssociation> sas = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            sas.add(TestSas.esp(0x6000 + i).build());
        }
        sas.forEach(batch::add);
        assertEquals(1_000, batch.size());
        List<Result> results = batch.send();
        assertEquals(1_000, results.stream().filter(Result::isDone).count());
        for (int i = 0; i < results.size(); i++) {
            assertEquals(i, results.get(i).index());
            assertEquals(sas.get(i).id(), results.get(i).subject());
        }
        assertEquals(0, batch.size());
        assertEquals(1_000, kernel.all().size());

        // Every second one is not there any more.
        for (int i = 0; i < sas.size(); i += 2) {
            kernel.sas().delete(sas.get(i).id());
        }
        sas.forEach(sa -> batch.delete(sa.id()));
        List<Result> deletions = batch.send();
        for (int i = 0; i < deletions.size(); i++) {
            assertEquals(i % 2 == 0 ? State.REFUSED : State.DONE, deletions.get(i).state());
        }
        assertEquals(List.of(), kernel.all());
        assertEquals(List.of(), batch.send(), "an empty one has no results");
    }

    /** Those of Mobile IPv6 have no SPI: two with one destination are told apart by their sources. */
    @Test
    void namesSasWithoutAnSpiByTheirSource() {
        List<SecurityAssociation> sas = Stream.of("2001:db8::1", "2001:db8::2", "2001:db8::3")
                .map(source -> SecurityAssociation.builder().source(source).destination("2001:db8::9")
                        .protocol(Protocol.ROUTING).mode(Mode.ROUTE_OPTIMIZATION)
                        .careOfAddress(IpAddress.parse("2001:db8::99")).build())
                .toList();
        assertEquals(List.of(), kernel.sas().addAll(sas));
        for (SecurityAssociation sa : sas) {
            assertEquals(sa.source(), kernel.sas().get(sa.id(), sa.source()).orElseThrow().source());
        }
        assertEquals(Errno.EINVAL, assertThrows(XfrmException.class,
                () -> kernel.sas().get(sas.getFirst().id())).errno());

        assertTrue(kernel.sas().delete(sas.get(1).id(), sas.get(1).source()));
        assertFalse(kernel.sas().delete(sas.get(1).id(), sas.get(1).source()));
        assertEquals(List.of(State.DONE),
                states(kernel.xfrm().batch().delete(sas.get(2).id(), sas.get(2).source()).send()));
        assertEquals(List.of(sas.getFirst().source()), kernel.all().stream().map(SecurityAssociation::source).toList());
    }
}
