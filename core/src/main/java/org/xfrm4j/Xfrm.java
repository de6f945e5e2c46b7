package org.xfrm4j;

import java.util.function.Supplier;
import org.xfrm4j.bindings.xfrm4j_h;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NetlinkException;
import org.xfrm4j.netlink.NetworkNamespace;
import org.xfrm4j.netlink.RequestSocket;
import org.xfrm4j.netlink.SocketBuffers;
import org.xfrm4j.policy.LegacyMigrate;
import org.xfrm4j.policy.PolicyDefaults;

/**
 * The way to the kernel's IPsec in the network namespace of the calling thread.
 *
 * <pre>
 *   try (Xfrm xfrm = Xfrm.open()) {
 *       xfrm.sas().list(SaFilter.ALL).forEach(System.out::println);
 *   }
 * </pre>
 *
 * <p>Belongs, with all that comes from it, to the thread that opened it; another thread gets a {@link
 * WrongThreadException} and opens its own. Calls block the thread while the kernel works, a virtual thread's carrier
 * included. Within one namespace the kernel handles one request at a time, whatever the number of threads.
 */
public final class Xfrm implements AutoCloseable {
    /** NETLINK_XFRM, linux/netlink.h. */
    private static final int PROTOCOL = xfrm4j_h.NETLINK_XFRM();

    private final Supplier<RequestSocket> sockets;
    private final RequestSocket socket;
    private final SingleRequest request;
    private final SaDatabase sas;
    private final PolicyDatabase policies;
    private final PolicyDefaultsRequest defaults;
    private final Information information;
    private final Announcements announcements;

    /** Over a socket of the supplier's, as is {@link #openAnother}: the kernel's, or one for faults on demand. */
    Xfrm(Supplier<RequestSocket> sockets) {
        this.sockets = sockets;
        this.socket = sockets.get();
        this.request = new SingleRequest(socket);
        this.sas = new SaDatabase(socket, request);
        this.policies = new PolicyDatabase(socket, request);
        this.defaults = new PolicyDefaultsRequest(request);
        this.information = new Information(request);
        this.announcements = new Announcements(request);
    }

    /**
     * Opens with the default buffers. Needs no privilege; most requests then need CAP_NET_ADMIN.
     *
     * @return to be closed by the caller
     * @throws org.xfrm4j.netlink.NativeAccessException when the JVM or the platform does not permit system calls
     * @throws NetlinkException when the kernel refuses, with its error number
     */
    public static Xfrm open() {
        return open(SocketBuffers.DEFAULT);
    }

    /**
     * Opens.
     *
     * @param buffers the socket buffers to ask for
     * @return to be closed by the caller
     * @throws org.xfrm4j.netlink.NativeAccessException when the JVM or the platform does not permit system calls
     * @throws NetlinkException when the kernel refuses, with its error number
     */
    public static Xfrm open(SocketBuffers buffers) {
        return new Xfrm(() -> RequestSocket.open(PROTOCOL, buffers));
    }

    /**
     * Opens in a network namespace, with the default buffers.
     *
     * @param namespace where
     * @return to be closed by the caller
     * @throws org.xfrm4j.netlink.NativeAccessException when the JVM or the platform does not permit system calls
     * @throws NetlinkException when there is no such namespace, or the kernel refuses, with its error number: EPERM
     *     without CAP_SYS_ADMIN
     */
    public static Xfrm open(NetworkNamespace namespace) {
        return open(namespace, SocketBuffers.DEFAULT);
    }

    /**
     * Opens in a network namespace. The calling thread stays in its own.
     *
     * @param namespace where
     * @param buffers the socket buffers to ask for
     * @return to be closed by the caller
     * @throws org.xfrm4j.netlink.NativeAccessException when the JVM or the platform does not permit system calls
     * @throws NetlinkException when there is no such namespace, or the kernel refuses, with its error number: EPERM
     *     without CAP_SYS_ADMIN
     */
    public static Xfrm open(NetworkNamespace namespace, SocketBuffers buffers) {
        return new Xfrm(() -> RequestSocket.open(PROTOCOL, buffers, namespace));
    }

    /**
     * The Security Association Database.
     *
     * @return always the same object
     */
    public SaDatabase sas() {
        return sas;
    }

    /**
     * The Security Policy Database.
     *
     * @return always the same object
     */
    public PolicyDatabase policies() {
        return policies;
    }

    /**
     * Figures of both databases, and the thresholds of their hash tables.
     *
     * @return always the same object; each of its methods asks the kernel
     */
    public Information information() {
        return information;
    }

    /**
     * Asks what becomes of packets that no policy matches (XFRM_MSG_GETDEFAULT). Needs CAP_NET_ADMIN.
     *
     * @return what is set now
     * @throws XfrmException if the kernel refuses, for instance EINVAL before Linux 5.15
     */
    public PolicyDefaults defaults() {
        return defaults.get();
    }

    /**
     * Sets what becomes of packets that no policy matches (XFRM_MSG_SETDEFAULT). Needs CAP_NET_ADMIN.
     *
     * @param values what to set; {@link org.xfrm4j.policy.DefaultAction#UNCHANGED} leaves a direction as it is
     * @throws XfrmException if the kernel refuses
     */
    public void setDefaults(PolicyDefaults values) {
        defaults.set(values);
    }

    /**
     * Lets policies expire before their time, and raises acquires.
     *
     * @return always the same object
     */
    public Announcements announcements() {
        return announcements;
    }

    /**
     * Moves a policy's templates and the SAs that they mean (XFRM_MSG_MIGRATE). Needs CAP_NET_ADMIN.
     *
     * @param move what moves
     * @throws XfrmException if the kernel refuses, for instance ENOENT where there is no such policy, ENODATA where no
     *     template fits. What had moved by then is moved back
     */
    public void migrate(LegacyMigrate move) {
        long payload = request.begin(xfrm4j_h.XFRM_MSG_MIGRATE(), 0);
        request.sendOrThrow(move.encode(request.segment(), payload), move);
    }

    /**
     * Asks the kernel whether it moves SAs by XFRM_MSG_MIGRATE_STATE for this process. Changes nothing: the SA that the
     * request names cannot exist.
     *
     * @return what the kernel's answer means
     * @throws NetlinkException when it means none of these
     */
    public MigrateSupport migrateSupport() {
        int length = MigrateProbe.encode(request.segment(), request.begin(xfrm4j_h.XFRM_MSG_MIGRATE_STATE(), 0));
        return switch (request.send(length, null)) {
            case Errno.ESRCH -> MigrateSupport.SUPPORTED;
            case Errno.EINVAL -> MigrateSupport.OLD_KERNEL;
            case Errno.ENOPROTOOPT -> MigrateSupport.CONFIG_OFF;
            case Errno.EPERM -> MigrateSupport.NO_PERMISSION;
            case Errno.EOPNOTSUPP -> MigrateSupport.COMPAT_TASK;
            default -> throw request.refused("probe");
        };
    }

    /**
     * The socket beneath, for batches of one's own: who uses it must be done before another method is called.
     *
     * @return the socket; closed with this object
     */
    public RequestSocket requests() {
        return socket;
    }

    /**
     * Opens another one in the same namespace, for a dump that goes on while this one sends.
     *
     * @return to be closed by the caller; belongs to the calling thread
     * @throws NetlinkException when the kernel refuses
     */
    public Xfrm openAnother() {
        return new Xfrm(sockets);
    }

    /** Closes the socket, and wipes what passed through it. */
    @Override
    public void close() {
        socket.close();
    }
}
