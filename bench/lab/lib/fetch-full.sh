# shellcheck shell=bash disable=SC2034,SC2154 # read by, and from, fetch
# The part of `fetch` for the full kernel. The folder holds `vmlinuz`, and what lib/start-full starts: `qemu`, its
# `firmware` and `virtiofsd`, which gives the machine the host's files.

# liblzma: the modules are compressed, and kmod does not depend on what it needs for that.
packages=(linux-image-cloud-amd64 qemu-system-x86 virtiofsd patchelf kmod liblzma5)
named_after=2
what="the full kernel and qemu (Debian's packages ${packages[*]:0:3} and what they need), about 90 MB"
layout=1
by_hand="Without them the embedded kernel remains (bench/lab/run without --full)."

# It stands in the file's header, behind an offset that is the first word of it but 0x200 bytes.
kernel_version() {
    [ -x "$1/qemu" ] && "$1/qemu" --version >/dev/null 2>&1 || return 1
    perl -e '
        open my $f, "<:raw", $ARGV[0] or exit 1;
        read $f, my $head, 65536 or exit 1;
        exit 1 if length $head < 0x210 || substr($head, 0x202, 4) ne "HdrS";
        my $at = 0x200 + unpack "v", substr $head, 0x20e, 2;
        substr($head, $at, 256) =~ /\A(\d+\.\d+[^\s\0]*)/ or exit 1;
        print "$1\n"' "$1/vmlinuz"
}

# Only the kernel: the rest is the fetched one.
use_own() {
    [ -n "${XFRM4J_FULL_KERNEL:-}" ] || return 0
    local kernel modules=${XFRM4J_FULL_MODULES:-} folder fetched part
    kernel=$(realpath -e "$XFRM4J_FULL_KERNEL") || die "XFRM4J_FULL_KERNEL names no file"
    fetched=$(unset XFRM4J_FULL_KERNEL && "$here/fetch" --full) || exit 1
    folder=$cache/by-hand-$(printf '%s\n' "$kernel" "$modules" | cksum | cut -d' ' -f1)
    flock 8
    mkdir -p "$folder"
    for part in qemu virtiofsd firmware; do
        ln -sfn "$fetched/$part" "$folder/$part"
    done
    ln -sfn "$kernel" "$folder/vmlinuz"
    kernel_version "$folder" >/dev/null || die "$kernel is not a kernel for x86-64 PCs (vmlinuz, bzImage)"
    check_version "$folder"
    own_modprobe "$folder" "$modules" XFRM4J_FULL_MODULES
    echo "$folder"
    exit
}

build() {
    local root=$1 new=$2 final=$3 kernel
    take_libraries "$root" "$new"
    kernel=$(find "$root" -name 'vmlinuz*' -type f -size +1M -print -quit)
    [ -n "$kernel" ] || die "the package linux-image-cloud-amd64 brought no kernel"
    cp "$kernel" "$new/vmlinuz"
    cp "$root/usr/bin/qemu-system-x86_64" "$new/qemu"
    cp "$root/usr/libexec/virtiofsd" "$new/virtiofsd"
    mkdir "$new/firmware"
    cp -L "$root/usr/share/seabios/"*.bin "$root/usr/share/qemu/"{linuxboot_dma,kvmvapic}.bin "$new/firmware/"
    take_modules "$root" "$new" "$root/usr/lib/modules"
    set_libraries "$root" "$new" "$final" qemu virtiofsd bin/kmod
}
