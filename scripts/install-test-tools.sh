#!/usr/bin/env bash
# Installs what the browser tests need and is missing: Chromium, Playwright and axe. Nothing that `make serve` needs.

. "$(dirname "$0")/env.sh"

need_node

install_chromium() {
    if [ -n "${PARLOUR_CHROMIUM:-}" ]; then
        [ -x "$PARLOUR_CHROMIUM" ] || fail "PARLOUR_CHROMIUM names $PARLOUR_CHROMIUM, which is no program"
        return
    fi
    [ -x /usr/bin/chromium ] && return
    local hint='install Chromium, and name it in PARLOUR_CHROMIUM if it is not /usr/bin/chromium'
    has apt-get || fail "the browser tests need Chromium: $hint"
    local root=()
    if [ "$(id -u)" != 0 ]; then
        has sudo || fail "installing Chromium needs root, and there is no sudo: $hint"
        root=(sudo)
    fi
    say 'Installing Chromium (apt)'
    "${root[@]}" apt-get update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium ||
        fail "apt could not install chromium: $hint"
}

install_packages() {
    cd "$ROOT/end2end"
    cmp -s package-lock.json node_modules/.installed && return
    say 'Installing Playwright and axe (npm)'
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts
    cp package-lock.json node_modules/.installed
}

install_chromium
install_packages
