#!/usr/bin/env bash
# every_function.sh SYMBOLS SOURCE...: each function of SYMBOLS is called in one of the sources.
set -euo pipefail
symbols=$1
shift
missing=0
while read -r _ function; do
  if ! grep -q "\b$function(" "$@"; then
    echo "no test calls $function" >&2
    missing=1
  fi
done < "$symbols"
exit $missing
