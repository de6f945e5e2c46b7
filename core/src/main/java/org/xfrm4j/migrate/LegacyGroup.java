package org.xfrm4j.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.xfrm4j.Refusal;
import org.xfrm4j.Xfrm;
import org.xfrm4j.XfrmException;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.policy.LegacyMigrate;
import org.xfrm4j.policy.MigrateEntry;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.wire.EncapDecoder;
import org.xfrm4j.wire.MigrateStateDecoder;
import org.xfrm4j.wire.SaDecoder;

/** Moves one group by XFRM_MSG_MIGRATE; see {@link LegacyMigration}. */
final class LegacyGroup {
    private final Xfrm xfrm;
    private final PlannedGroup work;
    private final List<List<MigrateEntry>> entries = new ArrayList<>();
    private final Traffic traffic;
    private final MoveLookup lookup;
    private final MigrateStateDecoder forward = new MigrateStateDecoder();
    private final MigrateStateDecoder back = new MigrateStateDecoder();
    private final Outcome[] outcomes;
    private final boolean[] wasThere;
    /** The calls that were made, the last one last. */
    private final List<LegacyMigrate> made = new ArrayList<>();
    private Tunnel before;
    private Tunnel after;
    private String failure;
    private long blackoutNanos;
    private GroupState state = GroupState.UNTOUCHED;

    /** What a call has to say of all SAs that it moves, lest they lose it. */
    private record Tunnel(Encap encap, Offload offload) {
        static Tunnel of(SaDecoder sa) {
            Encap encap = sa.encapType() == 0 ? null : encap(new EncapDecoder().wrap(sa.segment(), sa.encapOffset()),
                    AddressFamily.of(sa.family()));
            return new Tunnel(encap, sa.offloadIfindex() == 0 ? null
                    : new Offload(sa.offloadIfindex(), sa.offloadFlags()));
        }

        Tunnel after(MigrateStateDecoder move) {
            boolean cleared = (move.flags() & xfrm4j_h.XFRM_MIGRATE_STATE_CLEAR_OFFLOAD()) != 0;
            return new Tunnel(!move.has(xfrm4j_h.XFRMA_ENCAP()) ? encap
                    : encap(new EncapDecoder().wrap(move.segment(), move.encapOffset()),
                            AddressFamily.of(move.newFamily())),
                    move.has(xfrm4j_h.XFRMA_OFFLOAD_DEV())
                            ? new Offload(move.offloadIfindex(), move.offloadFlags()) : cleared ? null : offload);
        }

        private static Encap encap(EncapDecoder encap, AddressFamily family) {
            return new Encap(encap.type(), encap.sourcePort(), encap.destinationPort(),
                    IpAddress.ofWire(family, encap.originalAddressHigh(), encap.originalAddressLow()));
        }
    }

    LegacyGroup(Xfrm xfrm, MigrationPlan plan, int group, LegacyCalls calls, Traffic traffic) {
        this.xfrm = xfrm;
        this.work = new PlannedGroup(plan, plan.plannedPolicies(), group);
        this.traffic = traffic;
        this.lookup = new MoveLookup(xfrm);
        this.outcomes = new Outcome[work.moveCount()];
        this.wasThere = new boolean[outcomes.length];
        for (int i = 0; i < work.policyCount(); i++) {
            entries.add(calls.entries(plan.groupTable().policy(group, i)));
        }
    }

    GroupState state() {
        return state;
    }

    String failure() {
        return failure;
    }

    Outcome outcome(int move) {
        return outcomes[move];
    }

    Refusal refusal(int move) {
        String reason = outcomes[move] == Outcome.GONE ? "it was not there any more" : Objects.toString(failure);
        return outcomes[move] == null || outcomes[move] == Outcome.MOVED ? null : new Refusal(0, reason, null);
    }

    long blackoutNanos() {
        return blackoutNanos;
    }

    void run() {
        failure = new PolicyCheck(xfrm).differences(List.of(work))[0];
        if (failure == null) {
            readSas();
        }
        if (failure != null) {
            return;
        }
        state = GroupState.STUCK;
        long start = System.nanoTime();
        try {
            move();
            if (failure == null) {
                state = GroupState.MOVED;
            } else {
                takeBack();
            }
        } catch (NetlinkException cut) {
            fail(cut.getMessage());
            throw cut;
        }
        blackoutNanos = work.outgoing() ? System.nanoTime() - start : 0;
        look();
    }

    private void fail(String reason) {
        failure = failure == null ? reason : failure + "; " + reason;
    }

    /** Encapsulation and offload are said once for all SAs of a call. */
    private void readSas() {
        for (int move = 0; move < outcomes.length; move++) {
            work.forward(move, forward);
            wasThere[move] = xfrm.sas().read(MoveLookup.before(forward), sa -> {
                Tunnel its = Tunnel.of(sa);
                Tunnel then = its.after(forward);
                if (before != null && (!before.equals(its) || !after.equals(then))) {
                    fail("its SAs differ in encapsulation or offload, of which XFRM_MSG_MIGRATE knows but one");
                }
                before = its;
                after = then;
            });
        }
        before = before == null ? new Tunnel(null, null) : before;
        after = after == null ? before : after;
    }

    private void move() {
        try {
            for (int i = 0; work.outgoing() && i < work.policyCount(); i++) {
                put(work.original(i).toBuilder().action(PolicyAction.BLOCK).build());
            }
            for (int i = 0; i < work.policyCount() && failure == null; i++) {
                if (!entries.get(i).isEmpty()) {
                    LegacyMigrate call = call(work.original(i), entries.get(i), after);
                    send(call);
                    made.add(call);
                    requireChanged(i);
                }
            }
            for (int i = 0; work.outgoing() && failure == null && i < work.policyCount(); i++) {
                put(work.changed(i));
            }
        } catch (XfrmException refused) {
            fail(refused.getMessage());
        }
    }

    private static LegacyMigrate call(Policy policy, List<MigrateEntry> entries, Tunnel tunnel) {
        return new LegacyMigrate(policy.direction(), policy.selector(), policy.type(), policy.ifId(), entries, null,
                tunnel.encap(), tunnel.offload());
    }

    /** The kernel may have taken another policy for it. */
    private void requireChanged(int policy) {
        Policy should = work.changed(policy);
        Optional<Policy> is = xfrm.policies().get(should.id());
        if (is.isEmpty() || !is.get().templates().equals(should.templates())) {
            fail("the kernel took another policy for " + should.id());
        }
    }

    private void takeBack() {
        boolean back = true;
        for (LegacyMigrate call : made.reversed()) {
            back &= tried(() -> send(new LegacyMigrate(call.direction(), call.selector(), call.type(), call.ifId(),
                    call.entries().stream().map(LegacyGroup::opposite).toList(), null, before.encap(),
                    before.offload())));
        }
        for (int i = 0; back && work.outgoing() && i < work.policyCount(); i++) {
            Policy original = work.original(i);
            back = tried(() -> put(original));
        }
        state = back ? GroupState.TAKEN_BACK : GroupState.STUCK;
    }

    private boolean tried(Runnable what) {
        try {
            what.run();
            return true;
        } catch (XfrmException refused) {
            fail("taking back: " + refused.getMessage());
            return false;
        }
    }

    private static MigrateEntry opposite(MigrateEntry entry) {
        return new MigrateEntry(entry.newSource(), entry.newDestination(), entry.oldSource(), entry.oldDestination(),
                entry.protocol(), entry.mode(), entry.reqid());
    }

    private void put(Policy policy) {
        count(() -> xfrm.policies().update(policy));
    }

    private void send(LegacyMigrate call) {
        count(() -> xfrm.migrate(call));
    }

    private void count(Runnable request) {
        long start = System.nanoTime();
        try {
            request.run();
        } finally {
            traffic.sent(1, 0, System.nanoTime() - start);
        }
    }

    private void look() {
        for (int move = 0; move < outcomes.length; move++) {
            Outcome found = lookup.look(work.forward(move, forward), work.back(move, back), false);
            outcomes[move] = found == Outcome.LOST && !wasThere[move] ? Outcome.GONE : found;
            if (found == Outcome.REJECTED && state == GroupState.MOVED) {
                // A call that finds no SA changes the policy all the same.
                fail(MoveLookup.before(forward) + " stayed where it was");
                state = GroupState.STUCK;
            }
        }
    }
}
