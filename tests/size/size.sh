#!/usr/bin/env bash
# What the library weighs on a phone: builds it to be optimised as one when it is linked, links
# everything into one shared library, and does so again without what iOS brings along. Fails where
# one is more than 2 % above what tests/size_budget.json says it weighs, or above the most that it may
# ever weigh. With --each in front, tells as well what each of the foreign libraries weighs.
#
#   size.sh [--each] REPOSITORY BUILD TOOLCHAIN COMPILER STRIP FOREIGN.a...
set -euo pipefail
each=
if [ "$1" = --each ]; then each=yes; shift; fi
repository=$1 build=$2 toolchain=$3 compiler=$4 strip=$5
shift 5
foreign=("$@")
budget=$repository/tests/size_budget.json
launcher=()
if command -v ccache > /dev/null; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
cmake -S "$repository" -B "$build" -G Ninja --toolchain "$toolchain" "${launcher[@]}" \
  -DCMAKE_BUILD_TYPE=MinSizeRel -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON -DNEARZONE_DEVICE_ONLY=ON \
  -DNEARZONE_BUILD_TESTS=OFF -DNEARZONE_INSTALL=OFF -DNEARZONE_WITH_LIBDEFLATE=OFF > /dev/null
cmake --build "$build" --target nearzone_c > /dev/null
own=("$build/bindings/c/libnearzone_c.a" "$build"/lib/*/*.a)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# linked WITHOUT...: bytes, without the foreign libraries of these names. What is then missing stays
# so, as what a phone's system brings along does.
linked() {
  local archives=() archive
  for archive in "${foreign[@]}"; do
    if [[ " $* " != *" $(basename "$archive") "* ]]; then archives+=("$archive"); fi
  done
  "$compiler" -Os -flto=auto -shared -o "$folder/library.so" -Wl,--whole-archive "${own[0]}" \
    -Wl,--no-whole-archive -Wl,--start-group "${own[@]:1}" "${archives[@]}" -Wl,--end-group \
    -static-libstdc++ -static-libgcc -Wl,--version-script="$repository/bindings/c/exports.map" -Wl,--gc-sections \
    -Wl,-z,max-page-size=16384 -Wl,-z,relro,-z,now
  "$strip" --strip-all "$folder/library.so"
  stat -c %s "$folder/library.so"
}

allowed() { sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" "$budget"; }

everything=$(linked)
printf '%10d bytes, everything inside\n' "$everything"
for archive in ${each:+"${foreign[@]}"}; do
  name=$(basename "$archive")
  printf '%10d of them %s\n' $((everything - $(linked "$name"))) "$name"
done
without_system=$(linked libsqlite3.a libz.a)
printf '%10d bytes without what iOS brings along: SQLite and zlib\n' "$without_system"

status=0
check() {
  local known most
  known=$(allowed "$1") most=$(allowed "$1_at_most")
  if [ "$2" -gt $((known * 102 / 100)) ]; then
    echo "$1: $2 bytes are more than 2 % above the $known of $budget" >&2
    status=1
  fi
  if [ "$2" -gt "$most" ]; then
    echo "$1: $2 bytes are more than the $most that $budget ever allows" >&2
    status=1
  fi
}
check everything "$everything"
check without_sqlite_and_zlib "$without_system"
exit $status
