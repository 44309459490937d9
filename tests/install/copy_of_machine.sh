# A copy of this machine that a test may spoil. Sourced.
#
# enter_copy FOLDER COMMAND...: runs COMMAND as root in a copy of this machine (an overlay of / in a namespace of
# its own, without network), where FOLDER is /mnt. Afterwards, still outside, it runs the function after_copy with the
# folder that holds what was changed. Nothing of the machine is touched. The status is that of COMMAND, or that of
# after_copy when COMMAND went well.
#
# The script that sources this calls resume_copy "$@" first.

skip() {
  echo "SKIPPED: $*"
  exit 77
}

namespaces=(--mount --pid --fork --net --propagation private)

# Whether such a copy can be made, or skips with the reason.
need_copy() {
  [ "$(id -u)" -eq 0 ] || skip "a copy of this machine is made by root alone; CI runs this as root."
  command -v unshare >/dev/null || skip "unshare (util-linux) is not installed."
  local why
  why=$(unshare "${namespaces[@]}" sh -ec '
    mount -t tmpfs tmpfs /mnt && mkdir /mnt/up /mnt/work /mnt/root
    mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work /mnt/root
    mount -t proc proc /mnt/root/proc
    chroot /mnt/root true' 2>&1) ||
    skip "no copy of this machine can be made here: $why"
}

enter_copy() {
  need_copy
  GADOLIN_IN_COPY=yes unshare "${namespaces[@]}" "$0" "$@"
}

resume_copy() {
  [ "${GADOLIN_IN_COPY:-}" = yes ] || return 0
  unset GADOLIN_IN_COPY
  local folder=$1 copy status=0
  shift
  copy=$(mktemp -d)
  mount -t tmpfs tmpfs "$copy"
  mkdir "$copy/up" "$copy/work" "$copy/root"
  mount -t overlay overlay -o "lowerdir=/,upperdir=$copy/up,workdir=$copy/work" "$copy/root"
  mount --rbind /dev "$copy/root/dev"
  mount -t proc proc "$copy/root/proc"
  mount -t tmpfs tmpfs "$copy/root/run"
  mount -t tmpfs -o mode=1777 tmpfs "$copy/root/tmp"
  mount --bind "$folder" "$copy/root/mnt"
  mkdir -p "$copy/root/home/reader"
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/home/reader USER=reader LANG=C.UTF-8 TERM=dumb \
    DEBIAN_FRONTEND=noninteractive LIBGL_ALWAYS_SOFTWARE=1 \
    chroot "$copy/root" "$@" || status=$?
  [ "$status" -ne 0 ] || after_copy "$copy/up" || status=$?
  umount -R -l "$copy/root" "$copy"
  rmdir "$copy"
  exit "$status"
}

fail() {
  echo "FAILED: $*" >&2
  exit 1
}
