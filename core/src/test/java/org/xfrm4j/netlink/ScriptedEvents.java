package org.xfrm4j.netlink;

/** What a listener's socket finds, message by message, for tests of other packages. */
public final class ScriptedEvents {
    private final FakeKernel kernel = new FakeKernel();

    /** Nothing yet. */
    public ScriptedEvents() {
    }

    /** A message, in a datagram of its own. */
    public ScriptedEvents message(int type, int sequence, int port, byte... payload) {
        kernel.answers(FakeKernel.message(type, 0, sequence, port, payload));
        return this;
    }

    /** Bytes that are no message. */
    public ScriptedEvents garbage() {
        kernel.answers(new byte[] {1, 0, 0, 0});
        return this;
    }

    /** The socket tells that events were lost (ENOBUFS). */
    public ScriptedEvents loss() {
        kernel.losesAnswers();
        return this;
    }

    /** The socket. */
    public EventSocket socket() {
        return new EventSocket(kernel);
    }
}
