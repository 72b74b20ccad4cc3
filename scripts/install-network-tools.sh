#!/usr/bin/env bash
# Installs what makes the networks of `make faults` and `make networks` and is missing: iproute2, iptables, openssl and dnsmasq. Without root
# it installs nothing: then those networks cannot be made either, and their rows say so.

. "$(dirname "$0")/env.sh"

[ "$(uname)" = Linux ] && [ "$(id -u)" = 0 ] || exit 0
packages=()
has ip && has tc || packages+=(iproute2)
has iptables || packages+=(iptables)
has openssl || packages+=(openssl)
has dnsmasq || packages+=(dnsmasq-base)
[ ${#packages[@]} -gt 0 ] || exit 0
if ! has apt-get; then
    say "There is no ${packages[*]}, and no apt to install it: networks cannot be made"
    exit 0
fi
say "Installing ${packages[*]} (apt)"
apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"
