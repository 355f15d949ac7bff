#!/usr/bin/env bash
# machine.sh DIRECTORY NAME - one of the machines of machines.sh, in namespaces that are its own.
set -euo pipefail
dir=$1
name=$2
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
root=$dir/$name.root
ip link set lo up
hostname "$name"
mkdir -p "$dir/$name.upper/usr/local/bin" "$dir/$name.work" "$root"
cp "$here"/bin/* "$dir/$name.upper/usr/local/bin/"
mount -t overlay overlay -o "lowerdir=/,upperdir=$dir/$name.upper,workdir=$dir/$name.work" "$root"
mount -t proc proc "$root/proc"
mount --bind /sys "$root/sys"
for place in run dev srv; do
  mount -t tmpfs tmpfs "$root/$place"
done
mkdir "$root/dev/shm" "$root/run/machines"
for node in null zero full random urandom tty; do
  touch "$root/dev/$node"
  mount --bind "/dev/$node" "$root/dev/$node"
done
ln -s /proc/self/fd "$root/dev/fd"
# The name of a disk and that of its loop device, which is where the kernel finds a UUID.
while read -r disk loop; do
  numbers=$(stat -c '0x%t 0x%T' "$loop")
  # shellcheck disable=SC2086
  mknod "$root/dev/$disk" b $numbers
  # shellcheck disable=SC2086
  mknod "$root$loop" b $numbers
done <"$dir/$name.disks"
mount --bind "$dir/shared" "$root/run/machines"
# What a real machine may have of another Martlet or Swift is not part of the trial.
rm -rf "$root/etc/martlet" "$root/etc/default/martlet" "$root/etc/fstab"
echo up >"$dir/$name.up"
exec chroot "$root" sleep infinity
