package org.xfrm4j.policy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.EncapDecoder;
import org.xfrm4j.wire.EncapEncoder;
import org.xfrm4j.wire.KmAddressDecoder;
import org.xfrm4j.wire.KmAddressEncoder;
import org.xfrm4j.wire.MigrateDecoder;
import org.xfrm4j.wire.MigrateEntryEncoder;
import org.xfrm4j.wire.PolicyIdDecoder;
import org.xfrm4j.wire.PolicyIdEncoder;

/**
 * The contents of one XFRM_MSG_MIGRATE, the way of Mobile IPv6 and MOBIKE before Linux 7.2: the templates of one policy
 * and the SAs that they mean move together to new outer addresses.
 *
 * <p>The kernel finds the policy as if a packet from the selector's source to its destination passed, not by the
 * selector itself; and it moves one SA for each entry, though several may fit. The XFRM_MSG_MIGRATE_STATE of {@code
 * org.xfrm4j.migrate} is exact in both.
 *
 * @param direction the policy's direction
 * @param selector what finds the policy
 * @param type which of two databases the policy is in
 * @param ifId the id of the XFRM interface of policy and SAs; 0 for none. Only a request tells it
 * @param entries 1 to {@link #MAX_ENTRIES}
 * @param kmAddress where IKE goes on; null for nothing said
 * @param encap the encapsulation that all SAs have that moved; null for none: an SA then loses what it had (Linux 7.2;
 *     earlier ones let it be)
 * @param offload the offload of all SAs that move; null for none. Only a request tells it
 */
public record LegacyMigrate(
        PolicyDirection direction,
        Selector selector,
        PolicyType type,
        int ifId,
        List<MigrateEntry> entries,
        KmAddress kmAddress,
        Encap encap,
        Offload offload) {
    /** The most entries of a message ({@code XFRM_MAX_DEPTH}). */
    public static final int MAX_ENTRIES = MigrateDecoder.MAX_ENTRIES;

    /**
     * Checks what the kernel would refuse ({@code xfrm_migrate_check}, net/xfrm/xfrm_policy.c).
     *
     * @throws IllegalArgumentException if there are no entries or too many, or two that name the same SAs, or a new
     *     address is all zero, or the direction is that of a socket's policy
     */
    public LegacyMigrate {
        Check.notNull("dir", direction);
        Check.notNull("selector", selector);
        Check.notNull("ptype", type);
        Check.refuse(direction.isOfSocket(), "dir: %s, whose policies do not move", direction);
        entries = List.copyOf(entries);
        Check.range("migrate entries", entries.size(), 1, MAX_ENTRIES);
        for (int i = 0; i < entries.size(); i++) {
            MigrateEntry entry = entries.get(i);
            Check.refuse(entry.newSource().isUnspecified(), "new source: %s in entry %s", entry.newSource(), i);
            Check.refuse(entry.newDestination().isUnspecified(), "new destination: %s in entry %s",
                    entry.newDestination(), i);
            for (int j = 0; j < i; j++) {
                Check.refuse(entry.namesTheSameAs(entries.get(j)), "migrate entries: %s and %s name the same SAs", j,
                        i);
            }
        }
    }

    /** {@return a move of a main policy and its SAs} */
    public static LegacyMigrate of(PolicyDirection direction, Selector selector, List<MigrateEntry> entries) {
        return new LegacyMigrate(direction, selector, PolicyType.MAIN, 0, entries, null, null, null);
    }

    /** {@return this move, of a policy of another type} */
    public LegacyMigrate withType(PolicyType other) {
        return new LegacyMigrate(direction, selector, other, ifId, entries, kmAddress, encap, offload);
    }

    /** {@return this move, on an XFRM interface} */
    public LegacyMigrate withIfId(int other) {
        return new LegacyMigrate(direction, selector, type, other, entries, kmAddress, encap, offload);
    }

    /** {@return this move, that tells where IKE goes on} */
    public LegacyMigrate withKmAddress(KmAddress other) {
        return new LegacyMigrate(direction, selector, type, ifId, entries, other, encap, offload);
    }

    /** {@return this move, with encapsulation} */
    public LegacyMigrate withEncap(Encap other) {
        return new LegacyMigrate(direction, selector, type, ifId, entries, kmAddress, other, offload);
    }

    /** {@return this move, offloaded} */
    public LegacyMigrate withOffload(Offload other) {
        return new LegacyMigrate(direction, selector, type, ifId, entries, kmAddress, encap, other);
    }

    /**
     * {@return the move that is there}
     *
     * @param message a request or an announcement
     * @throws MalformedMessageException if its bytes do not form one
     */
    public static LegacyMigrate from(MigrateDecoder message) {
        try {
            return read(message);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("XFRM_MSG_MIGRATE: " + e.getMessage());
        }
    }

    private static LegacyMigrate read(MigrateDecoder message) {
        MigrateEntry[] entries = new MigrateEntry[message.entryCount()];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = MigrateEntry.from(message.entry(i));
        }
        PolicyIdDecoder policy = message.policy();
        return new LegacyMigrate(
                PolicyDirection.of(policy.direction()),
                Selector.from(policy.selector()),
                PolicyType.of(message.policyType()),
                message.ifId(),
                List.of(entries),
                message.kmAddressOffset() < 0 ? null : KmAddress.from(new KmAddressDecoder()
                        .wrap(message.segment(), message.kmAddressOffset())),
                message.encapOffset() < 0 ? null : Encap.from(new EncapDecoder()
                        .wrap(message.segment(), message.encapOffset()), entries[0].newSource().family()),
                null);
    }

    /**
     * Writes the payload of XFRM_MSG_MIGRATE.
     *
     * @param segment the memory
     * @param offset where it goes: behind the {@code nlmsghdr}
     * @return its size in bytes
     */
    public int encode(MemorySegment segment, long offset) {
        PolicyIdEncoder message = new PolicyIdEncoder().wrap(segment, offset).direction(direction.number());
        selector.encode(message.selector());
        AttributeEncoder attributes = message.attributes();
        MigrateEntryEncoder entry = new MigrateEntryEncoder();
        long at = attributes.begin(xfrm4j_h.XFRMA_MIGRATE());
        int length = 0;
        for (MigrateEntry each : entries) {
            length += each.encode(entry.wrap(segment, at + length));
        }
        attributes.end(length).putPolicyType(type.number());
        if (kmAddress != null) {
            attributes.end(kmAddress.encode(new KmAddressEncoder()
                    .wrap(segment, attributes.begin(xfrm4j_h.XFRMA_KMADDRESS()))));
        }
        if (encap != null) {
            attributes.end(encap.encode(new EncapEncoder().wrap(segment, attributes.begin(xfrm4j_h.XFRMA_ENCAP()))));
        }
        if (ifId != 0) {
            attributes.putU32(xfrm4j_h.XFRMA_IF_ID(), ifId);
        }
        if (offload != null) {
            attributes.putOffload(offload.ifindex(), offload.flags());
        }
        return message.encodedLength();
    }

    /** {@return policy and entries} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("policy ").append(direction).append(' ').append(selector);
        entries.forEach(entry -> text.append("\n\t").append(entry));
        if (kmAddress != null) {
            text.append("\n\tike ").append(kmAddress.local()).append(" → ").append(kmAddress.remote());
        }
        return encap == null ? text.toString() : text.append("\n\t").append(encap).toString();
    }
}
