#!/usr/bin/env bash
# Gets the servers that integration tests talk to and that are missing: nginx, and Pebble with its DNS (Debian packages). They are
# unpacked into the cache, not installed: that needs no root, and starts no service. Where they cannot be had the tests that need
# them are skipped and say so.

. "$(dirname "$0")/env.sh"

PLACE=$CACHE/debian

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
    local get="cd '$folder' && apt-get download $package"
    # A machine that is new knows no packages yet.
    if bash -c "$get" >/dev/null 2>&1 || { apt-get update >/dev/null 2>&1 && bash -c "$get" >/dev/null 2>&1; }; then
        mkdir -p "$PLACE"
        dpkg-deb -x "$folder"/*.deb "$PLACE"
    else
        say "apt has no $package: the tests that need it are skipped"
    fi
    rm -rf "$folder"
}

unpack nginx nginx
unpack pebble pebble pebble-challtestsrv
