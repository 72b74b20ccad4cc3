#!/usr/bin/env bash
# Installs what the tests with other people's programs need and is missing: Debian's Firefox ESR, coturn and openssl (certificates),
# and geckodriver, which drives that Firefox.

. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/crate.sh"

install_programs() {
    local packages=() hint='install Firefox ESR and openssl' root=()
    has firefox-esr || [ -n "${PARLOUR_FIREFOX:-}" ] || packages+=(firefox-esr)
    has openssl || packages+=(openssl)
    [ ${#packages[@]} -gt 0 ] || return 0
    has apt-get || fail "there is no ${packages[*]}: $hint"
    if [ "$(id -u)" != 0 ]; then
        has sudo || fail "installing ${packages[*]} needs root, and there is no sudo: $hint"
        root=(sudo)
    fi
    say "Installing ${packages[*]} (apt)"
    "${root[@]}" apt-get update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}" ||
        fail "apt could not install ${packages[*]}: $hint"
}

install_programs
"$(dirname "$0")/install-coturn.sh"
need cargo 'install Rust from https://rustup.rs'
one_at_a_time
install_crate "$GECKODRIVER" geckodriver 'about 2 minutes' geckodriver "$GECKODRIVER_VERSION" --locked --debug
