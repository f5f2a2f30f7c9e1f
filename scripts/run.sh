#!/usr/bin/env bash
# Starts what was built, in the foreground: signals reach the program itself.
#
#   scripts/run.sh          the server if there are Twitch credentials, else the demo
#   scripts/run.sh demo     the demo
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

# given NAME: a setting that is neither empty in the environment nor in .env. The program
# itself reads .env; this only decides which program it is.
given() {
  [ -n "${!1:-}" ] || { [ -f .env ] && grep -qE "^[[:space:]]*(export[[:space:]]+)?$1[[:space:]]*=[[:space:]]*[^[:space:]]" .env; }
}

program=streamer-event-demo
if [ "${1:-}" != demo ]; then
  if given TWITCH_CLIENT_ID || given TWITCH_CLIENT_ID_FILE; then
    # With half of the credentials the server says which half is missing.
    program=streamer-event-server
  else
    say "no TWITCH_CLIENT_ID in the environment or in .env: this is the demo, Twitch is simulated"
  fi
fi
exec "$TARGET/release/$program"
