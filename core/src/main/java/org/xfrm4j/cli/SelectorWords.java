package org.xfrm4j.cli;

import java.net.NetworkInterface;
import java.net.SocketException;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Selector;

/** Reads a selector: {@code src PREFIX dst PREFIX proto PROTO sport PORT dport PORT type T code C key K dev NAME}. */
final class SelectorWords {
    private static final int PORT = 0xffff;

    private IpPrefix source;
    private IpPrefix destination;
    private int protocol;
    private int sourcePort;
    private int sourceMask;
    private int destinationPort;
    private int destinationMask;
    private int interfaceIndex;
    private int user;

    /** Takes what belongs to a selector; false, and nothing is taken, where something else follows. */
    boolean take(Words words) {
        if (words.take("src")) {
            source = words.prefix();
        } else if (words.take("dst")) {
            destination = words.prefix();
        } else if (words.take("proto")) {
            protocol = words.next(Names::upperProtocolNumber);
        } else if (words.take("sport") || words.take("type")) {
            sourcePort = words.number(PORT);
            sourceMask = PORT;
        } else if (words.take("dport") || words.take("code")) {
            destinationPort = words.number(PORT);
            destinationMask = PORT;
        } else if (words.take("key")) {
            int key = words.next(SelectorWords::greKey);
            sourcePort = key >>> Short.SIZE;
            destinationPort = key & PORT;
            sourceMask = PORT;
            destinationMask = PORT;
        } else if (words.take("dev")) {
            interfaceIndex = words.next(SelectorWords::interfaceIndex);
        } else if (words.take("uid")) {
            user = words.u32();
        } else {
            return false;
        }
        return true;
    }

    private static int greKey(String word) {
        return word.contains(".") ? IpAddress.parse(word).ipv4Bits() : U32.parse(word).bits();
    }

    /** The index of an interface by its name in this process's namespace, or by {@code #} and number. */
    static int interfaceIndex(String name) {
        if (name.startsWith("#")) {
            return U32.parse(name.substring(1)).bits();
        }
        try {
            NetworkInterface found = NetworkInterface.getByName(name);
            if (found != null) {
                return found.getIndex();
            }
        } catch (SocketException unknown) {
            // told below
        }
        throw new UsageException("there is no interface '" + name + "' here; in another network namespace give its"
                + " number as '#7'");
    }

    /** The selector; of what was not told, all. */
    Selector selector(AddressFamily otherwise) {
        AddressFamily family = source != null ? source.address().family()
                : destination != null ? destination.address().family() : otherwise;
        IpPrefix all = switch (family) {
            case INET -> IpPrefix.ALL_IPV4;
            case INET6 -> IpPrefix.ALL_IPV6;
            case UNSPEC -> IpPrefix.ALL;
        };
        return new Selector(source == null ? all : source, destination == null ? all : destination, protocol,
                sourcePort, sourceMask, destinationPort, destinationMask, interfaceIndex, user);
    }
}
