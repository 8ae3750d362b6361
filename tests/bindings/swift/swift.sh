#!/usr/bin/env bash
# swift.sh COMMAND...: runs a command of the Swift toolchain that is on PATH or in SWIFT_HOME. Where
# there is none, it says so and ends with 77, which is a test's way of being skipped.
set -euo pipefail

find_swift() {
  local folder
  for folder in "${SWIFT_HOME:-}"/usr/bin "${SWIFT_HOME:-}"/bin; do
    if [ -n "${SWIFT_HOME:-}" ] && [ -x "$folder/swift" ]; then
      echo "$folder/swift"
      return
    fi
  done
  command -v swift || true
}

swift=$(find_swift)
if [ -z "$swift" ]; then
  echo "skipped: no Swift on PATH or in SWIFT_HOME"
  exit 77
fi
version=$("$swift" --version 2>&1 | sed -n 's/.*Swift version \([0-9]*\).*/\1/p')
if [ "${version:-0}" -lt 6 ]; then
  echo "$swift cannot be used: Swift 6 is needed"
  if [ -n "${CI:-}" ]; then exit 1; fi
  exit 77
fi
PATH=$(dirname "$swift"):$PATH
exec "$@"
