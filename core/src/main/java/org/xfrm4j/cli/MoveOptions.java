package org.xfrm4j.cli;

import java.util.function.Consumer;
import org.xfrm4j.migrate.Move;
import org.xfrm4j.sa.IpAddress;
import picocli.CommandLine.Option;

/** What one SA shall be: every field and attribute of XFRM_MSG_MIGRATE_STATE. */
final class MoveOptions {
    private static final String NONE = "none";

    @Option(names = "--new-src", paramLabel = "ADDRESS", order = 10, description = "The outer source.")
    private IpAddress source;

    @Option(names = "--new-dst", paramLabel = "ADDRESS", order = 11, description = "The outer destination.")
    private IpAddress destination;

    @Option(names = "--new-reqid", paramLabel = "REQID", order = 12, description = "The reqid; 0 is none.")
    private U32 reqid;

    @Option(names = "--new-selector", paramLabel = "WORDS", order = 13,
            description = "The selector, in ip's words: 'src 10.1.0.0/16 dst 10.2.0.0/16 proto udp dport 53'.")
    private String selector;

    @Option(names = "--host-to-host", order = 14,
            description = "A selector that the kernel makes of the new addresses; the SA must have just such a one.")
    private boolean hostToHost;

    @Option(names = "--new-mark", paramLabel = "VALUE[/MASK]|none", order = 15, description = "The mark, or none.")
    private String mark;

    @Option(names = "--new-encap", paramLabel = "WORDS|none", order = 16,
            description = "Encapsulation as ip takes it, 'espinudp SPORT DPORT [ADDRESS]', or none.")
    private String encap;

    @Option(names = "--new-output-mark", paramLabel = "VALUE[/MASK]|none", order = 17,
            description = "The mark that packets get after the transform, or none.")
    private String outputMark;

    @Option(names = "--new-offload", paramLabel = "WORDS|none", order = 18,
            description = "Offload as ip takes it, '[packet] dev NAME dir in|out', or none.")
    private String offload;

    @Option(names = "--nat-keepalive", paramLabel = "SECONDS", order = 19,
            description = "The interval of NAT keepalives; 0 for none.")
    private U32 keepalive;

    @Option(names = "--mapping-threshold", paramLabel = "SECONDS", order = 20,
            description = "The fewest seconds between two reports of a changed NAT mapping; 0 for the default.")
    private U32 threshold;

    void apply(Move.Builder move) {
        if (selector != null && hostToHost) {
            throw new UsageException("--new-selector and --host-to-host: it is one or the other");
        }
        ifTold("--new-src", source, move::source);
        ifTold("--new-dst", destination, move::destination);
        ifTold("--new-reqid", reqid, value -> move.reqid(value.bits()));
        ifTold("--new-selector", selector, words -> move.selector(ChangeOptions.selector(words)));
        if (hostToHost) {
            move.hostToHostSelector();
        }
        orNone("--new-mark", mark, move::removeMark, text -> move.mark(Converters.mark(text)));
        orNone("--new-encap", encap, move::removeEncap, text -> move.encap(SaWords.encap(words(text))));
        orNone("--new-output-mark", outputMark, move::removeOutputMark,
                text -> move.outputMark(Converters.mark(text)));
        orNone("--new-offload", offload, move::removeOffload, text -> move.offload(SaWords.offload(words(text))));
        ifTold("--nat-keepalive", keepalive,
                value -> seconds(value, move::removeNatKeepalive, () -> move.natKeepalive(value.bits())));
        ifTold("--mapping-threshold", threshold,
                value -> seconds(value, move::removeMappingThreshold, () -> move.mappingThreshold(value.bits())));
    }

    private static Words words(String text) {
        return new Words(Batch.words(text));
    }

    private static void seconds(U32 value, Runnable none, Runnable some) {
        (value.bits() == 0 ? none : some).run();
    }

    private static void orNone(String option, String text, Runnable none, Consumer<String> some) {
        ifTold(option, text, word -> {
            if (word.equals(NONE)) {
                none.run();
            } else {
                some.accept(word);
            }
        });
    }

    private static <T> void ifTold(String option, T value, Consumer<T> apply) {
        if (value == null) {
            return;
        }
        try {
            apply.accept(value);
        } catch (IllegalArgumentException | UsageException wrong) {
            throw new UsageException(option + ": " + wrong.getMessage());
        }
    }
}
