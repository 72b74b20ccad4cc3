#!/usr/bin/env bash
# Runs as many random schedules of the signaling simulator as asked, from a seed that is another one each day, or START.

. "$(dirname "$0")/env.sh"
cd "$ROOT"

export SCHEDULES=${1:-100000} START=${START:-$(($(date +%s) / 86400 * 1000000))}
say "$SCHEDULES schedules, from seed $START"
cargo test --release -p signaling --test simulator every_room -- --nocapture
