#!/usr/bin/env bash
# exports.sh NM READELF LIBRARY HEADER: whether the library exports what the header declares, and
# nothing else, and fits systems whose pages are of 16 KiB.
set -euo pipefail
diff <(grep -oE '\bnz_[a-z0-9_]+\(' "$4" | tr -d '(' | sort -u) \
  <("$1" -D --defined-only "$3" | awk '{ print $NF }' | sort -u)
if "$1" -D --defined-only "$3" | grep -v ' T '; then
  echo "something other than functions is exported" >&2
  exit 1
fi
if "$2" -lW "$3" | awk '$1 == "LOAD" { print $NF }' | grep -v 0x4000; then
  echo "a segment is not aligned to 16 KiB" >&2
  exit 1
fi
