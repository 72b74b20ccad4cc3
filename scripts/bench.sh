#!/usr/bin/env bash
# Times joining against a floor and a rival in the same browser, then loads the signaling server and a rival's, and the relay
# and coturn.

. "$(dirname "$0")/env.sh"
cd "$ROOT"

if ! cmp -s end2end/bench/rivals/package-lock.json end2end/bench/rivals/node_modules/.installed; then
    say 'Installing the rivals (npm)'
    if (cd end2end/bench/rivals && npm ci --ignore-scripts); then
        cp end2end/bench/rivals/package-lock.json end2end/bench/rivals/node_modules/.installed
    else
        say 'The rivals cannot be installed from here: they are left out'
    fi
fi

export PARLOUR_PROGRAM=$ROOT/target/parlour/parlour
status=0
say 'Joining a call'
node end2end/bench/bench.js || status=1
say 'Relaying signals'
node end2end/bench/relay.js || status=1
say 'Loading the server'
cargo run --release -p server --example load || status=1
say 'Relaying media'
scripts/install-coturn.sh || say 'There is no coturn: it is left out'
cargo run --release -p server --example relay_load || status=1
exit $status
