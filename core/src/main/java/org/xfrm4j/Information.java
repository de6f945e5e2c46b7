package org.xfrm4j;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.sa.AddressFamily;
import org.xfrm4j.wire.SadInfoDecoder;
import org.xfrm4j.wire.SadInfoEncoder;
import org.xfrm4j.wire.SpdInfoDecoder;
import org.xfrm4j.wire.SpdInfoEncoder;

/**
 * Figures of both databases of one network namespace, and the thresholds of their hash tables. Belongs to the thread of
 * its {@link Xfrm}. Every method needs CAP_NET_ADMIN there; without it the kernel answers EPERM.
 */
public final class Information {
    private final SingleRequest request;
    private final SadInfoEncoder sadEncoder = new SadInfoEncoder();
    private final SadInfoDecoder sadDecoder = new SadInfoDecoder();
    private final SpdInfoEncoder spdEncoder = new SpdInfoEncoder();
    private final SpdInfoDecoder spdDecoder = new SpdInfoDecoder();
    private SadInformation sad;
    private SpdInformation spd;

    Information(SingleRequest request) {
        this.request = request;
    }

    /**
     * Asks for the figures of the Security Association Database (XFRM_MSG_GETSADINFO).
     *
     * @return how things are now
     * @throws XfrmException if the kernel refuses
     */
    public SadInformation sad() {
        long payload = request.begin(xfrm4j_h.XFRM_MSG_GETSADINFO(), 0);
        int length = sadEncoder.wrap(request.segment(), payload).encodedLength();
        int error = request.send(length, (index, type, segment, offset, bytes) -> {
            sadDecoder.wrap(segment, offset, bytes);
            sad = new SadInformation(sadDecoder.count(), sadDecoder.buckets(), sadDecoder.maxBuckets());
        });
        if (error != 0) {
            throw request.refused("SAD");
        }
        return sad;
    }

    /**
     * Asks for the figures of the Security Policy Database (XFRM_MSG_GETSPDINFO).
     *
     * @return how things are now
     * @throws XfrmException if the kernel refuses
     */
    public SpdInformation spd() {
        long payload = request.begin(xfrm4j_h.XFRM_MSG_GETSPDINFO(), 0);
        int length = spdEncoder.wrap(request.segment(), payload).encodedLength();
        int error = request.send(length, (index, type, segment, offset, bytes) ->
                spd = read(spdDecoder.wrap(segment, offset, bytes)));
        if (error != 0) {
            throw request.refused("SPD");
        }
        return spd;
    }

    private static SpdInformation read(SpdInfoDecoder info) {
        return new SpdInformation(info.in(), info.out(), info.forward(), info.socketIn(), info.socketOut(),
                info.buckets(), info.maxBuckets(),
                new HashThresholds(info.ipv4LocalThreshold(), info.ipv4RemoteThreshold()),
                new HashThresholds(info.ipv6LocalThreshold(), info.ipv6RemoteThreshold()));
    }

    /**
     * Sets which policies are hashed by their addresses (XFRM_MSG_NEWSPDINFO). The kernel sorts them all anew.
     *
     * @param family {@link AddressFamily#INET} or {@link AddressFamily#INET6}, whose policies it is about
     * @param thresholds the thresholds
     * @throws IllegalArgumentException if one has more bits than an address
     * @throws XfrmException if the kernel refuses
     */
    public void setHashThresholds(AddressFamily family, HashThresholds thresholds) {
        check(family, "local", thresholds.local());
        check(family, "remote", thresholds.remote());
        long payload = request.begin(xfrm4j_h.XFRM_MSG_NEWSPDINFO(), 0);
        spdEncoder.wrap(request.segment(), payload);
        if (family == AddressFamily.INET) {
            spdEncoder.ipv4Thresholds(thresholds.local(), thresholds.remote());
        } else {
            spdEncoder.ipv6Thresholds(thresholds.local(), thresholds.remote());
        }
        request.sendOrThrow(spdEncoder.encodedLength(), "hash thresholds " + thresholds);
    }

    private static void check(AddressFamily family, String name, int bits) {
        if (family == AddressFamily.UNSPEC) {
            throw new IllegalArgumentException("hash thresholds: neither of IPv4 nor of IPv6");
        }
        if (bits < 0 || bits > family.bits()) {
            throw new IllegalArgumentException(
                    name + " hash threshold: " + bits + " is not between 0 and " + family.bits());
        }
    }
}
