/* The socket, and the strategies: inlined into each kind of message, so that no call through a pointer is measured. */
#ifndef XFRM_TWIN_SOCKET_H
#define XFRM_TWIN_SOCKET_H

#define _GNU_SOURCE
#include <errno.h>
#include <sys/socket.h>

#include "messages.h"

#define SLOTS 64
#define SLOT_BYTES 1088 /* an acknowledgement, or one SA; not a multiple of a page, which would collide in the cache */
#define OUT_BYTES (TWIN_MAX_BATCH * 512)
#define DUMP_BYTES (32 * 1024) /* the kernel makes a dump's datagrams no larger */

struct twin {
    int fd;
    uint32_t port;
    uint32_t sequence;
    int refusal;
    struct mmsghdr received[SLOTS];
    struct iovec vectors[SLOTS];
    int errors[TWIN_MAX_BATCH]; /* of the last batch, by index */
    unsigned char out[OUT_BYTES] __attribute__((aligned(64)));
    unsigned char in[SLOTS * SLOT_BYTES] __attribute__((aligned(64)));
    unsigned char dump[DUMP_BYTES] __attribute__((aligned(64)));
};

#define UNANSWERED (-1)

/* 0, or minus errno. */
int twin_send(struct twin *twin, size_t bytes);
/* Takes one datagram into `in`: its bytes, or minus errno. */
long twin_receive(struct twin *twin);
/* Reads answers into `errors` until the message `until` was answered, or all were: 0, or minus errno. */
int twin_gather(struct twin *twin, uint32_t count, bool all);
/* Asks for one message's acknowledgement: 0 when done, else minus errno. The message is in `out`. */
int twin_ask(struct twin *twin, struct nlmsghdr *message);
/* Begins a dump, whose request is in `out`. */
int twin_begin_dump(struct twin *twin, struct nlmsghdr *request);
/* The next datagram of a dump, into `dump`: its bytes, 0 at the end, or minus errno. */
long twin_next_dumped(struct twin *twin);

/* Writes one message, and returns how long it is. */
typedef size_t (*encoder)(unsigned char *at, uint32_t sequence, uint16_t flags, uint32_t index,
                          const struct twin_run *run, const void *template);

/* What the kernel has to say about one message: whether that is what was wanted. */
INLINE long count_results(struct twin *twin, uint32_t count, int wanted)
{
    long good = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (twin->errors[i] == wanted)
            good++;
        else
            twin->refusal = twin->errors[i];
    }
    return good;
}

/* One message after the other, each with its acknowledgement. */
INLINE long run_single(struct twin *twin, const struct twin_run *run, encoder encode, const void *template, int wanted)
{
    long good = 0;

    for (uint32_t i = 0; i < run->count; i++) {
        size_t bytes = encode(twin->out, ++twin->sequence, NLM_F_ACK, run->first + i, run, template);
        int error = twin_send(twin, bytes);
        long received;

        if (error)
            return error;
        received = twin_receive(twin);
        if (received < 0)
            return received;
        error = -((const struct nlmsgerr *)NLMSG_DATA((struct nlmsghdr *)twin->in))->error;
        if (error == wanted)
            good++;
        else
            twin->refusal = error;
    }
    return good;
}

INLINE long run_batches(struct twin *twin, const struct twin_run *run, encoder encode, const void *template, int wanted)
{
    bool all = run->strategy == TWIN_ALL_ACKED;
    long good = 0;

    for (uint32_t done = 0; done < run->count;) {
        uint32_t left = run->count - done;
        uint32_t batch = left < run->batch ? left : run->batch;
        size_t bytes = 0;
        int error;

        for (uint32_t i = 0; i < batch; i++)
            bytes += encode(twin->out + bytes, twin->sequence + 1 + i, all || i == batch - 1 ? NLM_F_ACK : 0,
                            run->first + done + i, run, template);
        error = twin_send(twin, bytes);
        if (!error)
            error = twin_gather(twin, batch, all);
        if (error)
            return error;
        good += count_results(twin, batch, wanted);
        twin->sequence += batch;
        done += batch;
    }
    return good;
}

INLINE long run_messages(struct twin *twin, const struct twin_run *run, encoder encode, const void *template,
                         int wanted)
{
    if (run->strategy == TWIN_SINGLE)
        return run_single(twin, run, encode, template, wanted);
    if (run->batch < 1 || run->batch > TWIN_MAX_BATCH)
        return -EINVAL;
    return run_batches(twin, run, encode, template, wanted);
}

#endif
