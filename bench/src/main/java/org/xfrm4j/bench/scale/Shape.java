package org.xfrm4j.bench.scale;

/**
 * How SAs share tunnels. Those of a tunnel and a direction have the same addresses and reqid, and so the same place in
 * two of the kernel's three hash tables; they move together with the tunnel's policies.
 *
 * @param name what it is called; the C twin knows those of {@link #SPREAD} and {@link #PER_CPU}
 * @param sasOfDirection how many SAs a tunnel has in each direction
 */
record Shape(String name, int sasOfDirection) {
    /** One SA in each direction, as usual. */
    static final Shape SPREAD = new Shape("spread", 1);
    /** One for each of 64 CPUs. */
    static final Shape PER_CPU = new Shape("per-cpu", 64);

    /** Tunnels with so many SAs in each direction. */
    static Shape ofGroups(int sas) {
        return new Shape("groups-of-" + sas, sas);
    }

    static Shape named(String name) {
        if (name.startsWith("groups-of-")) {
            return ofGroups(Integer.parseInt(name.substring("groups-of-".length())));
        }
        return name.equals(PER_CPU.name) ? PER_CPU : SPREAD;
    }

    int tunnel(int index) {
        return index / (2 * sasOfDirection);
    }

    /** How many tunnels so many SAs make. */
    int tunnels(int sas) {
        return sas == 0 ? 0 : tunnel(sas - 1) + 1;
    }
}
