package org.xfrm4j.migrate;

import java.util.Objects;
import org.xfrm4j.sa.Encap;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.Mark;
import org.xfrm4j.sa.Offload;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.sa.Selector;

/**
 * One SA, and what it shall be: the contents of one XFRM_MSG_MIGRATE_STATE.
 *
 * <pre>
 *   Move move = Move.of(sa).destination(IpAddress.parse("198.51.100.7")).removeEncap().build();
 * </pre>
 *
 * <p>Addresses, reqid and selector are literal: the kernel knows no "keep" for them. {@link #of(SecurityAssociation)}
 * takes them from the SA. The others are {@link Change}s: inherit, a new value, or none.
 *
 * <p>Immutable. Valid by itself: what the kernel would refuse whatever SAs there are cannot be built.
 *
 * @param sa names the SA as it is now, with its exact mark
 * @param newSource outer source
 * @param newDestination outer destination, of the same family; it may be another family than now
 * @param newReqid the reqid; 0 is none, it does not mean "keep"
 * @param newSelector the selector
 * @param mark the mark for looking up the SA
 * @param encap ESP in UDP
 * @param outputMark the mark that packets get after the transform (XFRMA_SET_MARK and its mask)
 * @param offload the device that does the work
 * @param natKeepaliveSeconds the interval of NAT keepalives; outgoing SAs with encapsulation
 * @param mappingThresholdSeconds the least time between two reports of a changed NAT mapping; incoming SAs with
 *     encapsulation
 */
public record Move(
        SaId sa,
        IpAddress newSource,
        IpAddress newDestination,
        int newReqid,
        NewSelector newSelector,
        Change<Mark> mark,
        Change<Encap> encap,
        Change<Mark> outputMark,
        Change<Offload> offload,
        Change<Integer> natKeepaliveSeconds,
        Change<Integer> mappingThresholdSeconds) {

    /**
     * Checks what can be checked without the SA.
     *
     * @throws IllegalArgumentException if the kernel would refuse it; the message names field and value
     */
    public Move {
        Objects.requireNonNull(sa, "sa");
        Objects.requireNonNull(newSource, "newSource");
        Objects.requireNonNull(newDestination, "newDestination");
        Objects.requireNonNull(newSelector, "newSelector");
        Objects.requireNonNull(mark, "mark");
        Objects.requireNonNull(encap, "encap");
        Objects.requireNonNull(outputMark, "outputMark");
        Objects.requireNonNull(offload, "offload");
        Objects.requireNonNull(natKeepaliveSeconds, "natKeepaliveSeconds");
        Objects.requireNonNull(mappingThresholdSeconds, "mappingThresholdSeconds");
        if (newSource.family() != newDestination.family()) {
            throw new IllegalArgumentException("newSource " + newSource + " and newDestination " + newDestination
                    + " are of different families");
        }
    }

    /**
     * Begins with an SA as it is: what is not changed is kept.
     *
     * @param sa the SA, as the kernel gave it
     * @return a builder of a move that changes nothing
     */
    public static Builder of(SecurityAssociation sa) {
        return new Builder(sa.id()).knowing(sa).source(sa.source()).destination(sa.id().destination())
                .reqid(sa.reqid()).selector(sa.selector());
    }

    /**
     * Begins with the name of an SA alone: source, destination, reqid and selector have to be given.
     *
     * @param sa what names it
     * @return a builder
     */
    public static Builder of(SaId sa) {
        return new Builder(sa);
    }

    /** Collects what an SA shall be. Not for use by several threads. */
    public static final class Builder {
        private final SaId sa;
        private SecurityAssociation known;
        private IpAddress source;
        private IpAddress destination;
        private Integer reqid;
        private NewSelector selector;
        private Change<Mark> mark = Change.inherit();
        private Change<Encap> encap = Change.inherit();
        private Change<Mark> outputMark = Change.inherit();
        private Change<Offload> offload = Change.inherit();
        private Change<Integer> natKeepalive = Change.inherit();
        private Change<Integer> mappingThreshold = Change.inherit();

        private Builder(SaId sa) {
            this.sa = Objects.requireNonNull(sa, "sa");
        }

        private Builder knowing(SecurityAssociation theSa) {
            known = theSa;
            return this;
        }

        /** {@return this, with a new outer source} */
        public Builder source(IpAddress address) {
            source = address;
            return this;
        }

        /** {@return this, with a new outer destination} */
        public Builder destination(IpAddress address) {
            destination = address;
            return this;
        }

        /** {@return this, with a new reqid; 0 is none} */
        public Builder reqid(int newReqid) {
            reqid = newReqid;
            return this;
        }

        /** {@return this, with a new selector} */
        public Builder selector(Selector newSelector) {
            selector = new NewSelector.To(newSelector);
            return this;
        }

        /** {@return this, with a selector that the kernel makes of the new addresses} */
        public Builder hostToHostSelector() {
            selector = new NewSelector.HostToHost();
            return this;
        }

        /** {@return this, with a new mark} */
        public Builder mark(Mark newMark) {
            mark = Change.to(newMark);
            return this;
        }

        /** {@return this, with no mark any more} */
        public Builder removeMark() {
            mark = Change.clear();
            return this;
        }

        /** {@return this, with new encapsulation} */
        public Builder encap(Encap newEncap) {
            encap = Change.to(newEncap);
            return this;
        }

        /** {@return this, with no encapsulation any more; keepalive and mapping threshold go with it} */
        public Builder removeEncap() {
            encap = Change.clear();
            return this;
        }

        /** {@return this, with a new output mark} */
        public Builder outputMark(Mark newMark) {
            outputMark = Change.to(newMark);
            return this;
        }

        /** {@return this, with no output mark any more} */
        public Builder removeOutputMark() {
            outputMark = Change.clear();
            return this;
        }

        /**
         * {@return this, offloaded to a device} A device that cannot do the cryptography is no error: the kernel moves
         * the SA, does the work itself, and says nothing; the SA then has no offload. With {@link Offload#PACKET} it
         * refuses.
         */
        public Builder offload(Offload newOffload) {
            offload = Change.to(newOffload);
            return this;
        }

        /** {@return this, not offloaded any more} */
        public Builder removeOffload() {
            offload = Change.clear();
            return this;
        }

        /** {@return this, with NAT keepalives at an interval of {@code seconds}} */
        public Builder natKeepalive(int seconds) {
            natKeepalive = Change.to(seconds);
            return this;
        }

        /** {@return this, with no NAT keepalives any more} */
        public Builder removeNatKeepalive() {
            natKeepalive = Change.clear();
            return this;
        }

        /** {@return this, with reports of a changed NAT mapping at least {@code seconds} apart} */
        public Builder mappingThreshold(int seconds) {
            mappingThreshold = Change.to(seconds);
            return this;
        }

        /** {@return this, with no least time between reports of a changed NAT mapping any more} */
        public Builder removeMappingThreshold() {
            mappingThreshold = Change.clear();
            return this;
        }

        /**
         * Makes the move.
         *
         * @return a move
         * @throws IllegalStateException if source, destination, reqid or selector was not given
         * @throws IllegalArgumentException if the kernel would refuse it, or take it and do something else; the message
         *     names field and value
         */
        public Move build() {
            Move move = new Move(sa, given("source", source), given("destination", destination),
                    given("reqid", reqid), given("selector", selector), mark, encap, outputMark, offload,
                    natKeepalive, mappingThreshold);
            MoveEncoder.check(move, known);
            return move;
        }

        private <T> T given(String field, T value) {
            if (value == null) {
                throw new IllegalStateException("the move of " + sa + " lacks a new " + field
                        + ": the kernel takes it literally, nothing is kept");
            }
            return value;
        }
    }
}
