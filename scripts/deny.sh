#!/usr/bin/env bash
# Checks licences, bans and sources of our dependencies and, where their database can be had, security advisories.

. "$(dirname "$0")/env.sh"
cd "$ROOT"

scripts/install-deny.sh
cargo deny --log-level error check licenses bans sources
advisories=$ROOT/target/logs/advisories.log
mkdir -p "$(dirname "$advisories")"
if cargo deny --log-level error check advisories >"$advisories" 2>&1; then
    cat "$advisories"
elif grep -q 'failed to fetch advisory database' "$advisories"; then
    say 'Security advisories were not checked: their database cannot be reached from here'
else
    cat "$advisories"
    exit 1
fi
