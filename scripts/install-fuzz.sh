#!/usr/bin/env bash
# Installs cargo-fuzz, which `make soak` runs, where it is missing. Sourced, it also puts it on the path.

. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
. "$(dirname "${BASH_SOURCE[0]}")/crate.sh"

CARGO_FUZZ_VERSION=0.13.2
CARGO_FUZZ=$TOOLS/cargo-fuzz-$CARGO_FUZZ_VERSION
export PATH="$PATH:$CARGO_FUZZ/bin" # last: whoever has one of their own keeps it

if ! has cargo-fuzz; then
    need cargo 'install Rust from https://rustup.rs'
    need c++ 'install a C++ compiler, which libFuzzer takes (Debian: apt install build-essential)'
    (# In a shell of its own, with which the lock ends.
        one_at_a_time
        install_crate "$CARGO_FUZZ" cargo-fuzz 'about a minute' cargo-fuzz "$CARGO_FUZZ_VERSION" --locked --debug
    )
fi
