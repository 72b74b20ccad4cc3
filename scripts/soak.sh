#!/usr/bin/env bash
# Looks for trouble for as long as asked: random schedules of the signaling simulator, spread over the cores, from a seed that
# is another one each day, or START; then every fuzz target, all at once, for FUZZ_SECONDS. Either is left out if asked for 0.
# FUZZ_SANITIZER=address makes the fuzzer look for leaks and for bad memory in our dependencies too; it is far slower.

. "$(dirname "$0")/env.sh"
cd "$ROOT"

SCHEDULES=${1:-1000000}
FUZZ_SECONDS=${FUZZ_SECONDS:-600}
FUZZ_SANITIZER=${FUZZ_SANITIZER:-none}
START=${START:-$(($(date +%s) / 86400 * 1000000))}
[[ $SCHEDULES$FUZZ_SECONDS =~ ^[0-9]+$ ]] || fail 'SCHEDULES and FUZZ_SECONDS are numbers'

LOGS=$ROOT/target/logs
names=() pids=() summary='' failed=0
mkdir -p "$LOGS"

# Each part is a process group of its own, so that no part of it outlives this script.
set -m
trap 'for pid in "${pids[@]}"; do kill -- "-$pid" 2>/dev/null || true; done' EXIT

# part NAME COMMAND…: begins it.
part() {
    local name=$1
    shift
    "$@" >"$LOGS/soak-$name.log" 2>&1 &
    names+=("$name") pids+=($!)
}

# parts_end FIGURES: waits for every part that was begun, and notes how it ended and the FIGURES of its log.
parts_end() {
    local index name log status
    say "Wait… (target/logs/soak-*.log say how far it is)"
    for index in "${!names[@]}"; do
        name=${names[index]} log=$LOGS/soak-$name.log status=passed
        wait "${pids[index]}" || status=failed
        summary+=$(printf '%-11s %s  %s' "$name" $status "$("$1" "$log")")$'\n'
        [ $status = passed ] && continue
        failed=$((failed + 1))
        grep -aE -A 4 'panicked at|ERROR: ' "$log" | head -n 20 || true
        summary+=$(grep -aoE "^seed [0-9]+: .*|fuzz/artifacts/[a-z]+/[a-z]+-[0-9a-f]+" "$log" | sort -u | sed 's/^/            /')$'\n'
        summary+="            target/logs/soak-$name.log tells more"$'\n'
    done
    names=() pids=()
}

simulator_figures() { grep -a ' schedules: ' "$1" | tail -n 1; }

fuzz_figures() {
    awk '
        /Loaded .* inline 8-bit counters/ { match($0, /\([0-9]+/); edges = substr($0, RSTART + 1, RLENGTH - 1) }
        / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") covered = $(i + 1); else if ($i == "corp:") corpus = $(i + 1) }
        /^stat::number_of_executed_units/ { runs = $2 }
        /^stat::average_exec_per_sec/ { rate = $2 }
        END {
            sub("/.*", "", corpus)
            printf "%d executions, %d a second; %d of %d edges covered, by %d inputs\n", runs, rate, covered, edges, corpus
        }' "$1"
}

if [ "$SCHEDULES" -gt 0 ]; then
    say 'Building the simulator'
    cargo test --release -p signaling --test simulator --no-run
    cores=$(getconf _NPROCESSORS_ONLN)
    share=$(((SCHEDULES + cores - 1) / cores))
    say "$SCHEDULES schedules, from seed $START, $share on each of $cores cores"
    for ((first = 0; first < SCHEDULES; first += share)); do
        count=$((SCHEDULES - first < share ? SCHEDULES - first : share))
        part "simulator-$((first / share + 1))" env START=$((START + first)) SCHEDULES=$count \
            cargo test --release -p signaling --test simulator every_room -- --nocapture
    done
    parts_end simulator_figures
fi

if [ "$FUZZ_SECONDS" -gt 0 ]; then
    . scripts/install-fuzz.sh
    [ "$FUZZ_SANITIZER" = none ] || export RUSTC_BOOTSTRAP=1 # a sanitizer takes a flag that a stable compiler hides
    options=(--sanitizer "$FUZZ_SANITIZER" --target-dir "$TARGET/fuzz-$FUZZ_SANITIZER")
    say 'Building the fuzz targets'
    cargo fuzz build "${options[@]}"
    say "Fuzzing for $FUZZ_SECONDS s"
    for target in $(cargo fuzz list); do
        folders=("fuzz/corpus/$target")
        mkdir -p "${folders[0]}"
        [ ! -d "fuzz/seeds/$target" ] || folders+=("fuzz/seeds/$target")
        longest=4096
        [ "$target" != decoder ] || longest=70000 # beyond a frame, which is to be refused
        part "$target" cargo fuzz run "${options[@]}" "$target" "${folders[@]}" -- \
            -max_total_time="$FUZZ_SECONDS" -max_len=$longest -timeout=20 -print_final_stats=1
    done
    parts_end fuzz_figures
fi

printf '\n%s\n' "$summary"
[ $failed = 0 ] || fail "$failed of the parts found something"
say "Nothing was found in $((SECONDS / 60)) min $((SECONDS % 60)) s"
