package org.xfrm4j.migrate;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.wire.MigrateStateDecoder;

/** The addresses by way of which SAs may go that wait for each other in a circle, and at which of them is room. */
final class Parking {
    private final List<IpAddress> addresses;
    private final SaTable sas;
    private final MoveTable moves;
    /** By move: its new place. */
    private final HashIndex newPlaces;
    private final Set<Place> taken = new HashSet<>();
    private final MigrateStateDecoder other = new MigrateStateDecoder();

    /** Marks are not looked at: where there is one SA, there is no room for another. */
    private record Place(IpAddress destination, int spi, int protocol) {
    }

    Parking(List<IpAddress> addresses, SaTable sas, MoveTable moves, HashIndex newPlaces) {
        this.addresses = addresses;
        this.sas = sas;
        this.moves = moves;
        this.newPlaces = newPlaces;
    }

    /** Whether there are any addresses. */
    boolean isGiven() {
        return !addresses.isEmpty();
    }

    /** The address at which there is room for the SA of a move, which is no longer so; null if there is none. */
    IpAddress take(int move) {
        int sa = moves.sa(move);
        for (IpAddress address : addresses) {
            Place place = new Place(address, sas.spi(sa), sas.protocol(sa));
            if (address.family() == AddressFamily.of(sas.family(sa)) && !isOccupied(place) && taken.add(place)) {
                return address;
            }
        }
        return null;
    }

    /** Whether there is an SA at any time of the migration. */
    private boolean isOccupied(Place place) {
        int family = place.destination().family().number();
        long high = place.destination().high();
        long low = place.destination().low();
        int hash = SaTable.tupleHash(high, low, place.spi(), place.protocol(), family);
        for (int sa = sas.byTuple().first(hash); sa != HashIndex.NONE; sa = sas.byTuple().next(sa)) {
            if (sas.spi(sa) == place.spi() && sas.protocol(sa) == place.protocol() && sas.family(sa) == family
                    && sas.destinationHigh(sa) == high && sas.destinationLow(sa) == low) {
                return true;
            }
        }
        for (int move = newPlaces.first(hash); move != HashIndex.NONE; move = newPlaces.next(move)) {
            moves.forward(move, other);
            if (other.id().spi() == place.spi() && other.id().protocol() == place.protocol()
                    && Tuples.movesTo(other, family, high, low)) {
                return true;
            }
        }
        return false;
    }
}
