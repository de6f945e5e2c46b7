# shellcheck shell=bash disable=SC2154 # `here` and `die` are of fetch
# How `fetch` makes a folder of programs, libraries and kernel modules out of unpacked packages, for all its kinds.

# Writes DIR/modprobe for a kernel of the user's own: MODULES is empty (all is built in), or holds lib/modules.
own_modprobe() {
    local folder=$1 modules=$2 variable=$3 modprobe
    if [ -n "$modules" ]; then
        modules=$(realpath -e "$modules") || die "$variable names no folder"
        modprobe=$(PATH=$PATH:/usr/sbin:/sbin command -v modprobe) ||
            die "modprobe is needed for $variable (package kmod)"
        [ -d "$modules/lib/modules" ] || die "$variable: $modules holds no lib/modules"
        printf '#!/bin/sh\nexec %q -d %q "$@"\n' "$modprobe" "$modules" >"$folder/modprobe.new"
    else
        printf '#!/bin/sh\nexit 1\n' >"$folder/modprobe.new"
    fi
    chmod +x "$folder/modprobe.new"
    mv "$folder/modprobe.new" "$folder/modprobe"
}

# The packages' programs need a newer C library than this system may have; theirs comes with them, and is set in the
# programs. Until the folder is in place they run through the loader.
loader=ld-linux-x86-64.so.2
take_libraries() {
    local root=$1 new=$2 libraries
    libraries=$(dirname "$(find "$root" -name libc.so.6)")
    mkdir -p "$new/bin" "$new/lib"
    find "$libraries" -maxdepth 1 -name '*.so*' -exec cp -a {} "$new/lib/" \;
}
staged() {
    local new=$1
    shift
    "$new/lib/$loader" --library-path "$new/lib" "$@"
}
# Takes the modules from a folder that holds RELEASE/, and makes `modprobe` of the package's kmod.
take_modules() {
    local root=$1 new=$2 modules=$3 version
    cp -a "$modules" "$new/lib/modules"
    cp "$(find "$root" -name kmod -type f -perm -u=x -path '*bin/*')" "$new/bin/kmod"
    version=$(find "$new/lib/modules" -mindepth 1 -maxdepth 1 -printf '%f\n')
    staged "$new" --argv0 depmod "$new/bin/kmod" -b "$new" "$version"
    staged "$new" --argv0 modprobe "$new/bin/kmod" -d "$new" -S "$version" --show-depends xfrm_user >/dev/null ||
        die "the package's modules for Linux $version are not usable"
    ln -s kmod "$new/bin/modprobe"
    # shellcheck disable=SC2016 # expanded by the script that is written
    printf '#!/bin/sh\nexec "${0%%/*}/bin/modprobe" -d "${0%%/*}" "$@"\n' >"$new/modprobe"
    chmod +x "$new/modprobe"
}
# An RPATH, unlike a RUNPATH, holds for the libraries' own libraries too.
set_libraries() {
    local root=$1 new=$2 final=$3 program
    shift 3
    for program in "$@"; do
        staged "$new" "$root/usr/bin/patchelf" --force-rpath --set-rpath "$final/lib" \
            --set-interpreter "$final/lib/$loader" "$new/$program"
    done
}
