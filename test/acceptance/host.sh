# A throw-away host, as seen from the inside: the first process in new mount, network, pid, ipc and uts namespaces.
# host.ts starts it with OUT (where commands come from and results go to), IMAGE (a tar archive of the host's Postfix
# trees, or empty), SAVE (write such an archive), PROGRAM (the postmulti to test) and TERMINAL (stderr is one) set.
# It stays sh: PID 1 has to reap the orphans that daemons leave behind, and its end is the end of every daemon.
umask 022
cd /
trees='/etc/postfix* /var/spool/* /var/lib/postfix* /var/site*'

main() {
  build_host && lay_out_postfix || { echo 'cannot make a throw-away host' >&2; exit 70; }
  for each in /run/host/out/*.command; do
    antedate
    run_command "${each%.command}"
  done
  antedate
  if test -n "$SAVE"; then tar -cf "/run/host/out/$SAVE" $(present_trees); fi
  show_tree >/run/host/out/tree
}

build_host() {
  mount -t tmpfs -o mode=755 tmpfs /run && mkdir -p /run/host/out /run/host/bin && mount --bind "$OUT" /run/host/out || return
  for each in etc var; do
    mkdir -p /run/host/$each/upper /run/host/$each/work
    mount -t overlay overlay -o "lowerdir=/$each,upperdir=/run/host/$each/upper,workdir=/run/host/$each/work" /$each || return
  done
  # Any user has to reach the program, wherever the project lies.
  case $PROGRAM in
    */bin/postmulti)
      mkdir /run/host/project && mount --bind "${PROGRAM%/bin/postmulti}" /run/host/project || return
      PROGRAM=/run/host/project/bin/postmulti ;;
  esac
  ln -s "$PROGRAM" /run/host/bin/postmulti
  if test "$PROGRAM" != /usr/sbin/postmulti; then
    # So that multi_instance_wrapper and callers with an absolute path reach the program under test, too.
    printf '#!/bin/sh\nexec %s "$@"\n' "$PROGRAM" >/run/host/shim && chmod 755 /run/host/shim
    mount --bind /run/host/shim /usr/sbin/postmulti || return
  fi
  hostname mta1.example.com && ip link set lo up
}

lay_out_postfix() {
  rm -rf /etc/postfix-* /var/spool/postfix* /var/lib/postfix* /var/lib/postmulti /var/cache/postmulti
  if test -n "$IMAGE"; then rm -rf /etc/postfix && tar -xpf "/run/host/out/$IMAGE"; return; fi
  cp /etc/postfix/master.cf.proto /etc/postfix/master.cf
  cat >/etc/postfix/main.cf <<'.'
compatibility_level = 3.6
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
  cat >/run/host/run <<.
exec </dev/null >$1.stdout
sh $1.command
echo \$? >$1.status
.
  if test -n "$TERMINAL"
  then with_environment script -qc 'sh /run/host/run' /dev/null </dev/null >"$1.stderr"
  else with_environment sh /run/host/run </dev/null 2>&1 | cat >"$1.stderr"
  fi
}

with_environment() {
  env -i PATH=/run/host/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root USER=root LOGNAME=root SHELL=/bin/sh TERM=dumb \
    LANG=C.UTF-8 "$@"
}

present_trees() {
  for each in $trees; do test -e "$each" && echo "${each#/}"; done
}

# One line for each thing, one for each line of each configuration file, and one for each other change to /etc or /var.
show_tree() {
  find $(present_trees) -type d -printf '/%p: directory %m %u:%g\n' -o -type l -printf '/%p: link to %l\n' -o -type f -printf '/%p: file %m %u:%g %s bytes\n' -o -printf '/%p: %y %m %u:%g\n'
  find $(present_trees) -path 'var/spool/*' -prune -o -type f -name 'ma*.cf' -exec grep -aH '' {} + | sed 's|^|/|'
  cd /run/host
  find etc/upper var/upper -mindepth 1 \( -path 'etc/upper/postfix*' -o -path 'var/upper/spool' -o -path 'var/upper/lib/postfix*' -o -path 'var/upper/lib/postmulti' -o -path 'var/upper/cache/postmulti' -o -path 'var/upper/log' -o -path 'var/upper/site*' \) -prune -o -not -type d -printf '%p: changed\n' | sed 's|upper/||'
}

main
