#!/usr/bin/env bash
# Installs what the project needs and the machine lacks; quick when nothing is missing.
#
#   scripts/setup.sh          what building and running need: no root, nothing outside .tools/
#                             but the Rust target
#   scripts/setup.sh check    the same and cargo-deny
#   scripts/setup.sh test     all that and what the tests need: three Debian packages (Chromium,
#                             Redis, strace) and the npm packages of e2e/
#
# To undo it: rm -r .tools e2e/node_modules
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# trunk 0.22 needs a newer rustc. wasm-bindgen must be the exact version of Cargo.lock.
TRUNK_VERSION=0.21.14
WASM_BINDGEN_VERSION=0.2.129
CARGO_DENY_VERSION=0.20.2
NODE_MAJOR=20

need_machine() {
  has cargo || die "Rust is missing. Install it from https://rustup.rs and run this again."
  has cc || die "a C compiler is missing (SQLite is compiled in). On Debian: apt-get install build-essential"
  { has node && has npm; } || die "Node.js $NODE_MAJOR or newer with npm is missing: the SPA's optimiser comes from npm."
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge "$NODE_MAJOR" ] || die "Node.js $NODE_MAJOR or newer is needed, this is $(node --version)."
}

install_wasm_target() {
  local libdir
  libdir=$(cd "$ROOT" && rustc --print target-libdir --target wasm32-unknown-unknown)
  [ -d "$libdir" ] && return
  has rustup || die "this Rust has no wasm32-unknown-unknown target and there is no rustup to add it."
  (cd "$ROOT" && timed "Rust target wasm32-unknown-unknown" rustup target add wasm32-unknown-unknown)
}

# cargo_tool CRATE PROGRAM VERSION ARGUMENTS…: builds one program into .tools/bin.
#
# Unoptimised, because the three run for seconds and would take ten minutes to build as
# published. They share a build folder, since they share dependencies; it goes when all is done.
cargo_tool() {
  local crate=$1 program=$2 version=$3
  shift 3
  if [ -x "$TOOLS/bin/$program" ] && "$TOOLS/bin/$program" --version 2>/dev/null | grep -qwF "$version"; then
    return
  fi
  timed "$crate $version" env \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_STRIP=symbols \
    cargo install "$crate" --locked --version "$version" --force --quiet \
    --root "$TOOLS" --target-dir "$TOOLS/build" "$@"
}

# npm_packages FOLDER: `npm ci`, unless what is installed is what the lock file says.
npm_packages() {
  local folder=$1 stamp="$1/node_modules/.lock-sha256" sum
  sum=$(sha256sum <"$folder/package-lock.json")
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ]; then
    return
  fi
  timed "npm packages of ${folder#"$ROOT/"}" npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error
  printf '%s\n' "$sum" >"$stamp"
}

install_wasm_opt() {
  mkdir -p "$TOOLS/npm"
  cp "$ROOT"/scripts/npm/package.json "$ROOT"/scripts/npm/package-lock.json "$TOOLS/npm/"
  npm_packages "$TOOLS/npm"
}

# debian_packages PROGRAM=PACKAGE…: the packages whose program is not there.
debian_packages() {
  local pair missing=() as_root=()
  for pair in "$@"; do
    has "${pair%%=*}" || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local hint="missing for the tests: ${missing[*]}. On Debian: sudo apt-get install ${missing[*]}"
  has apt-get || die "$hint"
  if [ "$(id -u)" -ne 0 ]; then
    { has sudo && sudo -n true 2>/dev/null; } || die "$hint"
    as_root=(sudo -n)
  fi
  timed "Debian packages ${missing[*]}" apt_install
}

apt_install() {
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
}

main() {
  local start=$SECONDS what=${1:-run}
  need_machine
  install_wasm_target
  cargo_tool trunk trunk "$TRUNK_VERSION" --no-default-features
  cargo_tool wasm-bindgen-cli wasm-bindgen "$WASM_BINDGEN_VERSION" --no-default-features
  install_wasm_opt
  case $what in
    run) ;;
    check) cargo_tool cargo-deny cargo-deny "$CARGO_DENY_VERSION" ;;
    test)
      cargo_tool cargo-deny cargo-deny "$CARGO_DENY_VERSION"
      if [ -n "${CHROME_PATH:-}" ]; then
        debian_packages redis-server=redis-server strace=strace
      else
        debian_packages chromium=chromium redis-server=redis-server strace=strace
      fi
      npm_packages "$ROOT/e2e"
      ;;
    *) die "unknown argument '$what'; it is nothing, 'check' or 'test'" ;;
  esac
  rm -rf "$TOOLS/build"
  say "set-up is complete ($((SECONDS - start)) s)"
}

main "$@"
