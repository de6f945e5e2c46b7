# shellcheck shell=bash disable=SC2034,SC2154 # read by, and from, fetch
# The part of `fetch` for the embedded kernel. The folder holds `linux`, which lib/start-uml starts.

packages=(user-mode-linux patchelf kmod)
what="the embedded kernel (Debian's package user-mode-linux), about 50 MB"
layout=1
by_hand="To use a user-mode Linux of your own, set XFRM4J_UML_KERNEL and XFRM4J_UML_MODULES (see bench/lab/README.md)."

kernel_version() {
    local version
    version=$("$1/linux" --version 2>/dev/null) || return 1
    [[ $version =~ ^[0-9]+\.[0-9]+[^[:space:]]*$ ]] || return 1
    echo "$version"
}

use_own() {
    [ -n "${XFRM4J_UML_KERNEL:-}" ] || return 0
    local kernel modules=${XFRM4J_UML_MODULES:-} folder
    kernel=$(realpath -e "$XFRM4J_UML_KERNEL") || die "XFRM4J_UML_KERNEL names no file"
    folder=$cache/by-hand-$(printf '%s\n' "$kernel" "$modules" | cksum | cut -d' ' -f1)
    flock 8
    mkdir -p "$folder"
    ln -sfn "$kernel" "$folder/linux"
    kernel_version "$folder" >/dev/null || die "$kernel does not run as a user-mode Linux kernel"
    check_version "$folder"
    own_modprobe "$folder" "$modules" XFRM4J_UML_MODULES
    echo "$folder"
    exit
}

build() {
    local root=$1 new=$2 final=$3
    take_libraries "$root" "$new"
    cp "$root/usr/bin/linux.uml" "$new/linux"
    take_modules "$root" "$new" "$root/usr/lib/uml/modules"
    # Set in the binary for a second reason: user-mode Linux crashes when it is started through the loader.
    set_libraries "$root" "$new" "$final" linux bin/kmod
}
