#!/bin/sh
# What only a real systemd, a real kernel and a real stick can show: a Debian 12 with bianmin installed boots in QEMU
# (no KVM needed), and vm_check.py plugs sticks, talks to the socket, looks at the screen, cuts the power. As root;
# about twenty minutes, 6 GB below $TMPDIR. Not part of make check (make vm-check). KEEP=1 keeps the folder.
set -eu
cd "$(dirname "$0")/.."
command -v qemu-system-x86_64 >/dev/null || { echo 'vm.sh: needs the package qemu-system-x86' >&2; exit 1; }
more_packages=systemd-sysv,udev,dbus,kmod,initramfs-tools,fdisk,dosfstools,exfatprogs,python3,procps
. tests/bare_root.sh

inside './install.sh' >"$root.log" 2>&1 || { tail -n 20 "$root.log"; die './install.sh failed'; }
rm -f "$root.log"
sed -i 's/^MODULES=.*/MODULES=list/' "$root/etc/initramfs-tools/initramfs.conf"
printf 'virtio_pci\nvirtio_blk\next4\n' >>"$root/etc/initramfs-tools/modules"
inside 'DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends linux-image-amd64' >/dev/null 2>&1 ||
    die 'no kernel'
printf '/dev/vda / ext4 errors=remount-ro 0 1\n' >"$root/etc/fstab"
: >"$root/etc/machine-id" # or the first boot asks questions
rm -rf "$root/root/bianmin/build" "$root"/var/cache/apt/archives/*.deb

# runs what vm_check.py asks for over a virtio port: a line of base64 each way
cat >"$root/root/agent" <<'END'
#!/bin/bash
until [ -c /dev/virtio-ports/agent ]; do sleep 0.2; done
exec 3<>/dev/virtio-ports/agent
while :; do
    if read -r line <&3; then
        text=$(bash -c "$(base64 -d <<<"$line")" </dev/null 2>&1 3>&-)
        echo "$? $(base64 -w 0 <<<"$text")" >&3
    else
        sleep 0.2 # nobody listens
    fi
done
END
printf '%s\n' '[Unit]' 'DefaultDependencies=no' 'After=systemd-udevd.service local-fs.target' '[Service]' \
    'ExecStart=/bin/bash /root/agent' 'Environment=LANG=C.UTF-8 HOME=/root' >"$root/etc/systemd/system/vm-agent.service"
mkdir -p "$root/etc/systemd/system/sysinit.target.wants"
ln -s ../vm-agent.service "$root/etc/systemd/system/sysinit.target.wants/vm-agent.service"

unmount_root
work=$root/vm
mkdir "$work"
cp "$root"/boot/vmlinuz-* "$work/kernel"
cp "$root"/boot/initrd.img-* "$work/initrd"
truncate -s 8G "$root.img"
mkfs.ext4 -q -d "$root" "$root.img"
mv "$root.img" "$work/disk"
printf 'installed: %s s\n' $(($(date +%s) - began))
tests/vm_check.py "$work"
