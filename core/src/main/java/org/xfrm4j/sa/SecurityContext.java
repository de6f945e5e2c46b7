package org.xfrm4j.sa;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.wire.AttributeEncoder;
import org.xfrm4j.wire.SecurityContextDecoder;
import org.xfrm4j.wire.SecurityContextEncoder;

/**
 * The label that a Linux Security Module gives to an SA or a policy ({@code struct xfrm_user_sec_ctx}).
 *
 * @param domain domain of interpretation; 1 for an LSM
 * @param algorithm 1 for SELinux
 * @param label the label, one character a byte, without a terminating zero: the kernel appends one to what it is given
 *     ({@code selinux_xfrm_alloc_user}) and tells it, so one that is read is left out
 */
public record SecurityContext(int domain, int algorithm, String label) {
    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if one has more than its 8 bits, or the label is too long
     */
    public SecurityContext {
        Check.range("security context doi", domain, 0, 255);
        Check.range("security context algorithm", algorithm, 0, 255);
        Check.range("security context length", label.length(), 0, SecurityContextEncoder.MAX_LABEL_LENGTH);
        for (int i = 0; i < label.length(); i++) {
            Check.range("security context character", label.charAt(i), 0, 255);
        }
    }

    /** {@return the context of an SELinux label} */
    public static SecurityContext selinux(String label) {
        return new SecurityContext(xfrm4j_h.XFRM_SC_DOI_LSM(), xfrm4j_h.XFRM_SC_ALG_SELINUX(), label);
    }

    /**
     * {@return the context that is there}
     *
     * @param segment the memory that it is in
     * @param context the decoder; already wrapped
     */
    public static SecurityContext from(MemorySegment segment, SecurityContextDecoder context) {
        int length = context.labelLength();
        boolean terminated = length > 0
                && segment.get(ValueLayout.JAVA_BYTE, context.labelOffset() + length - 1) == 0;
        byte[] label = new byte[terminated ? length - 1 : length];
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, context.labelOffset(), label, 0, label.length);
        return new SecurityContext(context.domain(), context.algorithm(),
                new String(label, StandardCharsets.ISO_8859_1));
    }

    /**
     * Appends {@code XFRMA_SEC_CTX}.
     *
     * @param segment the memory that the attributes are in
     * @param attributes where to
     */
    public void encode(MemorySegment segment, AttributeEncoder attributes) {
        attributes.end(new SecurityContextEncoder()
                .wrap(segment, attributes.begin(xfrm4j_h.XFRMA_SEC_CTX()))
                .domain(domain)
                .algorithm(algorithm)
                .label(label.getBytes(StandardCharsets.ISO_8859_1))
                .encodedLength());
    }

    /** {@return the label as {@code ip xfrm} prints it} */
    @Override
    public String toString() {
        int end = label.indexOf('\0'); // the label of who has appended a zero himself
        return "security context " + (end < 0 ? label : label.substring(0, end));
    }
}
