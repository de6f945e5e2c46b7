package org.xfrm4j.cli;

import java.time.Duration;
import org.xfrm4j.netlink.NetworkNamespace;
import org.xfrm4j.policy.PolicyAction;
import org.xfrm4j.policy.PolicyDirection;
import org.xfrm4j.policy.PolicyType;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Makes values of the words of options. */
final class Converters {
    private Converters() {
    }

    static void register(CommandLine line) {
        line.registerConverter(IpAddress.class, refusing(IpAddress::parse));
        line.registerConverter(IpPrefix.class, refusing(IpPrefix::parse));
        line.registerConverter(U32.class, refusing(U32::parse));
        line.registerConverter(Mark.class, refusing(Converters::mark));
        line.registerConverter(Protocol.class, refusing(Names::protocol));
        line.registerConverter(Mode.class, refusing(Names::mode));
        line.registerConverter(Direction.class, refusing(Names::direction));
        line.registerConverter(PolicyDirection.class, refusing(Names::policyDirection));
        line.registerConverter(PolicyAction.class, refusing(Names::action));
        line.registerConverter(PolicyType.class, refusing(Names::policyType));
        line.registerConverter(NetworkNamespace.class, refusing(Converters::namespace));
        line.registerConverter(Place.class, refusing(Place::of));
        line.registerConverter(Duration.class, refusing(Converters::milliseconds));
    }

    private static <T> ITypeConverter<T> refusing(ITypeConverter<T> parser) {
        return text -> {
            try {
                return parser.convert(text);
            } catch (IllegalArgumentException | UsageException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        };
    }

    /** {@code VALUE} or {@code VALUE/MASK}. */
    static Mark mark(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? Mark.exactly(U32.parse(text).bits())
                : new Mark(U32.parse(text.substring(0, slash)).bits(), U32.parse(text.substring(slash + 1)).bits());
    }

    /** A name as {@code ip netns} has it, or the file of a namespace. */
    static NetworkNamespace namespace(String text) {
        return text.contains("/") ? NetworkNamespace.at(java.nio.file.Path.of(text)) : NetworkNamespace.named(text);
    }

    private static Duration milliseconds(String text) {
        try {
            return Duration.ofNanos(Math.round(Double.parseDouble(text) * 1_000_000));
        } catch (NumberFormatException wrong) {
            throw new UsageException("'" + text + "' is not a number of milliseconds");
        }
    }
}
