# shellcheck shell=sh
# Sourced by bare_debian.sh and vm.sh: a bare Debian 12 below $root, debootstrapped into a temporary folder, with a
# clone of HEAD in /root/bianmin. As root. Mirror, proxy and trust are those this machine's own apt uses.
# KEEP=1 keeps the folder.
here=$(pwd)

die() {
    printf '%s: %s\n' "$(basename "$0")" "$1" >&2
    exit "${2:-1}"
}
[ "$(id -u)" -eq 0 ] || die 'needs root (debootstrap, chroot)'
command -v debootstrap >/dev/null || die 'needs the package debootstrap'

# deb822 or one-line sources: the first http(s) URI that serves Debian itself.
mirror=$(cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    sed -nE 's/^(URIs:|deb) .*(https?:[^ ]*debian\/?)( .*)?$/\2/p' | grep -v security | head -n 1)
[ -n "$mirror" ] || die 'no Debian mirror in /etc/apt'

root=$(mktemp -d "${TMPDIR:-/tmp}/bare-debian.XXXXXX")
unmount_root() {
    for point in proc dev/shm dev/pts dev; do
        if mountpoint -q "$root/$point"; then umount "$root/$point"; fi
    done
}
cleanup() {
    unmount_root
    if [ "${KEEP:-0}" = 1 ]; then printf 'kept: %s\n' "$root"; else rm -rf --one-file-system "$root"; fi
}
trap cleanup EXIT
trap 'exit 129' HUP INT TERM
chmod 0755 "$root" # as any system's /: mktemp made it ours alone, and the tests also act as nobody

# debootstrap downloads by itself, without apt's settings: proxy from them, certificates of this machine.
proxy=$(apt-config shell p Acquire::http::Proxy | sed "s/^p='\(.*\)'$/\1/")
[ -z "$proxy" ] || export http_proxy="$proxy"
began=$(date +%s)
debootstrap --variant=minbase --include="ca-certificates${more_packages:+,$more_packages}" bookworm "$root" "$mirror" \
    >"$root.log" 2>&1 ||
    { tail -n 20 "$root.log"; die 'debootstrap failed'; }
rm -f "$root.log"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind /dev/pts "$root/dev/pts" # the tests open terminals
mount --bind /dev/shm "$root/dev/shm" # and look at the screen: a picture goes through it
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
for file in /etc/apt/apt.conf.d/*; do
    # no hooks: they call programs the bare system does not have
    if grep -qiE 'Acquire|Proxy|CaInfo|Verify' "$file" && ! grep -qE 'Invoke|Pre-Install' "$file"; then
        cp "$file" "$root/etc/apt/apt.conf.d/"
    fi
done
if [ -s /etc/ssl/certs/ca-certificates.crt ]; then
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
fi
printf 'deb %s bookworm main\n' "$mirror" >"$root/etc/apt/sources.list"
git -c safe.directory="$here" clone -q --no-hardlinks "$here" "$root/root/bianmin"
printf 'bare system: %s s\n' $(($(date +%s) - began))

inside() {
    env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin ${proxy:+http_proxy="$proxy"} \
        chroot "$root" sh -c "cd /root/bianmin && $1" </dev/null
}
