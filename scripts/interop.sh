#!/usr/bin/env bash
# Runs the tests with other people's programs, or some of them: Firefox, coturn, coturn's clients. What it is given goes to
# Playwright: -g Firefox.

. "$(dirname "$0")/env.sh"
cd "$ROOT/end2end"

export PARLOUR_PROGRAM=${PARLOUR_PROGRAM:-$ROOT/target/parlour/parlour}
exec node_modules/.bin/playwright test --config interop/playwright.config.js "$@"
