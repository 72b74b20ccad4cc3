#!/usr/bin/env bash
# Runs the checks and tests named, or all of them, each announced; goes on after a failure, so that one run tells everything,
# and ends with the counts. A check that is no test suite (format, lints, licences, build, size) counts as one.

. "$(dirname "$0")/env.sh"
cd "$ROOT"

LOGS=$ROOT/target/logs
export PARLOUR_SKIPPED=$LOGS/skipped # where tests that lack a program say so: the runner shows nothing of what passes
PACKAGES=(-p signaling -p relay -p app -p server) # never --workspace: it would give `app` the server's and the browser's features at once
passed=0 failed=0 skipped=0 summary=

lint_tools() { # a minimal Rust has neither
    cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 && return
    has rustup || fail 'rustfmt or clippy is missing, and there is no rustup to add it: install both for your Rust'
    say 'Adding rustfmt and clippy (rustup)'
    rustup component add rustfmt clippy
}

format() { lint_tools && cargo fmt --all --check; }

lints() { lint_tools && cargo clippy "${PACKAGES[@]}" --all-targets -- -D warnings; }

wasm_lints() {
    scripts/install-build-tools.sh && lint_tools && cargo clippy -p frontend --target wasm32-unknown-unknown -- -D warnings
}

native() {
    scripts/install-test-servers.sh
    if has cargo-nextest; then
        cargo nextest run "${PACKAGES[@]}" --no-fail-fast
    else
        cargo test "${PACKAGES[@]}" --no-fail-fast --lib --bins --tests
    fi
}

deny() { scripts/deny.sh; }

build() { make --no-print-directory build; }

size() {
    scripts/install-test-tools.sh && node end2end/size/table.js
}

e2e() {
    rm -f end2end/results/tests.json
    # shellcheck disable=SC2086 # several words
    scripts/install-test-tools.sh && (cd end2end && node_modules/.bin/playwright test ${E2E_ARGS:-})
}

# How many tests passed only by doing nothing.
idle() { if [ -e "$PARLOUR_SKIPPED" ]; then wc -l <"$PARLOUR_SKIPPED"; else echo 0; fi; }

# The counts of a suite, "PASSED FAILED SKIPPED", from what it wrote; nothing where it did not come that far.
counts() {
    local log=$LOGS/$1.log
    case $1 in
    native)
        awk '
            / tests? run: / { # nextest
                for (i = 1; i < NF; i++) {
                    if ($(i + 1) ~ /^passed/) p += $i
                    if ($(i + 1) ~ /^(failed|timed)/) f += $i
                    if ($(i + 1) ~ /^skipped/) s += $i
                }
                seen = 1
            }
            /^test result: / { # cargo test
                for (i = 1; i < NF; i++) {
                    if ($(i + 1) ~ /^passed/) p += $i
                    if ($(i + 1) ~ /^failed/) f += $i
                    if ($(i + 1) ~ /^ignored/) s += $i
                }
                seen = 1
            }
            END { if (seen) print p - w, f + 0, s + w }' w="$(idle)" "$log"
        ;;
    e2e)
        node -e '
            const { stats } = JSON.parse(require("fs").readFileSync("end2end/results/tests.json", "utf8"));
            console.log(stats.expected + stats.flaky, stats.unexpected, stats.skipped);' 2>/dev/null || true
        ;;
    esac
}

step() {
    local name=$1 start=$SECONDS status=passed p=0 f=0 s=0
    say "$name"
    set +e
    "${name//-/_}" 2>&1 | tee "$LOGS/$name.log"
    [ "${PIPESTATUS[0]}" = 0 ] || status=failed
    set -e
    read -r p f s <<<"$(counts "$name")" || true
    if [ -z "$p" ]; then # no suite, or one that did not run
        [ $status = passed ] && p=1 f=0 s=0 || p=0 f=1 s=0
    elif [ $status = failed ] && [ "$f" = 0 ]; then
        f=1
    fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    summary+=$(printf '%-11s %-7s %4d passed %3d failed %3d skipped %5d s' "$name" "$status" "$p" "$f" "$s" $((SECONDS - start)))$'\n'
    [ $status = passed ]
}

mkdir -p "$LOGS"
rm -f "$PARLOUR_SKIPPED"
[ $# -gt 0 ] || set -- format lints wasm-lints native deny build size e2e
built=yes
for name in "$@"; do
    case $name in
    size | e2e)
        if [ $built = no ]; then
            summary+=$(printf '%-11s %s' "$name" 'not run: there is no build')$'\n'
            continue
        fi
        ;;
    esac
    step "$name" || [ "$name" != build ] || built=no
done

printf '\n%s\n' "$summary"
[ ! -e "$PARLOUR_SKIPPED" ] || sort "$PARLOUR_SKIPPED" | uniq -c
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
