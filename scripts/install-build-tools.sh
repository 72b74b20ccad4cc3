#!/usr/bin/env bash
# Installs what `make build` needs and is missing: the wasm32 target, cargo-leptos, wasm-bindgen and wasm-opt.
# Where everything is there already it says nothing and takes no time.

. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/crate.sh"

need cargo 'install Rust from https://rustup.rs'
need cc 'install a C compiler (Debian: apt install build-essential)'
need_node

install_wasm_target() {
    local target=wasm32-unknown-unknown
    [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ] && return
    if has rustup; then
        say "Adding the Rust target $target"
        (cd "$ROOT" && rustup target add "$target")
    else
        fail "this Rust has no $target and there is no rustup to add it:" \
            "install rustup (https://rustup.rs) or your distribution's package for that target"
    fi
}

install_wasm_opt() {
    [ -x "$BINARYEN/node_modules/.bin/wasm-opt" ] && return
    say "Installing wasm-opt (binaryen $BINARYEN_VERSION)"
    rm -rf "$BINARYEN.partial"
    mkdir -p "$BINARYEN.partial"
    cp "$ROOT"/scripts/wasm-opt/{package.json,package-lock.json,.npmrc} "$BINARYEN.partial/"
    (cd "$BINARYEN.partial" && npm ci --ignore-scripts)
    rm -rf "$BINARYEN"
    mv "$BINARYEN.partial" "$BINARYEN"
}

one_at_a_time
install_wasm_target
install_wasm_opt
# wasm-bindgen is released without a lockfile that suits; cargo-leptos is a build tool: optimising it only costs time.
install_crate "$WASM_BINDGEN" wasm-bindgen 'about 2 minutes' wasm-bindgen-cli "$WASM_BINDGEN_VERSION"
install_crate "$CARGO_LEPTOS" cargo-leptos 'about 5 minutes' cargo-leptos "$CARGO_LEPTOS_VERSION" --locked --debug
