#!/usr/bin/env bash
# Prints what weighs most in the room's WebAssembly: the release's own, optimised again with the functions' names kept.

. "$(dirname "$0")/env.sh"
cd "$ROOT"

scripts/install-build-tools.sh
named=$(mktemp -d)
trap 'rm -rf "$named"' EXIT
wasm-bindgen --target=web --out-name=parlour --out-dir="$named" \
    "$TARGET/front/wasm32-unknown-unknown/wasm-release/frontend.wasm"
wasm-opt -g --flatten --rereloop -Os -Os --enable-bulk-memory --enable-nontrapping-float-to-int "$named/parlour_bg.wasm" -o "$named/named.wasm"
node scripts/wasm-weight.mjs "$named/named.wasm"
