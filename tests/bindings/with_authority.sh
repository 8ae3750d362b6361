#!/usr/bin/env bash
# with_authority.sh REPOSITORY COMMAND...: runs a test beside a health authority's servers, which it
# finds in the environment: NEARZONE_TEST_AUTHORITY, their base URL, with a slash at its end;
# NEARZONE_TEST_CODE, a code that was not used; NEARZONE_TEST_API_KEY; and NEARZONE_TEST_PUBLIC_KEY,
# the file of the key that its lists are signed with. Where the first one is set already, that
# authority is used.
set -euo pipefail
repository=$1
shift
if [ -z "${NEARZONE_TEST_AUTHORITY:-}" ]; then
  folder=$(mktemp -d)
  fixtures=$repository/tests/lists/fixtures
  perl "$repository/tests/bindings/authority_responder.pl" "$folder/port" \
    "$fixtures/gaen_signed.zip" &
  responder=$!
  trap 'kill $responder 2> /dev/null || true; rm -rf "$folder"' EXIT
  for _ in $(seq 100); do
    if [ -e "$folder/port" ]; then break; fi
    sleep 0.1
  done
  NEARZONE_TEST_AUTHORITY=http://127.0.0.1:$(cat "$folder/port")/
  export NEARZONE_TEST_AUTHORITY NEARZONE_TEST_CODE=12345678
  export NEARZONE_TEST_API_KEY='key of the app' NEARZONE_TEST_PUBLIC_KEY=$fixtures/p256_public.pem
fi
"$@"
