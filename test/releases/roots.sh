# Where the roots of other releases are kept, and what is in them; build and enter begin with this file.
# A root is a minimal Debian as debootstrap(8) makes it, with what test/setup would bring. Nobody runs anything in it:
# enter(1) lays a copy over it.

releases='bullseye bookworm trixie sid'
# These are started with systemd(1) as process 1 besides: see boot.
boots='bookworm-boot trixie-boot'
cache=${XDG_CACHE_HOME:-/var/cache}/postmulti-test/roots
project=$(cd "$here/../.." && pwd)
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH

# Whatever a test would otherwise be skipped for is here, too. The names are the same in each of these releases.
packages_of() {
    echo postfix postfix-cdb make iproute2 util-linux bsdutils e2fsprogs man-db procps perl python3 git
    case $1 in *-boot) echo systemd-sysv dbus ;; esac
}

is_release() {
    case " $releases $boots " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

# What a root was built from: it is built anew when this is something else.
recipe_of() {
    echo minbase $(packages_of "$1")
}

is_built() {
    [ "$(cat "$cache/$1/.recipe" 2>/dev/null)" = "$(recipe_of "$1")" ]
}

# Builders shut others out, who runs in a copy of a root shuts out builders.
lock() {
    mkdir -p "$cache" 2>/dev/null && { exec 9>>"$cache/$1.lock"; } 2>/dev/null && flock "$2" 9
}
