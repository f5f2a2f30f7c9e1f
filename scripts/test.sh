#!/usr/bin/env bash
# All checks and all tests, on a machine that may have nothing yet. Prints the counts of every
# suite and their sum on the last line, and makes sure that nothing is left running.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

# Every program started from here on carries this, which is how left-overs are found.
export TEST_RUN="$$-$RANDOM$RANDOM"
LOGS=$(mktemp -d)
trap 'rm -rf "$LOGS"' EXIT

passed=0 failed=0 skipped=0 broken=()

# count SUITE PASSED FAILED SKIPPED: a suite that ran nothing has failed.
count() {
  say "$1: $2 passed, $3 failed, $4 skipped"
  passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
  [ $(($2 + $3)) -gt 0 ] || broken+=("$1 ran no test")
}

# cargo_suite NAME ARGUMENTS…
cargo_suite() {
  local name=$1 log="$LOGS/cargo" totals
  shift
  timed "$name" cargo test --locked --no-fail-fast "$@" 2>&1 | tee "$log" || broken+=("$name")
  totals=$(awk '/^test result:/ { p += $4; f += $6; i += $8 } END { print p + 0, f + 0, i + 0 }' "$log")
  # shellcheck disable=SC2086 # three numbers
  count "$name" $totals
}

browser_suite() {
  local name="browser journeys" report="$ROOT/e2e/test-results/report.json" totals
  rm -f "$report"
  timed "$name" scripts/e2e.sh || broken+=("$name")
  totals=$(node -e '
    const { stats } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
    console.log(stats.expected, stats.unexpected + stats.flaky, stats.skipped);
  ' "$report" 2>/dev/null || echo 0 0 0)
  # shellcheck disable=SC2086 # three numbers
  count "$name" $totals
  node -e '
    const specs = ({ specs: own = [], suites = [] }) => [...own, ...suites.flatMap(specs)];
    const report = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
    for (const { title, tests } of specs(report)) {
      for (const { error } of tests.flatMap(({ results }) => results)) {
        if (error) console.log(`${title}\n${error.message ?? error.value}`);
      }
    }
  ' "$report" >"$LOGS/browser" 2>/dev/null || true
}

readme_suite() {
  local name="README walk-through" ok=1
  scripts/walkthrough.sh || { broken+=("$name"); ok=0; }
  count "$name" $ok $((1 - ok)) 0
}

# Repeats, forgeries and kill -9 under load, on the programs as they are shipped.
chaos_suite() {
  local name="kill -9 under load" ok=1
  timed "$name" "$TARGET/release/bench" chaos --quick --no-results || { broken+=("$name"); ok=0; }
  count "$name" $ok $((1 - ok)) 0
}

# What the hot paths cost, in requests of a bare loop of the same run, against bench/baseline.json.
cost_suite() {
  local name="cost of the hot paths" ok=1
  timed "$name" "$TARGET/release/bench" check --no-results || { broken+=("$name"); ok=0; }
  count "$name" $ok $((1 - ok)) 0
}

# Programs that this run has started and that are still there.
left_running() {
  [ -d /proc/self ] || return 0
  local environ pid
  for environ in /proc/[0-9]*/environ; do
    pid=${environ#/proc/}
    pid=${pid%/environ}
    [ "$pid" = "$$" ] && continue
    if { tr '\0' '\n' <"$environ"; } 2>/dev/null | grep -qxF "TEST_RUN=$TEST_RUN"; then
      tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null && echo
    fi
  done
}

scripts/setup.sh test
timed "checks" scripts/check.sh
cargo_suite "programs" --workspace --exclude frontend
cargo_suite "page" -p frontend
scripts/build.sh backend demo twitch-sim bench
chaos_suite
cost_suite
browser_suite
readme_suite

# What was told to stop may need a moment. The search itself shows up, too.
for _ in 1 2 3 4 5; do
  rest=$(left_running | grep -vE '^(tr|grep) ' || true)
  [ -z "$rest" ] && break
  sleep 1
done
[ -z "$rest" ] || broken+=("left running: $rest")
[ -z "${CI:-}" ] || [ "$skipped" -eq 0 ] || broken+=("$skipped tests were skipped")

# Of a long log often only the end is kept.
if [ -s "$LOGS/browser" ]; then
  say "what failed in the browser:"
  cut -c1-400 "$LOGS/browser" | head -n 60
fi
say "all of it: $SECONDS s"
for what in "${broken[@]}"; do printf 'error: %s\n' "$what" >&2; done
if [ "$skipped" -gt 0 ]; then
  printf 'tests: %d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
else
  printf 'tests: %d passed, %d failed\n' "$passed" "$failed"
fi
[ "$failed" -eq 0 ] && [ ${#broken[@]} -eq 0 ]
