#!/usr/bin/env bash
# Everything that judges the code without running it. Expects scripts/setup.sh check.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

wasm=(--target wasm32-unknown-unknown)

clippy_host() { cargo clippy --locked --quiet --workspace --exclude frontend --all-targets -- -D warnings; }
clippy_wasm() { cargo clippy --locked --quiet "${wasm[@]}" -p frontend -p wire --all-targets -- -D warnings; }
docs_host() { cargo doc --locked --quiet --no-deps --document-private-items --workspace --exclude frontend; }
docs_wasm() { cargo doc --locked --quiet --no-deps --document-private-items "${wasm[@]}" -p frontend; }

# absent PACKAGE CRATE: PACKAGE must not depend on CRATE, however indirectly.
absent() {
  local tree
  tree=$(cargo tree --locked --quiet -p "$1" -e normal --prefix none)
  if grep -qE "^$2 v" <<<"$tree"; then
    die "$1 depends on $2: cargo tree -p $1 -e normal -i $2"
  fi
}

# What each program may hold; docs/architecture.md says why.
boundaries() {
  absent backend twitch-sim
  absent wire tokio
  absent frontend backend
  absent frontend twitch-sim
  absent twitch-sim wire
  absent twitch-sim backend
  absent bench backend
  absent bench twitch-sim
  local crate
  for crate in backend demo twitch-sim bench; do
    absent "$crate" openssl-sys
  done
}

timed "formatting" cargo fmt --all --check
timed "module arrows" node scripts/check-arrows.mjs
timed "crate boundaries" boundaries
timed "clippy, programs and tests" clippy_host
timed "clippy, page" clippy_wasm
export RUSTDOCFLAGS="-D warnings"
timed "docs, programs" docs_host
timed "docs, page" docs_wasm
unset RUSTDOCFLAGS
cargo fetch --locked --quiet
timed "dependency policy" cargo deny --offline --log-level error check bans licenses sources
