# Sourced by the other scripts: the versions of the tools, where they are kept, and how a script speaks.
# The tools lie in one per-user folder, a folder per version, so that every clone shares them.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/parlour
TOOLS=$CACHE/tools

# The version that Cargo.lock gives to a package.
locked_version() {
    awk -v package="$1" '$1 == "name" && $3 == "\"" package "\"" { getline; gsub(/"/, "", $3); print $3; exit }' \
        "$ROOT/Cargo.lock"
}

CARGO_LEPTOS_VERSION=0.3.10 # newer ones need a newer Rust than ours
CARGO_DENY_VERSION=0.20.2
GECKODRIVER_VERSION=0.37.1
BINARYEN_VERSION=$(sed -n 's/.*"binaryen": "\(.*\)".*/\1/p' "$ROOT/scripts/wasm-opt/package.json")
WASM_BINDGEN_VERSION=$(locked_version wasm-bindgen) # the command must equal the library

CARGO_LEPTOS=$TOOLS/cargo-leptos-$CARGO_LEPTOS_VERSION
CARGO_DENY=$TOOLS/cargo-deny-$CARGO_DENY_VERSION
GECKODRIVER=$TOOLS/geckodriver-$GECKODRIVER_VERSION
WASM_BINDGEN=$TOOLS/wasm-bindgen-cli-$WASM_BINDGEN_VERSION
export BINARYEN=$TOOLS/binaryen-$BINARYEN_VERSION
export PATH="$CARGO_LEPTOS/bin:$WASM_BINDGEN/bin:$BINARYEN/node_modules/.bin:$CARGO_DENY/bin:$GECKODRIVER/bin:$PATH"

# Clones that come and go (on a build machine) share what was compiled for them; a clone that stays keeps its own.
if [ "${CI:-}" = true ] && [ -z "${CARGO_TARGET_DIR:-}" ]; then
    export CARGO_TARGET_DIR=$CACHE/ci-target CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=line-tables-only
fi
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }
fail() {
    printf '\033[1;31merror:\033[0m %s\n' "$*" >&2
    exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }
need() { has "$1" || fail "$1 is missing: $2"; }
need_node() {
    local hint='install Node.js 20 or newer (https://nodejs.org)'
    need node "$hint"
    need npm 'install npm, which comes with Node.js'
    node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || fail "Node.js $(node --version) is too old: $hint"
}
