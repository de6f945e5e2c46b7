/* What a call costs that does nothing, or nearly. */
#include "socket.h"

#include <sys/syscall.h>
#include <unistd.h>

void twin_nothing(void)
{
}

long twin_getppid(uint32_t times)
{
    long sum = 0;

    for (uint32_t i = 0; i < times; i++)
        sum += syscall(SYS_getppid); /* not getppid(), which a C library might remember */
    return sum;
}

/* The kernel passes over a NLMSG_NOOP without an answer: the system call, the copy and the queue remain. */
long twin_noops(struct twin *twin, uint32_t times)
{
    struct nlmsghdr *noop = (struct nlmsghdr *)twin->out;

    header(noop, sizeof(*noop), NLMSG_NOOP, 0, twin->port);
    for (uint32_t i = 0; i < times; i++) {
        int error;

        noop->nlmsg_seq = ++twin->sequence;
        error = twin_send(twin, sizeof(*noop));
        if (error)
            return error;
    }
    return times;
}
