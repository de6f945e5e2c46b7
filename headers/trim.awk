# Takes out of a class that jextract wrote what these bindings have no use for. Run by headers/generate.
#
# - The layout C_POINTER: made with AddressLayout.withTargetLayout, a restricted method, in a static initialiser that
#   every class runs. The kernel's XFRM and netlink messages hold no pointers.
# - The methods reinterpret(...): restricted too, and for pointers that a library returns.
# - The look-up of symbols, and the helpers for calls of functions: the bindings hold no functions.
# - The names of layouts of unions without a tag, such as "$anon$16:9": a line and column of the header, so that a
#   comment added to it would change the classes.
#
# A declaration goes with its javadoc and the blank line before it. Its end is the line that closes it at its own
# depth of indentation, or its first line that ends in a semicolon.

function forget() { held = "" }
function release() { printf "%s", held; held = "" }

skipping {
    if ($0 == closing || (!in_body && /;$/)) {
        skipping = 0
    }
    next
}

# Held until it is seen what they belong to.
/^$/ && !in_comment { release(); held = "\n"; next }
/^ *\/\*\*/ { in_comment = 1 }
in_comment {
    held = held $0 "\n"
    if (/\*\/$/) {
        in_comment = 0
    }
    next
}

/^ *public static final AddressLayout C_POINTER / \
        || /^ *public static MemorySegment reinterpret\(/ \
        || /^ *static final Arena LIBRARY_ARENA / \
        || /^ *static final SymbolLookup SYMBOL_LOOKUP / \
        || /^ *static final boolean TRACE_DOWNCALLS / \
        || /^ *static void traceDowncall\(/ \
        || /^ *static MethodHandle upcallHandle\(/ {
    forget()
    indent = $0
    sub(/[^ ].*/, "", indent)
    closing = indent "}"
    in_body = /\{$/
    skipping = !/;$/
    next
}

{
    release()
    sub(/\.withName\("\$anon\$[0-9]+:[0-9]+"\)/, "")
    print
}
END { release() }
