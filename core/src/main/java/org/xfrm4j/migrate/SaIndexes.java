package org.xfrm4j.migrate;

import java.util.EnumMap;
import java.util.Map;

/** Finds SAs by what templates tell of them. Each index is made when it is first needed. */
final class SaIndexes {
    /** By which fields. */
    enum Fields {
        /** Both addresses and the reqid. */
        ENDS(true, true, true),
        /** Destination and reqid. */
        DESTINATION(false, true, true),
        /** Source and reqid. */
        SOURCE(true, false, true),
        /** The source alone. */
        SOURCE_ALONE(true, false, false),
        /** The reqid alone. */
        REQID(false, false, true);

        private final boolean source;
        private final boolean destination;
        private final boolean reqid;

        Fields(boolean source, boolean destination, boolean reqid) {
            this.source = source;
            this.destination = destination;
            this.reqid = reqid;
        }

        private int hash(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int theReqid) {
            int hash = reqid ? theReqid : 0;
            hash = source ? HashIndex.mix(HashIndex.mix(hash, sourceHigh), sourceLow) : hash;
            hash = destination ? HashIndex.mix(HashIndex.mix(hash, destinationHigh), destinationLow) : hash;
            return HashIndex.mix(hash, ordinal());
        }
    }

    private final SaTable sas;
    private final Map<Fields, HashIndex> indexes = new EnumMap<>(Fields.class);

    SaIndexes(SaTable sas) {
        this.sas = sas;
    }

    /** The index; what it finds has the same hash, and has to be compared. */
    HashIndex by(Fields fields) {
        return indexes.computeIfAbsent(fields, this::index);
    }

    private HashIndex index(Fields fields) {
        HashIndex index = new HashIndex();
        for (int sa = 0; sa < sas.count(); sa++) {
            index.add(fields.hash(sas.sourceHigh(sa), sas.sourceLow(sa), sas.destinationHigh(sa),
                    sas.destinationLow(sa), sas.reqid(sa)));
        }
        return index;
    }

    /** The hash of what is looked for; fields that do not count may be anything. */
    static int hash(Fields fields, AddressRange source, AddressRange destination, int reqid) {
        return fields.hash(source.high(), source.low(), destination.high(), destination.low(), reqid);
    }
}
