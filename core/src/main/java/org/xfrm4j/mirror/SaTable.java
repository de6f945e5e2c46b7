package org.xfrm4j.mirror;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;

/** SAs by their names. An SA of a protocol without SPIs is named by its source as well. */
final class SaTable {
    /** By the name without the mark: mostly one, several where marks tell them apart. */
    private final Map<SaId, List<SecurityAssociation>> places = new HashMap<>();
    private int size;

    /**
     * Whether an SA belongs in a mirror. Not the larval ones, which come, and with acquires go, without being
     * announced; nor those of the kernel itself, such as the IP tunnels of IPComp, which are never announced.
     */
    static boolean isAnnounced(SecurityAssociation sa) {
        Protocol protocol = sa.protocol();
        if (protocol.hasSpi()) {
            return !sa.algorithms().isEmpty();
        }
        return (protocol.equals(Protocol.ROUTING) || protocol.equals(Protocol.DSTOPTS)) && sa.careOfAddress() != null;
    }

    void put(SecurityAssociation sa) {
        remove(sa);
        places.merge(place(sa.id()), List.of(sa), SaTable::join);
        size++;
    }

    private static List<SecurityAssociation> join(List<SecurityAssociation> some, List<SecurityAssociation> more) {
        List<SecurityAssociation> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    /** Removes the SA that has the same name. */
    void remove(SecurityAssociation sa) {
        removeAt(sa.id(), other -> other.id().equals(sa.id())
                && (sa.protocol().hasSpi() || other.source().equals(sa.source())));
    }

    void remove(SaId id) {
        removeAt(id, other -> other.id().equals(id));
    }

    private void removeAt(SaId id, Predicate<SecurityAssociation> which) {
        List<SecurityAssociation> here = at(id);
        List<SecurityAssociation> rest = here.stream().filter(which.negate()).toList();
        size -= here.size() - rest.size();
        if (rest.isEmpty()) {
            places.remove(place(id));
        } else {
            places.put(place(id), rest);
        }
    }

    void removeIf(Predicate<SecurityAssociation> which) {
        all().stream().filter(which).forEach(this::remove);
    }

    Optional<SecurityAssociation> get(SaId id) {
        return at(id).stream().filter(sa -> sa.id().equals(id)).findFirst();
    }

    /** The SAs that the kernel may find by a name: it compares marks through the SAs' masks. */
    List<SecurityAssociation> foundBy(SaId id) {
        int mark = id.mark().value() & id.mark().mask();
        return at(id).stream().filter(sa -> (mark & sa.mark().mask()) == sa.mark().value()).toList();
    }

    private List<SecurityAssociation> at(SaId id) {
        return places.getOrDefault(place(id), List.of());
    }

    private static SaId place(SaId id) {
        return id.withMark(Mark.NONE);
    }

    Collection<SecurityAssociation> all() {
        List<SecurityAssociation> all = new ArrayList<>(size);
        places.values().forEach(all::addAll);
        return all;
    }

    int size() {
        return size;
    }
}
