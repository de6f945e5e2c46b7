/** A module that needs nothing but the library. */
module consumer {
    requires org.xfrm4j.core;
}
