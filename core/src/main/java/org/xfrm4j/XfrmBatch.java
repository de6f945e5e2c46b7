package org.xfrm4j;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.BatchResults;
import org.xfrm4j.netlink.NetlinkBatch;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.netlink.RequestSocket;
import org.xfrm4j.policy.LegacyMigrate;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.policy.PolicyName;
import org.xfrm4j.sa.IpAddress;
import org.xfrm4j.sa.SaId;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.wire.PolicyIdEncoder;
import org.xfrm4j.wire.SaIdEncoder;
import org.xfrm4j.wire.XfrmMessages;

/**
 * Requests of any kind, mixed, that go to the kernel together and in this order; each has a result of its own, and one
 * that is refused does not keep the others from being done.
 *
 * <pre>
 *   List&lt;XfrmBatch.Result&gt; results = xfrm.batch().add(incoming).add(outgoing).update(policy).delete(old.id()).send();
 * </pre>
 *
 * <p>Nothing is sent before {@link #send}; what does not fit into one transmission then goes in several, and other
 * requests to the kernel may come in between. For SAs by the hundred thousand there are {@link NetlinkBatch} and the
 * encoders of {@link org.xfrm4j.wire}, which need no object for each.
 *
 * <p>Belongs to the thread of its {@link Xfrm}, and may be filled again when it was sent.
 */
public final class XfrmBatch {
    private static final int BATCH_MESSAGES = 256;
    private static final int BATCH_BYTES = 256 * 1024;
    /** The longest message, in bytes. */
    private static final int MESSAGE_BYTES = 16 * 1024;

    private final RequestSocket socket;
    private final List<Request> requests = new ArrayList<>();
    private NetlinkBatch batch;

    XfrmBatch(RequestSocket socket) {
        this.socket = socket;
    }

    private record Request(int messageType, Object subject, Encoder encoder) {
    }

    /** Writes the payload of a request. */
    @FunctionalInterface
    public interface Encoder {
        /**
         * Writes what stands behind the netlink header.
         *
         * @param segment the memory
         * @param offset where it goes
         * @return its size in bytes, 16 KiB at most
         */
        int encode(MemorySegment segment, long offset);
    }

    /** What became of a request. */
    public enum State {
        /** It was done. */
        DONE,
        /** It was refused, by the kernel or before it was sent; nothing has changed. */
        REFUSED,
        /** The kernel's answer was lost: it may have been done or refused, which has to be looked up. */
        UNANSWERED
    }

    /**
     * The result of a request.
     *
     * @param index its place in the batch, from 0
     * @param messageType {@code XFRM_MSG_…}
     * @param subject what it was about: what was given, or its name
     * @param state what became of it
     * @param refusal why it was refused; null unless it was
     */
    public record Result(int index, int messageType, Object subject, State state, Refusal refusal) {
        /** {@return whether it was done} */
        public boolean isDone() {
            return state == State.DONE;
        }

        /** {@return for instance {@code XFRM_MSG_NEWSA refused: EEXIST (17) [esp spi 0xc0ffee01 → 198.51.100.7]}} */
        @Override
        public String toString() {
            String what = switch (state) {
                case DONE -> "done";
                case REFUSED -> "refused: " + refusal;
                case UNANSWERED -> "unanswered";
            };
            return XfrmMessages.name(messageType) + " " + what + " [" + subject + "]";
        }
    }

    /**
     * Adds an SA (XFRM_MSG_NEWSA). Its keys must not be wiped before the batch is sent.
     *
     * @param sa the SA
     * @return this
     */
    public XfrmBatch add(SecurityAssociation sa) {
        return request(xfrm4j_h.XFRM_MSG_NEWSA(), sa.id(), sa::encode);
    }

    /**
     * Updates an SA (XFRM_MSG_UPDSA).
     *
     * @param sa the SA, whole; see {@link SaDatabase#update}
     * @return this
     */
    public XfrmBatch update(SecurityAssociation sa) {
        return request(xfrm4j_h.XFRM_MSG_UPDSA(), sa.id(), sa::encode);
    }

    /**
     * Deletes an SA (XFRM_MSG_DELSA). Where there is none, that is a refusal: ESRCH.
     *
     * @param sa what names it
     * @return this
     */
    public XfrmBatch delete(SaId sa) {
        return request(xfrm4j_h.XFRM_MSG_DELSA(), sa,
                (segment, offset) -> sa.encode(new SaIdEncoder().wrap(segment, offset)));
    }

    /**
     * Deletes an SA of a protocol without SPIs (XFRM_MSG_DELSA); see {@link SaDatabase#get(SaId, IpAddress)}.
     *
     * @param sa what names it
     * @param source its source
     * @return this
     */
    public XfrmBatch delete(SaId sa, IpAddress source) {
        return request(xfrm4j_h.XFRM_MSG_DELSA(), sa,
                (segment, offset) -> SaDatabase.encode(new SaIdEncoder().wrap(segment, offset), sa, source));
    }

    /**
     * Adds a policy (XFRM_MSG_NEWPOLICY).
     *
     * @param policy the policy
     * @return this
     */
    public XfrmBatch add(Policy policy) {
        return request(xfrm4j_h.XFRM_MSG_NEWPOLICY(), policy.id(), policy::encode);
    }

    /**
     * Adds a policy, or puts it in the place of the one that is there (XFRM_MSG_UPDPOLICY).
     *
     * @param policy the policy
     * @return this
     */
    public XfrmBatch update(Policy policy) {
        return request(xfrm4j_h.XFRM_MSG_UPDPOLICY(), policy.id(), policy::encode);
    }

    /**
     * Deletes a policy (XFRM_MSG_DELPOLICY). Where there is none, that is a refusal: ENOENT.
     *
     * @param policy what names it
     * @return this
     */
    public XfrmBatch delete(PolicyName policy) {
        return request(xfrm4j_h.XFRM_MSG_DELPOLICY(), policy,
                (segment, offset) -> policy.encode(new PolicyIdEncoder().wrap(segment, offset)));
    }

    /**
     * Moves a policy's templates and the SAs that they mean (XFRM_MSG_MIGRATE).
     *
     * @param move what moves
     * @return this
     */
    public XfrmBatch migrate(LegacyMigrate move) {
        return request(xfrm4j_h.XFRM_MSG_MIGRATE(), move, move::encode);
    }

    /**
     * Any request that is answered by an acknowledgement alone, written with the encoders of {@link org.xfrm4j.wire}: no
     * dump, and none that brings data.
     *
     * @param messageType {@code XFRM_MSG_…}
     * @param subject what it is about, for the result's text
     * @param encoder writes it, when the batch is sent
     * @return this
     */
    public XfrmBatch request(int messageType, Object subject, Encoder encoder) {
        requests.add(new Request(messageType, Objects.requireNonNull(subject, "subject"),
                Objects.requireNonNull(encoder, "encoder")));
        return this;
    }

    /** {@return how many requests there are} */
    public int size() {
        return requests.size();
    }

    /**
     * Sends all, and empties the batch. Keys pass through native memory, which is wiped at once.
     *
     * <p>A request that cannot be written, as of an SA whose keys were wiped, is refused with the error number 0 and the
     * reason.
     *
     * @return a result for each, in order
     * @throws NetlinkException when a part could not be sent: it was not done, nor was what comes after it
     */
    public List<Result> send() {
        if (batch == null) {
            batch = socket.newBatch(BATCH_MESSAGES, BATCH_BYTES);
        }
        List<Request> sending = List.copyOf(requests);
        requests.clear();
        Result[] results = new Result[sending.size()];
        int[] places = new int[batch.capacity()];
        batch.clear();
        try {
            for (int i = 0; i < results.length; i++) {
                if (!batch.hasRoomFor(MESSAGE_BYTES)) {
                    execute(sending, places, results);
                }
                places[batch.count()] = i;
                results[i] = write(i, sending.get(i));
            }
            execute(sending, places, results);
        } finally {
            batch.segment().fill((byte) 0);
        }
        return List.of(results);
    }

    /** Writes a request into the batch; gives its result if it cannot be written. */
    private Result write(int index, Request request) {
        long payload = batch.begin(request.messageType(), 0);
        try {
            batch.end(request.encoder().encode(batch.segment(), payload));
            return null;
        } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException cannot) {
            batch.abandon();
            return new Result(index, request.messageType(), request.subject(), State.REFUSED,
                    new Refusal(0, cannot.getMessage(), null));
        }
    }

    private void execute(List<Request> sending, int[] places, Result[] results) {
        socket.execute(batch);
        BatchResults answers = batch.results();
        for (int i = 0; i < batch.count(); i++) {
            Request request = sending.get(places[i]);
            int error = answers.error(i);
            State state = error == 0 ? State.DONE : error == BatchResults.UNANSWERED ? State.UNANSWERED : State.REFUSED;
            results[places[i]] = new Result(places[i], request.messageType(), request.subject(), state,
                    state == State.REFUSED ? Refusal.of(answers, i) : null);
        }
        batch.clear();
    }
}
