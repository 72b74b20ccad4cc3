#!/usr/bin/env bash
# Runs the fault matrix, or some of it: breaks servers, sockets, cables, networks and tabs under calls between real browsers, and
# tells how long that is felt. What it is given goes to Playwright: -g "cable".

. "$(dirname "$0")/env.sh"
cd "$ROOT"

export PARLOUR_PROGRAM=${PARLOUR_PROGRAM:-$ROOT/target/parlour/parlour}
if [ -z "${PARLOUR_DELAY_LINE:-}" ] && [ "$(uname)" = Linux ]; then
    say 'Building the delay line, which stands in for a long road'
    cargo build --release -p server --example delay_line
    export PARLOUR_DELAY_LINE=$TARGET/release/examples/delay_line
fi

rm -f end2end/results/faults.md
cd end2end
exec node_modules/.bin/playwright test --config faults/playwright.config.js "$@"
