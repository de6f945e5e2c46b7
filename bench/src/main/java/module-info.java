/** The demo and the measurements of xfrm4j. */
module org.xfrm4j.bench {
    requires java.management;
    requires jdk.management;
    requires org.xfrm4j.core;
}
