/**
 * Netlink: sockets, batches, acknowledgements, errors and network namespaces. Knows nothing of IPsec.
 *
 * <p>The way of a request: an encoder writes it into a {@link org.xfrm4j.netlink.NetlinkBatch}, at its final place in
 * native memory; {@link org.xfrm4j.netlink.RequestSocket#execute} sends the batch by one system call, within which the
 * kernel handles all messages in order and queues its answers; these are read where the kernel put them, and become
 * {@link org.xfrm4j.netlink.BatchResults} by index. Nothing is allocated for each message.
 *
 * <pre>
 *   NetlinkBatch ──send──▶ kernel ──recvmmsg──▶ Inbox ──MessageCursor──▶ ExtendedAck ──▶ BatchResults
 *                                                                   └──▶ ReplyHandler, DumpCursor, EventSocket
 * </pre>
 *
 * <p>No answer can be lost by design: a batch takes no more messages than the receive buffer takes answers. If one is
 * lost all the same, its message is {@link org.xfrm4j.netlink.BatchResults#UNANSWERED}.
 *
 * <p>Threads: a socket, and what was made from it, belongs to the thread that opened it. The package starts none, but
 * for the moment in which one is opened in another {@link org.xfrm4j.netlink.NetworkNamespace}.
 *
 * <p>Errors: {@link org.xfrm4j.netlink.NetlinkException} is the root of all; in a batch a refusal is data.
 */
package org.xfrm4j.netlink;
