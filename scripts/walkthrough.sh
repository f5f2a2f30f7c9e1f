#!/usr/bin/env bash
# Runs the README's curl walk-through as printed, against a demo of its own on the ports the README names,
# and checks what it says.
#
#   scripts/walkthrough.sh [PROGRAM]    the demo; default target/release/streamer-event-demo
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

program=${1:-$TARGET/release/streamer-event-demo}
work=$(mktemp -d)
pid=
cleanup() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  [ -z "$pid" ] || wait "$pid" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

awk '/^<!-- walkthrough/ { found = 1; next } found && /^```sh/ { inside = 1; next } inside && /^```/ { exit } inside' \
  README.md >"$work/walkthrough.sh"
[ -s "$work/walkthrough.sh" ] || die "README.md has no walk-through"

cd "$work"
DATA_DIR="$work/data" "$program" >"$work/demo.log" 2>&1 &
pid=$!
for _ in $(seq 100); do
  grep -q '^listening on' "$work/demo.log" && break
  kill -0 "$pid" 2>/dev/null || die "the demo did not start: $(cat "$work/demo.log")"
  sleep 0.1
done
timed "the README's walk-through" bash -euo pipefail "$work/walkthrough.sh" >"$work/out" 2>&1 || die "it failed: $(cat "$work/out")"
for expected in '"login":"viewer_vera"' '"login":"mira_plays"' '"type":"stream.online"' 'event: status' 'event: event' '"events":\[{'; do
  grep -q "$expected" "$work/out" || die "its output lacks $expected: $(cat "$work/out")"
done
say "every step of the walk-through answered as the README says"
