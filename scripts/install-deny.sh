#!/usr/bin/env bash
# Installs cargo-deny, which `make deny` runs, where it is missing.

. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/crate.sh"

has cargo-deny && exit # whoever has one of their own keeps it
need cargo 'install Rust from https://rustup.rs'
one_at_a_time
install_crate "$CARGO_DENY" cargo-deny 'about a minute' cargo-deny "$CARGO_DENY_VERSION" --locked --debug
