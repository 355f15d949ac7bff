#!/usr/bin/env bash
# machines.sh DIRECTORY NAME... - Debian machines to try the handbook on: 10.0.0.11, 10.0.0.12 and so on, on one network.
#
# To be run by "unshare --mount --net --pid --fork --kill-child". Each machine is a mount, network and UTS namespace over
# an overlay of this machine's files, with two empty disks, /dev/sdb and /dev/sdc. "machine NAME PID" tells the process
# to enter; the machines end, and leave nothing mounted, when standard input does. Nothing of the real machine is changed.
set -euo pipefail
dir=$1
shift
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")

mount -t proc proc /proc
ip link set lo up
ip link add bridge0 type bridge
ip addr add 10.0.0.1/24 dev bridge0
ip link set bridge0 up
mkdir -p "$dir/shared"

last=10
for name; do
  last=$((last + 1))
  for disk in sdb sdc; do
    truncate -s 400M "$dir/$name-$disk.img"
    loop=$(losetup --show -f "$dir/$name-$disk.img")
    # Detached while it is open: the kernel does it when its last user is gone, however that comes about.
    # shellcheck disable=SC2034
  exec {held}<>"$loop"
    losetup -d "$loop"
    echo "$disk $loop" >>"$dir/$name.disks"
  done
  mkfifo "$dir/$name.up"
  unshare --mount --net --uts --propagation private "$here/machine.sh" "$dir" "$name" </dev/null >"$dir/$name.log" 2>&1 &
  pid=$!
  # The machine has namespaces of its own as soon as it writes here.
  read -r _ <"$dir/$name.up"
  ip link add "v$last" type veth peer name eth0 netns "$pid"
  ip link set "v$last" master bridge0 up
  nsenter -t "$pid" -n ip addr add "10.0.0.$last/24" dev eth0
  nsenter -t "$pid" -n ip link set eth0 up
  echo "$pid" >"$dir/shared/10.0.0.$last"
  echo "$pid" >"$dir/shared/$name"
  echo "machine $name $pid"
done
echo ready
cat >/dev/null
