#!/bin/sh
# Installs Parlour as a service of systemd, or brings an installation up to date. Run as root from the folder of a release:
#
#   ./install.sh example.org                 a server of its own: HTTPS for this name, ports 443 (tcp, udp) and 80 (tcp)
#   ./install.sh --behind-proxy example.org  behind a web server that speaks TLS for this name: port 3478 (tcp, udp)
#   ./install.sh                             a newer version, settings as they are
#   ./install.sh --uninstall                 takes it away; rooms and settings stay
#
# Does nothing twice. With DESTDIR=folder, everything is put under that folder, and systemd is left alone.

set -eu

HERE=$(cd "$(dirname "$0")" && pwd -P)
ROOT=${DESTDIR:-}
PROGRAM=$ROOT/opt/parlour
COMMAND=$ROOT/usr/local/bin/parlour
UNITS=$ROOT/etc/systemd/system
SETTINGS=$ROOT/etc/parlour/parlour.toml
STATE=/var/lib/parlour
SOCKETS='parlour-https.socket parlour-http.socket parlour-relay.socket'

say() { printf '%s\n' "$*"; }
fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}
usage() {
    sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
    exit 2
}
live() { [ -z "$ROOT" ]; } # not into a folder: systemd is to know of it

stop() {
    # The sockets first: one that is left would start the service again.
    # shellcheck disable=SC2086 # several words
    systemctl disable --now --quiet $SOCKETS parlour.service 2>/dev/null || true
}

uninstall() {
    if live; then stop; fi
    for unit in parlour.service $SOCKETS; do rm -f "$UNITS/$unit"; done
    if live; then systemctl daemon-reload; fi
    rm -f "$COMMAND"
    rm -rf "$PROGRAM" "$PROGRAM.new" "$PROGRAM.old"
    say "Parlour is gone. Its rooms are still in $STATE, its settings in ${SETTINGS#"$ROOT"}: delete them if you like."
}

# Whether this could be the name of a server in the DNS.
is_name() {
    case $1 in
    *.*) ;;
    *) return 1 ;;
    esac
    printf '%s' "$1" | grep -Eq '^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$'
}

# Whether the settings say something of one of these keys: says 'domain|tls'.
says() { grep -Eq "^($1) *=" "$SETTINGS"; }

# Puts `key = "value"` into the settings, in place of what was said of the key; all else stays.
set_key() {
    if says "$1"; then
        sed "s|^$1 *=.*|$1 = \"$2\"|" "$SETTINGS" >"$SETTINGS.new"
        cat "$SETTINGS.new" >"$SETTINGS" # keeps owner and mode
        rm -f "$SETTINGS.new"
    else
        [ -z "$(tail -c 1 "$SETTINGS")" ] || echo >>"$SETTINGS" # its last line has no end
        printf '%s = "%s"\n' "$1" "$2" >>"$SETTINGS"
    fi
}

# The name that the settings give the server: the first, where it has several.
first_name() {
    { echo && sed 's/^ *#.*//' "$SETTINGS" && echo; } | tr '\n' ' ' | sed 's/ domain *=/\n&/; s/ public-url *=/\n&/' |
        sed -n 's|^ domain *= *\[\{0,1\} *"\([^"]*\)".*|\1|p; s|^ public-url *= *"https://\([^"/]*\).*|\1|p' | head -n 1
}

write_settings() { # MODE NAME
    mkdir -p "${SETTINGS%/*}"
    if [ ! -e "$SETTINGS" ]; then
        (umask 077 && printf '%s\n' '# Parlour. Every long flag of `parlour --help` can stand here, without its dashes.' >"$SETTINGS")
        set_key state-dir "$STATE"
    fi
    if [ "$1" = proxy ]; then
        if says 'domain|tls|tls-cert'; then
            fail "$SETTINGS says domain, tls or tls-cert, which a server behind a proxy has not: take those lines out first"
        fi
        set_key listen 127.0.0.1:3000
        set_key public-url "https://$2"
        set_key relay-listen '[::]:3478'
    else
        if says 'tls|tls-cert'; then
            fail "$SETTINGS says where the certificate comes from, which --domain does as well: take tls or tls-cert and tls-key" \
                'out first, or run this without a name'
        fi
        if says public-url; then
            fail "$SETTINGS says public-url, which --domain implies: take that line, listen and relay-listen out first"
        fi
        # A list of several is its owner's.
        if ! grep -Eq '^domain *= *\[' "$SETTINGS"; then
            set_key domain "$2"
        elif [ "$(first_name)" != "$2" ]; then
            fail "$SETTINGS lists several domains: put $2 there yourself, and run this without a name"
        fi
    fi
}

copy_program() {
    rm -rf "$PROGRAM.new" "$PROGRAM.old"
    mkdir -p "$PROGRAM.new" "$UNITS" "${COMMAND%/*}"
    for part in parlour hash.txt site LICENSE README.md hosting.md proxies.md; do
        [ ! -e "$HERE/$part" ] || cp -R "$HERE/$part" "$PROGRAM.new/"
    done
    chmod -R u=rwX,go=rX "$PROGRAM.new"
    # The old folder is moved, not changed: a server that still runs from it goes on.
    [ ! -d "$PROGRAM" ] || mv "$PROGRAM" "$PROGRAM.old"
    mv "$PROGRAM.new" "$PROGRAM"
    rm -rf "$PROGRAM.old"
    ln -sfn /opt/parlour/parlour "$COMMAND"
    for unit in parlour.service $SOCKETS; do
        cp "$HERE/systemd/$unit" "$UNITS/$unit"
        chmod 644 "$UNITS/$unit"
    done
}

start() { # MODE
    systemctl daemon-reload
    # What the other way of hosting left: systemd opens no socket for a service that runs without it, and hands over each that is open.
    for socket in $SOCKETS; do
        if [ "$1" = proxy ]; then
            systemctl disable --now --quiet "$socket"
        elif ! systemctl is-active --quiet "$socket"; then
            # All of them: one that is left would start the service again.
            # shellcheck disable=SC2086 # several words
            systemctl stop $SOCKETS parlour.service
            break
        fi
    done
    if [ "$1" = own ]; then
        # shellcheck disable=SC2086 # several words
        systemctl enable --now --quiet $SOCKETS ||
            fail 'port 443 or 80 is taken by another program (`ss -tulpn` says which): stop that, or use --behind-proxy'
    fi
    systemctl enable --quiet parlour.service
    systemctl restart parlour.service
    sleep 1
    systemctl is-active --quiet parlour.service || fail 'it does not stay: `journalctl -u parlour` tells why'
}

mode=own name=
while [ $# -gt 0 ]; do
    case $1 in
    --uninstall)
        live && [ "$(id -u)" != 0 ] && fail 'this needs root: sudo ./install.sh --uninstall'
        uninstall
        exit
        ;;
    --behind-proxy) mode=proxy ;;
    -*) usage ;;
    *) name=$1 ;;
    esac
    shift
done

[ -z "$name" ] || is_name "$name" || fail "$name is not a name like rooms.example.org"
[ -n "$name" ] || [ -e "$SETTINGS" ] || usage
[ -x "$HERE/parlour" ] && [ -d "$HERE/site" ] && [ -d "$HERE/systemd" ] || fail "$HERE is not the folder of a release"
case $HERE/ in
"$(realpath -m "$PROGRAM")"/* | "$(realpath -m "$PROGRAM.new")"/* | "$(realpath -m "$PROGRAM.old")"/*)
    fail "$HERE is where Parlour is installed to: unpack the release elsewhere, as in your home, and run this there"
    ;;
esac
if live; then
    [ "$(id -u)" = 0 ] || fail 'this needs root: sudo ./install.sh …'
    [ -d /run/systemd/system ] || fail 'this machine does not run systemd: start ./parlour by whatever it does run'
    "$HERE/parlour" --version >/dev/null || fail "$HERE/parlour does not run here: it was built for another kind of machine"
fi

if [ -n "$name" ]; then
    write_settings "$mode" "$name"
elif ! says 'domain|tls|tls-cert'; then
    mode=proxy
fi
copy_program
if live; then start "$mode"; fi

[ -n "$name" ] || name=$(first_name)
[ -n "$name" ] || name=NAME # with a certificate of one's own the settings need not tell
say "Parlour is installed. It serves https://$name"
if [ "$mode" = proxy ]; then
    say 'Let in through firewalls: 3478/tcp and 3478/udp, beside the ports of your web server, which passes on to 127.0.0.1:3000.'
else
    say 'Let in through firewalls: 443/tcp and 443/udp, and 80/tcp for whoever types the name alone.'
fi
say "Then see whether it works, best from another machine:  parlour doctor https://$name"
