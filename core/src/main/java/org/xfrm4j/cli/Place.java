package org.xfrm4j.cli;

import java.nio.file.Path;
import org.xfrm4j.netlink.NetworkNamespace;

/**
 * Where a command works.
 *
 * @param name as the user has told it; null where he has told nothing
 * @param namespace what it names
 */
record Place(String name, NetworkNamespace namespace) {
    static final Place HERE = new Place(null, NetworkNamespace.current());

    static Place of(String name) {
        return new Place(name, Converters.namespace(name));
    }

    /** The file of this place, of a command that writes one for each of several. */
    Path own(Path file) {
        return file.resolveSibling(file.getFileName() + "." + name.replaceFirst("^/+", "").replace('/', '-'));
    }

    @Override
    public String toString() {
        return namespace.toString();
    }
}
