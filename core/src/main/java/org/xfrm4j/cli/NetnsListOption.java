package org.xfrm4j.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** Where: one network namespace or several. */
final class NetnsListOption {
    @Option(names = {"-n", "--netns"}, paramLabel = "NAME", order = 900,
            description = "The network namespace: a name of 'ip netns', or a file such as /proc/4711/ns/net. Can be"
                    + " told several times: all are looked at first, then they migrate side by side.")
    private List<Place> places = List.of(Place.HERE);

    List<Place> places() {
        return places;
    }
}
