#!/usr/bin/env bash
# Runs calls between real browsers on many networks, or on some: local ones, behind NATs, with UDP or all but 443/tcp blocked, IPv6
# only; and tells how soon they connect, and by which road. What it is given goes to Playwright: -g symmetric.

. "$(dirname "$0")/env.sh"
cd "$ROOT"

export PARLOUR_PROGRAM=${PARLOUR_PROGRAM:-$ROOT/target/parlour/parlour}
rm -f end2end/results/networks.md
cd end2end
exec node_modules/.bin/playwright test --config networks/playwright.config.js "$@"
