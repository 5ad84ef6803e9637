# A throw-away host, as seen from the inside: the first process in new mount, network, pid, ipc and uts namespaces.
# host.ts starts it with OUT (where commands and a list of mounts come from and results go to), IMAGE (a tar archive of the
# host's Postfix trees, or empty), SAVE (write such an archive) and TERMINAL (stderr is one) set.
# It stays sh: PID 1 has to reap the orphans that daemons leave behind, and its end is the end of every daemon.
umask 022
cd /
trees='/etc/postfix* /var/spool/* /var/lib/postfix* /var/site*'

# The comparison with the real one makes 1800 hosts, and each program that is started for them takes its time.
main() {
  build_host && lay_out_postfix || { echo 'cannot make a throw-away host' >&2; exit 70; }
  # An image was antedated when it was saved.
  test -n "$IMAGE" || antedate
  later=
  for each in /run/host/out/*.command; do
    test -z "$later" || antedate
    later=yes
    run_command "${each%.command}"
  done
  list_present_trees
  if test -n "$SAVE"; then
    antedate
    tar -cPf "/run/host/out/$SAVE" $present
  fi
  show_tree >/run/host/out/tree
}

build_host() {
  mount -t tmpfs -o mode=755 tmpfs /run &&
    mkdir -p /run/host/out /run/host/bin /run/host/project /run/host/etc/upper /run/host/etc/work /run/host/var/upper/lib \
      /run/host/var/upper/cache /run/host/var/work || return
  # To the overlay: what is below these there has gone. Removed, it would be walked, however large it is.
  for each in lib/postmulti cache/postmulti; do
    if test -e /var/$each; then mknod /run/host/var/upper/$each c 0 0 || return; fi
  done
  mount --all --fstab "$OUT/fstab" && echo mta1.example.com >/proc/sys/kernel/hostname && ip link set lo up
}

lay_out_postfix() {
  rm -rf /etc/postfix-* /var/spool/postfix* /var/lib/postfix* ${IMAGE:+/etc/postfix}
  if test -n "$IMAGE"; then tar -xPpf "$IMAGE"; return; fi
  cp /etc/postfix/master.cf.proto /etc/postfix/master.cf
  # The level of a new installation: postfix(1) makes remarks on any older one.
  grep '^compatibility_level *=' "$(postconf -dh meta_directory)/main.cf.proto" >/etc/postfix/main.cf
  cat >>/etc/postfix/main.cf <<'.'
myhostname = mta1.example.com
inet_interfaces = loopback-only
.
  install -d /var/spool/postfix && install -d -o postfix -g postfix /var/lib/postfix
}

# Postfix reads a main.cf that is younger than two seconds again and again.
antedate() {
  find /etc/postfix* /var/site* -name 'ma*.cf' -exec touch -d '-1 hour' {} + 2>/dev/null
}

run_command() {
  printf '%s\n' "exec </dev/null >$1.stdout" "sh $1.command" "echo \$? >$1.status" >/run/host/run
  if test -n "$TERMINAL"
  then with_environment script -qc 'sh /run/host/run' /dev/null </dev/null >"$1.stderr"
  else with_environment sh /run/host/run </dev/null 2>&1 | cat >"$1.stderr"
  fi
}

with_environment() {
  env -i PATH=/run/host/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root USER=root LOGNAME=root SHELL=/bin/sh TERM=dumb \
    LANG=C.UTF-8 "$@"
}

list_present_trees() {
  present=
  for each in $trees; do test ! -e "$each" || present="$present $each"; done
}

# One line for each thing, one for each line of each configuration file, and one for each other change to /etc or /var.
show_tree() {
  find $present -type d -printf '%p: directory %m %u:%g\n' -o -type l -printf '%p: link to %l\n' -o -type f -printf '%p: file %m %u:%g %s bytes\n' -name 'ma*.cf' -not -path '/var/spool/*' -exec grep -aH '' {} + -o -not -type f -printf '%p: %y %m %u:%g\n'
  cd /run/host
  find etc/upper var/upper -mindepth 1 \( -path 'etc/upper/postfix*' -o -path 'var/upper/spool' -o -path 'var/upper/lib/postfix*' -o -path 'var/upper/lib/postmulti' -o -path 'var/upper/cache/postmulti' -o -path 'var/upper/log' -o -path 'var/upper/site*' \) -prune -o -not -type d -printf '%p: changed\n'
}

main
