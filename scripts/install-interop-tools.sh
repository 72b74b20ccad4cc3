#!/usr/bin/env bash
# Installs what the tests with other people's programs need and is missing: Debian's Firefox ESR and coturn, and geckodriver, which
# drives that Firefox.

. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/crate.sh"

install_firefox() {
    local hint='install Firefox ESR' root=()
    has firefox-esr || [ -n "${PARLOUR_FIREFOX:-}" ] || {
        has apt-get || fail "there is no firefox-esr: $hint"
        if [ "$(id -u)" != 0 ]; then
            has sudo || fail "installing firefox-esr needs root, and there is no sudo: $hint"
            root=(sudo)
        fi
        say 'Installing firefox-esr (apt)'
        "${root[@]}" apt-get update
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends firefox-esr ||
            fail "apt could not install firefox-esr: $hint"
    }
}

install_firefox
"$(dirname "$0")/install-coturn.sh"
need cargo 'install Rust from https://rustup.rs'
one_at_a_time
install_crate "$GECKODRIVER" geckodriver 'about 2 minutes' geckodriver "$GECKODRIVER_VERSION" --locked --debug
