#!/usr/bin/env bash
# Builds the page, then the programs that carry it. Expects scripts/setup.sh to have run.
#
#   scripts/build.sh             the server, the demo and the simulator
#   scripts/build.sh backend     these packages only
set -euo pipefail
. "$(dirname "$0")/lib.sh"

build_page() {
  cd "$ROOT/frontend"
  # trunk reads NO_COLOR as a boolean and stops at "1". API_BASE belongs to `make dev`.
  env -u NO_COLOR -u API_BASE trunk build --release --locked
}

build_programs() {
  local package packages=()
  for package in "$@"; do packages+=(-p "$package"); done
  cd "$ROOT"
  cargo build --release --locked "${packages[@]}"
}

[ $# -gt 0 ] || set -- backend demo twitch-sim
timed "page" build_page
timed "programs" build_programs "$@"
