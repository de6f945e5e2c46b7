/*
 * What the bindings are generated from: the kernel's own headers, as a program of user space sees them.
 * Which symbols of these are taken stands in the file "symbols".
 *
 * No header of the C library: its values (AF_NETLINK, SOL_NETLINK, MSG_TRUNC, struct msghdr) do not come with the
 * kernel's headers, and two libraries would give two bindings.
 */
#include <linux/xfrm.h>
#include <linux/netlink.h>

#include <linux/in.h>     /* IPPROTO_ESP */
#include <linux/in6.h>    /* struct in6_addr, IPPROTO_ROUTING */
#include <linux/udp.h>    /* UDP_ENCAP_ESPINUDP */

#include <linux/errno.h>
#include <linux/poll.h>   /* struct pollfd */
#include <linux/sched.h>  /* CLONE_NEWNET */
#include <asm/socket.h>   /* SO_RCVBUFFORCE */
