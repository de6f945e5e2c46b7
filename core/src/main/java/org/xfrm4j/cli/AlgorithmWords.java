package org.xfrm4j.cli;

import java.nio.charset.StandardCharsets;
import org.xfrm4j.sa.Aead;
import org.xfrm4j.sa.Algorithm;
import org.xfrm4j.sa.Auth;
import org.xfrm4j.sa.Comp;
import org.xfrm4j.sa.Crypt;
import org.xfrm4j.sa.Key;

/** Reads algorithms: {@code aead NAME KEY BITS}, {@code enc NAME KEY}, {@code auth-trunc NAME KEY BITS} and so on. */
final class AlgorithmWords {
    private static final int MOST_BITS = 0xffff;

    private AlgorithmWords() {
    }

    /** The algorithm that follows, or null. No complaint shows a key. */
    static Algorithm take(Words words) {
        if (words.take("aead")) {
            return new Aead(words.next(), key(words), words.number(MOST_BITS));
        }
        if (words.take("auth")) {
            return new Auth(words.next(), key(words), 0);
        }
        if (words.take("auth-trunc")) {
            return new Auth(words.next(), key(words), words.number(MOST_BITS));
        }
        if (words.take("enc")) {
            return new Crypt(words.next(), key(words));
        }
        return words.take("comp") ? new Comp(words.next()) : null;
    }

    /** In hexadecimal after 0x, else the characters themselves. */
    private static Key key(Words words) {
        return words.next(word -> word.startsWith("0x") ? Key.ofHex(word)
                : Key.of(word.getBytes(StandardCharsets.UTF_8)));
    }
}
