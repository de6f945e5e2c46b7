package org.xfrm4j;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.sa.Aead;
import org.xfrm4j.sa.Algorithm;
import org.xfrm4j.sa.Auth;
import org.xfrm4j.sa.Comp;
import org.xfrm4j.sa.Crypt;
import org.xfrm4j.sa.Direction;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.IpPrefix;
import org.xfrm4j.sa.Key;
import org.xfrm4j.sa.Lifetime;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Mode;
import org.xfrm4j.sa.Protocol;
import org.xfrm4j.sa.Replay;
import org.xfrm4j.sa.ReplayEsn;
import org.xfrm4j.sa.ReplayState;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.SecurityAssociationBuilder;
import org.xfrm4j.sa.Selector;
import org.xfrm4j.sa.Usage;

/**
 * SAs of every kind that the embedded kernel takes, from a seed: protocols, modes, families and their mixtures,
 * algorithms, selectors, flags, marks, limits, sequence numbers and windows, encapsulation, and what else an SA may
 * have, in every combination that is valid. The SA of one seed and number is always the same, but for its times.
 *
 * <p>Not among them, because the embedded kernel cannot have them: security contexts, offload, IP-TFS, ESP in TCP.
 */
public final class RandomSas {
    private record Recipe(String name, int keyBytes, int icvBits) {
    }

    private static final List<Recipe> AEADS = List.of(
            new Recipe("rfc4106(gcm(aes))", 20, 64),
            new Recipe("rfc4106(gcm(aes))", 28, 96),
            new Recipe("rfc4106(gcm(aes))", 36, 128),
            new Recipe("rfc4543(gcm(aes))", 20, 128),
            new Recipe("rfc4543(gcm(aes))", 36, 128),
            new Recipe("rfc4309(ccm(aes))", 19, 64),
            new Recipe("rfc4309(ccm(aes))", 35, 128),
            new Recipe("rfc7539esp(chacha20,poly1305)", 36, 128));
    /** With 0 the kernel chooses the length. */
    private static final List<Recipe> AUTHS = List.of(
            new Recipe("hmac(sha1)", 20, 96),
            new Recipe("hmac(sha1)", 20, 160),
            new Recipe("hmac(sha256)", 32, 0),
            new Recipe("hmac(sha256)", 32, 96),
            new Recipe("hmac(sha256)", 32, 128),
            new Recipe("hmac(sha384)", 48, 192),
            new Recipe("hmac(sha512)", 64, 256),
            new Recipe("hmac(md5)", 16, 0),
            new Recipe("xcbc(aes)", 16, 96),
            new Recipe("cmac(aes)", 16, 0));
    private static final List<Recipe> CRYPTS = List.of(
            new Recipe("cbc(aes)", 16, 0),
            new Recipe("cbc(aes)", 24, 0),
            new Recipe("cbc(aes)", 32, 0),
            new Recipe("rfc3686(ctr(aes))", 36, 0),
            new Recipe("cbc(des3_ede)", 24, 0),
            new Recipe("cbc(camellia)", 32, 0),
            new Recipe("cbc(serpent)", 32, 0),
            new Recipe("cbc(twofish)", 16, 0),
            new Recipe("cbc(blowfish)", 16, 0),
            new Recipe("ecb(cipher_null)", 0, 0));

    private final Random random;
    private final int esnDie;
    private final int number;
    private final SecurityAssociationBuilder builder = SecurityAssociation.builder();
    private final AddressFamily family;
    private final Protocol protocol;
    private final Mode mode;
    private final Direction direction;

    private RandomSas(long seed, int number) {
        this.number = number;
        // Random alone starts alike from seeds that are alike.
        this.random = new Random(new SplittableRandom(seed * 1_000_003 + number).nextLong());
        this.esnDie = random.nextInt(100);
        this.family = random.nextBoolean() ? AddressFamily.INET : AddressFamily.INET6;
        this.protocol = randomProtocol();
        this.mode = randomMode();
        this.direction = hasSpi() ? pick(List.of(Direction.values())) : Direction.UNSPECIFIED;
    }

    /**
     * {@return SAs that may all be installed together}
     *
     * @param seed what they come from
     * @param count how many
     */
    public static List<SecurityAssociation> of(long seed, int count) {
        List<SecurityAssociation> sas = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sas.add(new RandomSas(seed, i).build());
        }
        return sas;
    }

    private SecurityAssociation build() {
        builder.source(address(family)).destination(address(family)).protocol(protocol).mode(mode).direction(direction)
                .spi(spi())
                .reqid(random.nextBoolean() ? random.nextInt() : 0)
                .seq(chance(30) ? random.nextInt() : 0)
                .mark(chance(30) ? mark() : Mark.NONE)
                .outputMark(chance(30) ? new Mark(random.nextInt(), chance(50) ? ~0 : random.nextInt()) : Mark.NONE)
                .ifId(chance(30) ? random.nextInt() : 0)
                .lifetime(chance(20) ? Lifetime.UNLIMITED : lifetime());
        selectorAndFlags();
        algorithms();
        replay();
        options();
        return builder.build();
    }

    private Protocol randomProtocol() {
        int die = random.nextInt(100);
        if (die < 70) {
            return Protocol.ESP;
        }
        if (die < 85) {
            return Protocol.AH;
        }
        if (die < 94 || family == AddressFamily.INET) {
            return Protocol.COMP;
        }
        return random.nextBoolean() ? Protocol.ROUTING : Protocol.DSTOPTS;
    }

    private Mode randomMode() {
        if (!hasSpi()) {
            return Mode.ROUTE_OPTIMIZATION;
        }
        return protocol.equals(Protocol.COMP) ? pick(List.of(Mode.TRANSPORT, Mode.TUNNEL))
                : pick(List.of(Mode.TRANSPORT, Mode.TUNNEL, Mode.BEET));
    }

    private boolean hasSpi() {
        return protocol.hasSpi();
    }

    /** Each SA has its own: the number is in it. */
    private int spi() {
        if (!hasSpi()) {
            return 0;
        }
        return protocol.equals(Protocol.COMP) ? 0x100 + number : random.nextInt(1, 0x10000) << 16 | number;
    }

    private void selectorAndFlags() {
        int flags = random.nextInt(256) & ~SecurityAssociation.FLAG_ESN & ~SecurityAssociation.FLAG_AF_UNSPEC;
        int extraFlags = chance(40) ? random.nextInt(4) : 0;
        if (direction == Direction.OUT) {
            flags &= ~(SecurityAssociation.FLAG_DECAP_DSCP | SecurityAssociation.FLAG_ICMP
                    | SecurityAssociation.FLAG_WILD_RECEIVE);
        } else if (direction == Direction.IN) {
            flags &= ~SecurityAssociation.FLAG_NO_PMTU_DISCOVERY;
            extraFlags = 0;
        }
        AddressFamily inner = family;
        boolean wraps = mode.equals(Mode.TUNNEL) || mode.equals(Mode.BEET);
        if (wraps && chance(30)) {
            inner = family == AddressFamily.INET ? AddressFamily.INET6 : AddressFamily.INET;
        } else if (wraps && chance(15)) {
            inner = AddressFamily.UNSPEC;
            flags |= SecurityAssociation.FLAG_AF_UNSPEC;
        }
        if (esn()) {
            flags |= SecurityAssociation.FLAG_ESN;
        }
        // The kernel keeps bits that it does not know.
        builder.flags(flags).extraFlags(extraFlags | (chance(10) ? random.nextInt() & ~3 : 0))
                .selector(selector(inner));
    }

    private Selector selector(AddressFamily inner) {
        Selector selector = inner == AddressFamily.UNSPEC ? Selector.ALL : Selector.of(prefix(inner), prefix(inner));
        return new Selector(selector.source(), selector.destination(),
                chance(50) ? random.nextInt(256) : 0,
                chance(50) ? random.nextInt(0x10000) : 0, chance(50) ? 0xffff : random.nextInt(0x10000),
                chance(50) ? random.nextInt(0x10000) : 0, chance(50) ? 0xffff : random.nextInt(0x10000),
                chance(10) ? random.nextInt() : 0, chance(10) ? random.nextInt() : 0);
    }

    /** Also with bits behind the prefix, which the kernel keeps. */
    private IpPrefix prefix(AddressFamily inner) {
        return switch (random.nextInt(4)) {
            case 0 -> inner == AddressFamily.INET ? IpPrefix.ALL_IPV4 : IpPrefix.ALL_IPV6;
            case 1 -> IpPrefix.host(address(inner));
            default -> new IpPrefix(address(inner), random.nextInt(inner.bits() + 1));
        };
    }

    private void algorithms() {
        if (protocol.equals(Protocol.AH)) {
            builder.algorithm(auth());
        } else if (protocol.equals(Protocol.COMP)) {
            builder.algorithm(Comp.deflate());
        } else if (protocol.equals(Protocol.ESP)) {
            // Encryption alone, too: an SA may have just that, though RFC 8221 forbids to use it.
            switch (random.nextInt(5)) {
                case 0, 1 -> builder.algorithm(aead());
                case 2 -> builder.algorithm(crypt());
                default -> builder.algorithm(auth()).algorithm(crypt());
            }
        }
    }

    private Aead aead() {
        Recipe recipe = pick(AEADS);
        return new Aead(recipe.name(), key(recipe), recipe.icvBits());
    }

    private Algorithm auth() {
        Recipe recipe = pick(AUTHS);
        return new Auth(recipe.name(), key(recipe), recipe.icvBits());
    }

    private Crypt crypt() {
        Recipe recipe = pick(CRYPTS);
        return new Crypt(recipe.name(), key(recipe));
    }

    private Key key(Recipe recipe) {
        byte[] bytes = new byte[recipe.keyBytes()];
        random.nextBytes(bytes);
        return Key.of(bytes);
    }

    private boolean takesEsn() {
        return protocol.equals(Protocol.ESP) || protocol.equals(Protocol.AH);
    }

    private boolean esn() {
        return takesEsn() && esnDie < 35;
    }

    private void replay() {
        if (esn()) {
            builder.replay(extended(64));
        } else if (takesEsn() && chance(20)) {
            builder.replay(extended(32));
        } else {
            builder.replayWindow(direction == Direction.OUT ? 0 : random.nextInt(33));
            if (chance(60)) {
                builder.replay(direction == Direction.OUT ? new ReplayState(random.nextInt(), 0, 0)
                        : new ReplayState(random.nextInt(), random.nextInt(), random.nextInt()));
            }
        }
    }

    private Replay extended(int bits) {
        long outgoing = direction == Direction.IN ? 0 : sequence(bits);
        if (direction == Direction.OUT) {
            return new ReplayEsn(outgoing, 0, 0, List.of());
        }
        List<Integer> bitmap = new ArrayList<>();
        int words = chance(20) ? ReplayEsn.MAX_WINDOW / Integer.SIZE : random.nextInt(1, 17);
        for (int i = 0; i < words; i++) {
            bitmap.add(random.nextInt());
        }
        // A bitmap may be longer than the window.
        int window = chance(50) ? words * Integer.SIZE : random.nextInt(1, words * Integer.SIZE + 1);
        return new ReplayEsn(outgoing, sequence(bits), window, bitmap);
    }

    private long sequence(int bits) {
        long any = random.nextLong() >>> 1; // the largest of all is refused
        return bits == 32 ? any >>> 32 : any;
    }

    private void options() {
        if (protocol.equals(Protocol.ESP) && chance(35)) {
            IpAddress original = chance(50) ? IpAddress.UNSPECIFIED : address(family);
            builder.encap(new Encap(Encap.ESP_IN_UDP, random.nextInt(0x10000), random.nextInt(0x10000), original));
            if (direction == Direction.OUT) {
                builder.natKeepaliveInterval(chance(60) ? random.nextInt(1_000, 100_000) : 0);
            } else {
                builder.mappingThreshold(chance(60) ? random.nextInt() : 0);
            }
        }
        if (protocol.equals(Protocol.ESP) && mode.equals(Mode.TUNNEL) && chance(30)) {
            builder.tfcPadding(random.nextInt(0x10000));
        }
        if (direction != Direction.UNSPECIFIED && chance(20)) {
            builder.cpu(0); // the embedded kernel has one
        }
        if (!hasSpi() || chance(8)) {
            builder.careOfAddress(address(family));
        }
        if (chance(40)) {
            long now = Instant.now().getEpochSecond();
            builder.initialUsage(new Usage(random.nextLong(), random.nextLong(), now - random.nextInt(1_000),
                    chance(50) ? 0 : now - random.nextInt(500)));
        }
    }

    /** Amounts without bounds, as no packet passes; times that are not over while the test runs. */
    private Lifetime lifetime() {
        return new Lifetime(amount(), amount(), amount(), amount(), seconds(), seconds(), seconds(), seconds());
    }

    private long amount() {
        return chance(30) ? Lifetime.INFINITE : random.nextLong();
    }

    private long seconds() {
        return chance(30) ? 0 : random.nextLong(50_000, 1L << 40);
    }

    private Mark mark() {
        int mask = chance(50) ? ~0 : random.nextInt();
        return new Mark(random.nextInt() & mask, mask);
    }

    private IpAddress address(AddressFamily wanted) {
        return wanted == AddressFamily.INET ? IpAddress.ofIpv4(random.nextInt(0x01000000, 0x7f000000))
                : IpAddress.ofIpv6(0x2001_0db8_0000_0000L | random.nextInt() & 0xffffffffL, random.nextLong());
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
