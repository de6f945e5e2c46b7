/**
 * Linux XFRM, the kernel's IPsec, for the JVM.
 *
 * <p>The application grants native access with {@code --enable-native-access=org.xfrm4j.core} (on the class path:
 * {@code ALL-UNNAMED}). {@code org.xfrm4j.json} needs {@code tools.jackson.core}, which is optional.
 *
 * <p>It begins with {@link org.xfrm4j.Xfrm}; what is behind it, the page of {@link org.xfrm4j} shows. Guides: <a
 * href="org/xfrm4j/doc-files/gateway.html">Migrate a gateway</a>, <a
 * href="org/xfrm4j/doc-files/embedding.html">Embedding</a>, <a
 * href="org/xfrm4j/doc-files/measuring.html">Measuring</a>.
 */
module org.xfrm4j.core {
    requires org.xfrm4j.bindings;
    requires jdk.jfr;
    requires org.slf4j;
    // The command line alone needs it.
    requires static info.picocli;
    requires static tools.jackson.core;

    exports org.xfrm4j;
    exports org.xfrm4j.event;
    exports org.xfrm4j.json;
    exports org.xfrm4j.migrate;
    exports org.xfrm4j.mirror;
    exports org.xfrm4j.netlink;
    exports org.xfrm4j.policy;
    exports org.xfrm4j.wire;
    exports org.xfrm4j.sa;

    opens org.xfrm4j.cli to info.picocli;
}
