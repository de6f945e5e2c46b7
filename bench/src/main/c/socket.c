/* A NETLINK_XFRM socket: its options, and how answers are gathered. */
#include "socket.h"

#include <stdlib.h>
#include <unistd.h>

#define BUFFER_BYTES (4 << 20) /* the kernel doubles it, and charges 832 bytes for an acknowledgement */

static int force(int fd, int forced, int plain, int bytes)
{
    if (setsockopt(fd, SOL_SOCKET, forced, &bytes, sizeof(bytes)) == 0)
        return 0;
    return setsockopt(fd, SOL_SOCKET, plain, &bytes, sizeof(bytes));
}

static int set(int fd, int option)
{
    int on = 1;

    return setsockopt(fd, SOL_NETLINK, option, &on, sizeof(on));
}

static int prepare(struct twin *twin)
{
    struct sockaddr_nl address = {.nl_family = AF_NETLINK};
    socklen_t length = sizeof(address);

    if (force(twin->fd, SO_RCVBUFFORCE, SO_RCVBUF, BUFFER_BYTES) != 0
        || force(twin->fd, SO_SNDBUFFORCE, SO_SNDBUF, BUFFER_BYTES) != 0
        || set(twin->fd, NETLINK_CAP_ACK) != 0 || set(twin->fd, NETLINK_EXT_ACK) != 0
        || bind(twin->fd, (struct sockaddr *)&address, sizeof(address)) != 0
        || getsockname(twin->fd, (struct sockaddr *)&address, &length) != 0)
        return -1;
    twin->port = address.nl_pid;
    return 0;
}

struct twin *twin_open(void)
{
    struct twin *twin = aligned_alloc(64, (sizeof(*twin) + 63) / 64 * 64);

    if (!twin)
        return NULL;
    memset(twin, 0, sizeof(*twin));
    for (int i = 0; i < SLOTS; i++) {
        twin->vectors[i].iov_base = twin->in + (size_t)i * SLOT_BYTES;
        twin->vectors[i].iov_len = SLOT_BYTES;
        twin->received[i].msg_hdr.msg_iov = &twin->vectors[i];
        twin->received[i].msg_hdr.msg_iovlen = 1;
    }
    twin->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_XFRM);
    if (twin->fd < 0 || prepare(twin) != 0) {
        int error = errno;

        twin_close(twin);
        errno = error;
        return NULL;
    }
    return twin;
}

void twin_close(struct twin *twin)
{
    if (twin->fd >= 0)
        close(twin->fd);
    free(twin);
}

int twin_refusal(const struct twin *twin)
{
    return twin->refusal;
}

int twin_send(struct twin *twin, size_t bytes)
{
    while (send(twin->fd, twin->out, bytes, 0) < 0) {
        if (errno != EINTR)
            return -errno;
    }
    return 0;
}

long twin_receive(struct twin *twin)
{
    ssize_t bytes;

    do {
        bytes = recv(twin->fd, twin->in, sizeof(twin->in), 0);
    } while (bytes < 0 && errno == EINTR);
    return bytes < 0 ? -errno : bytes;
}

/*
 * The kernel has queued all answers when send returns. Where only errors and the last acknowledgement come, mostly
 * there is just one: the first call takes one, those behind it take many.
 */
int twin_gather(struct twin *twin, uint32_t count, bool all)
{
    uint32_t first = twin->sequence + 1;
    uint32_t answered = 0;
    unsigned int wanted = all ? SLOTS : 1;

    for (uint32_t i = 0; i < count; i++)
        twin->errors[i] = all ? UNANSWERED : 0;
    for (;;) {
        int received = recvmmsg(twin->fd, twin->received, wanted, MSG_DONTWAIT, NULL);

        if (received < 0) {
            if (errno == EINTR)
                continue;
            return errno == EAGAIN ? -ENODATA : -errno; /* ENOBUFS: answers were lost */
        }
        for (int i = 0; i < received; i++) {
            const struct nlmsghdr *answer = twin->vectors[i].iov_base;
            uint32_t index = answer->nlmsg_seq - first;

            if (answer->nlmsg_type != NLMSG_ERROR || index >= count)
                continue;
            twin->errors[index] = -((const struct nlmsgerr *)NLMSG_DATA(answer))->error;
            if (all ? ++answered == count : index == count - 1)
                return 0;
        }
        wanted = SLOTS;
    }
}

int twin_ask(struct twin *twin, struct nlmsghdr *message)
{
    int error;
    long received;

    message->nlmsg_seq = ++twin->sequence;
    message->nlmsg_flags |= NLM_F_ACK;
    error = twin_send(twin, message->nlmsg_len);
    if (error)
        return error;
    received = twin_receive(twin);
    return received < 0 ? (int)received : ((const struct nlmsgerr *)NLMSG_DATA((struct nlmsghdr *)twin->in))->error;
}

int twin_begin_dump(struct twin *twin, struct nlmsghdr *request)
{
    request->nlmsg_seq = ++twin->sequence;
    request->nlmsg_flags |= NLM_F_DUMP;
    return twin_send(twin, request->nlmsg_len);
}

/* A dump's end is a message of its own, in a datagram of its own or behind the last entries. */
long twin_next_dumped(struct twin *twin)
{
    ssize_t bytes;
    const struct nlmsghdr *message = (const struct nlmsghdr *)twin->dump;

    do {
        bytes = recv(twin->fd, twin->dump, sizeof(twin->dump), 0);
    } while (bytes < 0 && errno == EINTR);
    if (bytes < 0)
        return -errno;
    if (message->nlmsg_type == NLMSG_DONE)
        return 0;
    if (message->nlmsg_type == NLMSG_ERROR)
        return ((const struct nlmsgerr *)NLMSG_DATA(message))->error;
    return bytes;
}
