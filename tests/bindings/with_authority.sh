#!/usr/bin/env bash
# with_authority.sh PROGRAM COMMAND...: runs a test beside a health authority's server, which it finds
# in the environment: NEARZONE_TEST_AUTHORITY, its base URL, with a slash at its end;
# NEARZONE_TEST_CODE, a code that was not used; NEARZONE_TEST_API_KEY; and NEARZONE_TEST_PUBLIC_KEY,
# the file of the key that its lists (exports/en/index.txt) are signed with. PROGRAM is the
# nearzone-authority to start; where it says not-built, the test is skipped. Where
# NEARZONE_TEST_AUTHORITY is set already, that server is used.
set -euo pipefail
program=$1
shift
if [ -z "${NEARZONE_TEST_AUTHORITY:-}" ]; then
  if [ "$program" = not-built ]; then
    echo "skipped: nearzone-authority was not built, which this is a test beside" >&2
    exit 77
  fi
  folder=$(mktemp -d)
  server=""
  end() {
    if [ -n "$server" ]; then kill "$server" 2> /dev/null && wait "$server" || true; fi
    rm -rf "$folder"
  }
  trap end EXIT
  # Also a window without a key makes a list, so that there is one from the beginning.
  cat > "$folder/authority.toml" << EOF
[storage]
folder = "$folder/data"
[[realm]]
health_authorities = ["org.example.app"]
[[export]]
name = "en"
region = "VN"
publishes_empty = true
EOF
  of() { "$program" "$@" --config "$folder/authority.toml"; }
  of key new lists --algorithm ed25519 > "$folder/lists.pem" 2> /dev/null
  of key new archives --algorithm p256 > "$folder/archives.pem" 2> /dev/null
  NEARZONE_TEST_API_KEY=$(of api-key new app --role device 2> /dev/null)
  NEARZONE_TEST_CODE=$(of code issue --json | sed -n 's/.*"code": *"\([0-9]*\)".*/\1/p')
  of export > "$folder/exported"
  of serve --port 0 > "$folder/said" 2> "$folder/log" &
  server=$!
  for _ in $(seq 100); do
    port=$(sed -n 's/^listening on .*://p' "$folder/said")
    if [ -n "$port" ]; then break; fi
    sleep 0.1
  done
  if [ -z "$port" ]; then
    cat "$folder/log" >&2
    exit 1
  fi
  NEARZONE_TEST_AUTHORITY=http://127.0.0.1:$port/
  NEARZONE_TEST_PUBLIC_KEY=$folder/archives.pem
  export NEARZONE_TEST_AUTHORITY NEARZONE_TEST_CODE NEARZONE_TEST_API_KEY NEARZONE_TEST_PUBLIC_KEY
fi
"$@"
