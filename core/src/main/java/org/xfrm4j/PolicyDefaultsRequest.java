package org.xfrm4j;

import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.policy.PolicyDefaults;
import org.xfrm4j.wire.PolicyDefaultsDecoder;
import org.xfrm4j.wire.PolicyDefaultsEncoder;

/** Asks what becomes of packets that no policy matches, and sets it. */
final class PolicyDefaultsRequest {
    private static final String SUBJECT = "policy defaults";

    private final SingleRequest request;
    private final PolicyDefaultsEncoder encoder = new PolicyDefaultsEncoder();
    private final PolicyDefaultsDecoder decoder = new PolicyDefaultsDecoder();
    private PolicyDefaults answer;

    PolicyDefaultsRequest(SingleRequest request) {
        this.request = request;
    }

    PolicyDefaults get() {
        int length = begin(xfrm4j_h.XFRM_MSG_GETDEFAULT()).encodedLength();
        int error = request.send(length, (index, type, segment, offset, bytes) ->
                answer = PolicyDefaults.from(decoder.wrap(segment, offset, bytes)));
        if (error != 0) {
            throw request.refused(SUBJECT);
        }
        return answer;
    }

    void set(PolicyDefaults defaults) {
        request.sendOrThrow(defaults.encode(begin(xfrm4j_h.XFRM_MSG_SETDEFAULT())), defaults);
    }

    private PolicyDefaultsEncoder begin(int messageType) {
        long payload = request.begin(messageType, 0);
        return encoder.wrap(request.segment(), payload);
    }
}
