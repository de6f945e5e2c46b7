package org.xfrm4j.mirror;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xfrm4j.PolicyDump;
import org.xfrm4j.SaDump;
import org.xfrm4j.SaFilter;
import org.xfrm4j.Xfrm;
import org.xfrm4j.event.Migrated;
import org.xfrm4j.event.Missed;
import org.xfrm4j.event.Notice;
import org.xfrm4j.event.Nothing;
import org.xfrm4j.event.PolicyAdded;
import org.xfrm4j.event.PolicyDeleted;
import org.xfrm4j.event.PolicyExpired;
import org.xfrm4j.event.PolicyFlushed;
import org.xfrm4j.event.PolicyUpdated;
import org.xfrm4j.event.SaAdded;
import org.xfrm4j.event.SaDeleted;
import org.xfrm4j.event.SaExpired;
import org.xfrm4j.event.SaFlushed;
import org.xfrm4j.event.SaUpdated;
import org.xfrm4j.event.StateMigrated;
import org.xfrm4j.event.XfrmEvent;
import org.xfrm4j.event.XfrmEvents;
import org.xfrm4j.event.XfrmGroup;
import org.xfrm4j.netlink.DumpInterruptedException;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.netlink.NetworkNamespace;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.policy.LegacyMigrate;
import org.xfrm4j.policy.MigrateEntry;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyIndex;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;

/**
 * The SAs and policies of a network namespace, kept up to date from events.
 *
 * <pre>
 *   try (Mirror mirror = Mirror.open()) {
 *       while (true) {
 *           Update update = mirror.update(Duration.ofSeconds(1));
 *           if (update.resynchronized()) { … events were lost; the mirror is right all the same … }
 *           … mirror.sas(), mirror.policies() …
 *       }
 *   }
 * </pre>
 *
 * <p><b>Right</b> is what is there after {@link #update} has returned: all that the kernel had announced by then. It
 * subscribes before it takes its first dump, so that nothing falls in between; when the kernel drops events, it is made
 * anew by dump, and {@link Update} says so. What the events alone do not tell is read from the kernel: an SA after it
 * was updated, and the SAs and policies of an XFRM_MSG_MIGRATE.
 *
 * <p><b>Not in it</b> is what the kernel does not announce:
 * <ul>
 * <li>larval SAs, the policies of sockets, and the SAs that the kernel makes for itself;</li>
 * <li>usage, statistics, time of last use and sequence numbers as they go on: they are those of the last time when the
 *     whole SA or policy was told;</li>
 * <li>security contexts of policies that were added after the last dump;</li>
 * <li>that an SA or policy vanished with the device to which it was offloaded.</li>
 * </ul>
 *
 * <p><b>Keys</b> are not kept: they are wiped as soon as an SA was read. Its algorithms tell their names and the
 * lengths of their keys; such an SA cannot be written to the kernel.
 *
 * <p>Belongs to the thread that opened it, which also drives it: there is no other thread. What the accessors return is
 * a copy, which any thread may have. Needs CAP_NET_ADMIN.
 */
public final class Mirror implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);
    private static final XfrmGroup[] GROUPS =
        {XfrmGroup.SA, XfrmGroup.EXPIRE, XfrmGroup.POLICY, XfrmGroup.MIGRATE};
    private static final int DUMP_ATTEMPTS = 5;
    /** An update ends after so many events, even if more are there: they may come for ever. */
    private static final int EVENTS_PER_UPDATE = 65_536;
    /** Beyond so many single things to read, one dump of all is cheaper. */
    private static final int MOST_READS = 256;
    /** Likewise of migrations, each of which takes a filtered dump or two, which visit every SA. */
    private static final int MOST_MIGRATIONS = 4;

    private final XfrmEvents events;
    private final Xfrm xfrm;
    private SaTable sas = new SaTable();
    private Map<Integer, Policy> policies = new HashMap<>();
    private final Set<SaId> sasToRead = new LinkedHashSet<>();
    private final List<LegacyMigrate> migrationsToFollow = new ArrayList<>();
    /** Whether something is known to be missing: then only a dump helps, also when one has failed. */
    private boolean stale = true;
    private long losses;

    private Mirror(XfrmEvents events, Xfrm xfrm) {
        this.events = events;
        this.xfrm = xfrm;
    }

    /**
     * A mirror of the network namespace of the calling thread, complete when this returns.
     *
     * @return to be closed by the caller
     * @throws NetlinkException when the kernel refuses, with its error number: EPERM without CAP_NET_ADMIN
     */
    public static Mirror open() {
        return open(NetworkNamespace.current(), SocketBuffers.DEFAULT);
    }

    /**
     * A mirror, complete when this returns.
     *
     * @param namespace of what
     * @param buffers the socket buffers to ask for: a larger receive buffer outlasts longer bursts
     * @return to be closed by the caller
     * @throws NetlinkException when the kernel refuses, with its error number: EPERM without CAP_NET_ADMIN
     */
    public static Mirror open(NetworkNamespace namespace, SocketBuffers buffers) {
        // Subscribed first: what changes while the dump is taken is queued, and applied on top of it.
        XfrmEvents events = XfrmEvents.open(namespace, buffers, GROUPS);
        try {
            Xfrm xfrm = Xfrm.open(namespace, buffers);
            try {
                Mirror mirror = new Mirror(events, xfrm);
                mirror.update(Duration.ZERO);
                return mirror;
            } catch (RuntimeException | Error failed) {
                xfrm.close();
                throw failed;
            }
        } catch (RuntimeException | Error failed) {
            events.close();
            throw failed;
        }
    }

    /**
     * Waits for an event, and applies all that are there.
     *
     * @param timeout how long to wait at most when there is none; zero does not wait
     * @return what was done
     * @throws NetlinkException when something could not be read from the kernel. The next update makes up for it
     */
    public Update update(Duration timeout) {
        long lossesBefore = losses;
        int applied = 0;
        if (stale) {
            dump();
        }
        Duration wait = timeout;
        while (applied < EVENTS_PER_UPDATE && step(wait)) {
            applied++;
            wait = Duration.ZERO;
        }
        read();
        return new Update(applied, (int) (losses - lossesBefore));
    }

    /** Takes what comes next; false when there is nothing. */
    private boolean step(Duration wait) {
        switch (next(wait)) {
            case Nothing nothing -> {
                return false;
            }
            case Missed missed -> {
                losses++;
                LOG.warn("the kernel dropped events: the mirror is made anew");
                stale = true;
                dump();
            }
            case XfrmEvent event -> apply(event);
        }
        return true;
    }

    private Notice next(Duration wait) {
        try {
            return events.next(wait);
        } catch (MalformedMessageException malformed) {
            LOG.warn("an event cannot be understood, which is as if it were lost: {}", malformed.getMessage());
            return new Missed();
        }
    }

    private void apply(XfrmEvent event) {
        switch (event) {
            case SaAdded added -> put(sas, added.sa());
            case SaUpdated updated -> {
                updated.sa().wipeKeys();
                sasToRead.add(updated.sa().id());
            }
            case SaDeleted deleted -> {
                deleted.sa().wipeKeys();
                sas.remove(deleted.sa());
            }
            case SaExpired expired when expired.hard() -> sas.remove(expired.sa());
            case SaFlushed flushed -> sas.removeIf(sa -> flushed.covers(sa.protocol()));
            case StateMigrated moved -> move(moved);
            case Migrated migrated -> migrationsToFollow.add(migrated.migrate());
            case PolicyAdded added -> put(policies, added.policy());
            case PolicyUpdated updated -> put(policies, updated.policy());
            case PolicyDeleted deleted -> policies.remove(deleted.policy().index());
            case PolicyExpired expired when expired.hard() -> policies.remove(expired.policy().index());
            case PolicyFlushed flushed ->
                    policies.values().removeIf(policy -> policy.id().type() == flushed.type());
            default -> { }
        }
    }

    private static void put(SaTable sas, SecurityAssociation sa) {
        sa.wipeKeys();
        if (SaTable.isAnnounced(sa)) {
            sas.put(sa);
        }
    }

    private static void put(Map<Integer, Policy> policies, Policy policy) {
        if (!policy.id().direction().isOfSocket()) {
            policies.put(policy.index(), policy);
        }
    }

    private void move(StateMigrated moved) {
        Optional<SecurityAssociation> before = sas.get(moved.sa());
        if (before.isPresent()) {
            sas.remove(before.get());
            sas.put(moved.applyTo(before.get()));
        } else {
            // It moved while a dump ran, which then may have seen neither the old one nor the new one; or the kernel
            // has found one with another mark, through its mask.
            sasToRead.add(moved.newId());
            sas.foundBy(moved.sa()).forEach(sa -> sasToRead.add(sa.id()));
        }
    }

    /** What was told only by name is read at the end of an update, each once, however often it has changed. */
    private void read() {
        if (sasToRead.size() > MOST_READS || migrationsToFollow.size() > MOST_MIGRATIONS) {
            dump();
            return;
        }
        try {
            sasToRead.forEach(this::read);
            migrationsToFollow.forEach(this::follow);
        } catch (RuntimeException | Error failed) {
            stale = true;
            throw failed;
        }
        sasToRead.clear();
        migrationsToFollow.clear();
    }

    private void read(SaId id) {
        SecurityAssociation[] found = new SecurityAssociation[1];
        boolean exists = id.protocol().hasSpi()
                && xfrm.sas().read(id, sa -> found[0] = SecurityAssociation.from(sa));
        if (exists) {
            found[0].wipeKeys();
        }
        if (exists && found[0].id().equals(id)) {
            put(sas, found[0]);
        } else if (!exists && id.protocol().hasSpi()) {
            sas.remove(id);
        } else {
            // Without an SPI, or another one that the kernel finds through its mask: only a dump tells them apart.
            refresh(SaFilter.ALL.protocol(id.protocol()).destination(IpPrefix.host(id.destination())),
                    sa -> sa.protocol().equals(id.protocol()) && sa.destination().equals(id.destination()));
        }
    }

    private void follow(LegacyMigrate migrate) {
        for (MigrateEntry entry : migrate.entries()) {
            refresh(entry.protocol(), entry.oldSource(), entry.oldDestination());
            refresh(entry.protocol(), entry.newSource(), entry.newDestination());
        }
        List<Policy> candidates = policies.values().stream()
                .filter(policy -> policy.id().direction() == migrate.direction()
                        && policy.id().type() == migrate.type()
                        && migrate.entries().stream().anyMatch(entry -> mayMove(policy, entry)))
                .toList();
        candidates.forEach(this::read);
    }

    /** Whether the entry means a template of the policy ({@code migrate_tmpl_match}, net/xfrm/xfrm_policy.c). */
    private static boolean mayMove(Policy policy, MigrateEntry entry) {
        for (Template template : policy.templates()) {
            if (template.protocol().equals(entry.protocol()) && template.mode().equals(entry.mode())
                    && (entry.reqid() == 0 || entry.reqid() == template.reqid())
                    && template.source().equals(entry.oldSource())
                    && template.destination().equals(entry.oldDestination())) {
                return true;
            }
        }
        return false;
    }

    private void read(Policy policy) {
        PolicyIndex index = new PolicyIndex(policy.index(), policy.id().type(), policy.id().mark(),
                policy.id().ifId());
        xfrm.policies().get(index).ifPresentOrElse(found -> put(policies, found),
                () -> policies.remove(policy.index()));
    }

    private void refresh(Protocol protocol, IpAddress source, IpAddress destination) {
        refresh(SaFilter.ALL.protocol(protocol).source(IpPrefix.host(source)).destination(IpPrefix.host(destination)),
                sa -> sa.protocol().equals(protocol) && sa.source().equals(source)
                        && sa.destination().equals(destination));
    }

    /** Puts what the kernel has in the place of what the mirror has of the same. */
    private void refresh(SaFilter filter, Predicate<SecurityAssociation> same) {
        SaTable fresh = dumpSas(filter);
        sas.removeIf(same);
        fresh.all().forEach(sas::put);
    }

    /** Makes all anew. */
    private void dump() {
        stale = true;
        SaTable freshSas = dumpSas(SaFilter.ALL);
        Map<Integer, Policy> freshPolicies = dumpPolicies();
        sas = freshSas;
        policies = freshPolicies;
        sasToRead.clear();
        migrationsToFollow.clear();
        stale = false;
    }

    private SaTable dumpSas(SaFilter filter) {
        for (int attempt = 1; ; attempt++) {
            SaTable fresh = new SaTable();
            try (SaDump dump = xfrm.sas().dump(filter)) {
                while (dump.next()) {
                    put(fresh, SecurityAssociation.from(dump.sa()));
                }
                return fresh;
            } catch (DumpInterruptedException interrupted) {
                if (attempt == DUMP_ATTEMPTS) {
                    throw interrupted;
                }
            }
        }
    }

    private Map<Integer, Policy> dumpPolicies() {
        for (int attempt = 1; ; attempt++) {
            Map<Integer, Policy> fresh = new HashMap<>();
            try (PolicyDump dump = xfrm.policies().dump()) {
                while (dump.next()) {
                    put(fresh, Policy.from(dump.policy()));
                }
                return fresh;
            } catch (DumpInterruptedException interrupted) {
                if (attempt == DUMP_ATTEMPTS) {
                    throw interrupted;
                }
            }
        }
    }

    /** {@return the SAs, without keys, in no order} */
    public Collection<SecurityAssociation> sas() {
        return sas.all();
    }

    /** {@return the SA of exactly this name, without keys} */
    public Optional<SecurityAssociation> sa(SaId id) {
        return sas.get(id);
    }

    /** {@return the policies, in no order} */
    public Collection<Policy> policies() {
        return List.copyOf(policies.values());
    }

    /** {@return the policy of an index} */
    public Optional<Policy> policy(int index) {
        return Optional.ofNullable(policies.get(index));
    }

    /** {@return how often the kernel has dropped events since this was opened} */
    public long losses() {
        return losses;
    }

    /** Closes its sockets. */
    @Override
    public void close() {
        xfrm.close();
        events.close();
    }
}
