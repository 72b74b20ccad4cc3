#!/usr/bin/env bash
# Gets the servers that integration tests talk to and that are missing: nginx, Pebble with its DNS, and coturn (Debian packages). They are
# unpacked into the cache, not installed: that needs no root, and starts no service. Where they cannot be had the tests that need
# them are skipped and say so.

. "$(dirname "$0")/env.sh"

PLACE=$CACHE/debian

# Gets a package, and of those that it needs the libraries that this machine has not.
download() { # PACKAGE FOLDER
    local libraries
    libraries=$(apt-get install --simulate --no-install-recommends "$1" 2>/dev/null | awk '/^Inst lib/ { print $2 }') || true
    # shellcheck disable=SC2086 # several words
    (cd "$2" && apt-get download "$1" $libraries) >/dev/null 2>&1
}

unpack() { # PACKAGE PROGRAM...
    local package=$1 program
    shift
    for program in "$@"; do
        [ -x "/usr/bin/$program" ] || [ -x "/usr/sbin/$program" ] || [ -x "$PLACE/usr/bin/$program" ] ||
            [ -x "$PLACE/usr/sbin/$program" ] || break
        [ "$program" != "${!#}" ] || return 0
    done
    if ! has apt-get || ! has dpkg-deb; then
        say "No $package here: the tests that need it are skipped"
        return 0
    fi
    say "Getting $package (apt, unpacked into the cache)"
    local folder
    folder=$(mktemp -d)
    # A machine that is new knows no packages yet.
    if download "$package" "$folder" || { apt-get update >/dev/null 2>&1 && download "$package" "$folder"; }; then
        mkdir -p "$PLACE"
        local archive
        for archive in "$folder"/*.deb; do dpkg-deb -x "$archive" "$PLACE"; done
    else
        say "apt has no $package: the tests that need it are skipped"
    fi
    rm -rf "$folder"
}

unpack nginx nginx
unpack pebble pebble pebble-challtestsrv
unpack coturn turnserver
