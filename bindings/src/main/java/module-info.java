/**
 * The kernel's XFRM and netlink structures and constants, as jextract generates them from its headers.
 *
 * <p>Nothing in here makes a restricted call: the module needs no {@code --enable-native-access}.
 */
module org.xfrm4j.bindings {
    exports org.xfrm4j.bindings;
}
