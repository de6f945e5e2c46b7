package org.xfrm4j.cli;

import java.util.List;
import org.xfrm4j.SaFilter;
import org.xfrm4j.migrate.SaSelection;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import picocli.CommandLine.Option;

/**
 * Which SAs. Each option can also be written as {@code ip} does, without dashes. Protocol and outer addresses the
 * kernel compares itself, and does not send the others.
 */
final class FilterOptions {
    @Option(names = {"src", "--src"}, paramLabel = "PREFIX", description = "SAs whose outer source lies in it.")
    private IpPrefix source;

    @Option(names = {"dst", "--dst"}, paramLabel = "PREFIX", description = "SAs whose outer destination lies in it.")
    private IpPrefix destination;

    @Option(names = {"proto", "--proto"}, paramLabel = "PROTO", description = "SAs of esp, ah, comp, route2 or hao.")
    private Protocol protocol;

    @Option(names = {"spi", "--spi"}, paramLabel = "SPI", split = ",", description = "SAs of these SPIs.")
    private List<U32> spis = List.of();

    @Option(names = {"reqid", "--reqid"}, paramLabel = "REQID", split = ",", description = "SAs of these reqids.")
    private List<U32> reqids = List.of();

    @Option(names = {"mode", "--mode"}, paramLabel = "MODE",
            description = "SAs of transport, tunnel, beet, ro, in_trigger or iptfs.")
    private Mode mode;

    @Option(names = {"mark", "--mark"}, paramLabel = "VALUE[/MASK]", description = "SAs with exactly this mark.")
    private Mark mark;

    @Option(names = {"if_id", "--if-id"}, paramLabel = "ID", description = "SAs of this XFRM interface; 0: of none.")
    private U32 interfaceId;

    @Option(names = {"dir", "--dir"}, paramLabel = "DIR", description = "SAs for packets that come in, or go out.")
    private Direction direction;

    /** What the kernel leaves out itself. */
    SaFilter filter() {
        SaFilter filter = SaFilter.ALL;
        filter = protocol == null ? filter : filter.protocol(protocol);
        filter = source == null ? filter : filter.source(source);
        return destination == null ? filter : filter.destination(destination);
    }

    /** What remains to be looked at, and all of it. */
    SaSelection selection() {
        SaSelection selection = SaSelection.ALL;
        selection = source == null ? selection : selection.and(SaSelection.source(source));
        selection = destination == null ? selection : selection.and(SaSelection.destination(destination));
        selection = protocol == null ? selection : selection.and(SaSelection.protocol(protocol));
        selection = spis.isEmpty() ? selection : selection.and(SaSelection.spi(numbers(spis)));
        selection = reqids.isEmpty() ? selection : selection.and(SaSelection.reqid(numbers(reqids)));
        selection = mode == null ? selection : selection.and(SaSelection.mode(mode));
        selection = mark == null ? selection : selection.and(SaSelection.mark(mark));
        selection = interfaceId == null ? selection : selection.and(SaSelection.ifId(interfaceId.bits()));
        return direction == null ? selection : selection.and(SaSelection.direction(direction));
    }

    private static int[] numbers(List<U32> numbers) {
        return numbers.stream().mapToInt(U32::bits).toArray();
    }
}
