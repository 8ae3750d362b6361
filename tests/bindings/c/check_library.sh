#!/usr/bin/env bash
# check_library.sh LIBRARY SYMBOLS NM READELF: the library exports what SYMBOLS lists and nothing
# else, and is laid out for pages of 16 KiB. With NEARZONE_UPDATE set, SYMBOLS becomes its list.
set -euo pipefail
library=$1 symbols=$2 nm=$3 readelf=$4

exported=$("$nm" -D --defined-only "$library" | awk '{ print $2, $3 }' | LC_ALL=C sort -k 2)
if [ -n "${NEARZONE_UPDATE:-}" ]; then printf '%s\n' "$exported" > "$symbols"; fi
diff "$symbols" - <<< "$exported" >&2 || {
  echo "the library exports other symbols than $symbols lists" >&2
  exit 1
}

# Unique symbols are shared by all libraries of a process, whatever their version.
"$readelf" -sW "$library" | awk '$5 == "UNIQUE" { print "unique: " $NF; found = 1 } END { exit found }' >&2
"$readelf" -lW "$library" | awk '
  $1 == "LOAD" { parts++; if ($NF != "0x4000") wrong = 1 }
  END { if (!parts || wrong) { print "its parts are not aligned to 16 KiB"; exit 1 } }' >&2
