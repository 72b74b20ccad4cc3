#!/usr/bin/env bash
# Installs coturn, Debian's TURN server, with its clients, where it is missing: what our relay is compared with, and called from.

. "$(dirname "$0")/env.sh"

has turnserver && has turnutils_uclient && has turnutils_stunclient && exit 0
hint='install coturn'
has apt-get || fail "there is no coturn: $hint"
root=()
if [ "$(id -u)" != 0 ]; then
    has sudo || fail "installing coturn needs root, and there is no sudo: $hint"
    root=(sudo)
fi
say 'Installing coturn (apt)'
"${root[@]}" apt-get update
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends coturn ||
    fail "apt could not install coturn: $hint"
# Debian starts what it installs; the tests start a TURN server of their own, and nobody asked for another.
if [ -d /run/systemd/system ]; then
    "${root[@]}" systemctl disable --now coturn.service
fi
