#!/bin/sh
# check_library.sh LIBRARY: it exports JNI_OnLoad and nothing else, and is laid out for pages of
# 16 KiB.
set -eu
exported=$(nm -D --defined-only "$1" | awk '{ print $NF }')
if [ "$exported" != JNI_OnLoad ]; then
  printf 'it exports more or less than JNI_OnLoad:\n%s\n' "$exported" >&2
  exit 1
fi
readelf -lW "$1" | awk '$1 == "LOAD" { parts++; if ($NF != "0x4000") wrong++ }
  END { if (!parts || wrong) { print "its parts are not aligned to 16 KiB"; exit 1 } }' >&2
