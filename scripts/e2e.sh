#!/usr/bin/env bash
# Runs the browser tests on what scripts/build.sh has built; arguments go to Playwright.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT/e2e"

if [ -z "${CHROME_PATH:-}" ]; then
  CHROME_PATH=$(command -v chromium || command -v google-chrome-stable || command -v google-chrome) ||
    die "no Chromium: run scripts/setup.sh test, or set CHROME_PATH"
  export CHROME_PATH
fi
timed "types of the browser tests" npx --no-install tsc
exec npx --no-install playwright test "$@"
