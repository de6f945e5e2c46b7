package org.xfrm4j.cli;

import org.xfrm4j.policy.Level;
import org.xfrm4j.policy.Template;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;

/** Reads a template: {@code src A dst B proto esp [spi S] [mode M] [reqid N] [level required|use]}. */
final class TemplateWords {
    private TemplateWords() {
    }

    static Template take(Words words) {
        IpAddress source = null;
        IpAddress destination = null;
        Protocol protocol = null;
        Mode mode = Mode.TRANSPORT;
        Level level = Level.REQUIRED;
        int spi = 0;
        int reqid = 0;
        boolean more = true;
        while (more) {
            if (words.take("src")) {
                source = words.address();
            } else if (words.take("dst")) {
                destination = words.address();
            } else if (words.take("proto")) {
                protocol = words.next(Names::protocol);
            } else if (words.take("spi")) {
                spi = words.u32();
            } else if (words.take("mode")) {
                mode = words.next(Names::mode);
            } else if (words.take("reqid")) {
                reqid = words.u32();
            } else if (words.take("level")) {
                level = words.next(TemplateWords::level);
            } else {
                more = false;
            }
        }
        if (protocol == null) {
            throw new UsageException("tmpl: proto is missing");
        }
        IpAddress any = any(source == null ? destination : source);
        return Template.of(protocol, mode, source == null ? any : source, destination == null ? any : destination)
                .withSpi(spi).withReqid(reqid).withLevel(level);
    }

    private static Level level(String word) {
        return switch (word) {
            case "required" -> Level.REQUIRED;
            case "use" -> Level.USE;
            default -> throw new UsageException("'" + word + "' is neither required nor use");
        };
    }

    private static IpAddress any(IpAddress like) {
        return like == null ? IpAddress.UNSPECIFIED : new IpAddress(like.family(), 0, 0);
    }
}
