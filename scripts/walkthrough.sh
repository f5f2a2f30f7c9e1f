#!/usr/bin/env bash
# Runs the README's curl walk-through as printed but for the port, and checks what it says: against the demo,
# and against the server and the simulator as two programs, with webhooks.
#
#   scripts/walkthrough.sh [conduit] [webhook]    default: both
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

programs=$TARGET/release
work=$(mktemp -d)
started=()
stop() {
  local pid
  for pid in "${started[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" || true
  done
  started=()
}
trap 'stop; rm -rf "$work"' EXIT

awk '/^<!-- walkthrough/ { found = 1; next } found && /^```sh/ { inside = 1; next } inside && /^```/ { exit } inside' \
  README.md >"$work/walkthrough.sh"
[ -s "$work/walkthrough.sh" ] || die "README.md has no walk-through"
cd "$work"

# start NAME COMMAND…: waits until it listens and leaves its port in $port.
start() {
  local log="$work/$1.log" pid
  shift
  "$@" >"$log" 2>&1 &
  pid=$!
  started+=("$pid")
  for _ in $(seq 100); do
    port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$log")
    [ -n "$port" ] && return
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  die "it does not listen: $(cat "$log")"
}

conduit() {
  start demo env DATA_DIR="$work/conduit" BIND_ADDR=127.0.0.1:0 SIM_BIND_ADDR=127.0.0.1:0 "$programs/streamer-event-demo"
}

webhook() {
  local settings
  start sim "$programs/twitch-sim" --sim-bind-addr 127.0.0.1:0 --allow-http-callbacks
  mapfile -t settings < <(grep '^TWITCH_' "$work/sim.log")
  start server env "${settings[@]}" DATA_DIR="$work/webhook" BIND_ADDR=127.0.0.1:0 EVENTSUB_TRANSPORT=webhook \
    "$programs/streamer-event-server"
}

[ $# -gt 0 ] || set -- conduit webhook
for transport in "$@"; do
  "$transport"
  sed "s/localhost:7001/localhost:$port/" walkthrough.sh >here.sh
  timed "the README's walk-through, $transport" bash -euo pipefail here.sh >out 2>&1 || die "it failed: $(cat out)"
  for expected in '"login":"viewer_vera"' '"login":"mira_plays"' '"type":"stream.online"' 'event: status' 'event: event' '"events":\[{'; do
    grep -q "$expected" out || die "its output lacks $expected: $(cat out)"
  done
  stop
done
say "every step of the walk-through answered as the README says: $*"
