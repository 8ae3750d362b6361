#!/usr/bin/env bash
# abi.sh HEADER DUMP COMPILER: whether the header still promises what programs were compiled with:
# constants, layouts of structs, and functions. With NEARZONE_UPDATE set, writes the dump anew.
set -euo pipefail
header=$1 dump=$2 compiler=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Without comments, one declaration a line.
plain=$("$compiler" -fpreprocessed -dD -E -P "$header" 2> /dev/null)
flat=$(tr '\n' ' ' <<< "$(grep -v '^#' <<< "$plain")" | sed 's/  */ /g')

{
  echo '#include <inttypes.h>'
  echo '#include <stdio.h>'
  echo '#include "nearzone.h"'
  echo 'int main(void) {'
  grep -oE '^#define NZ_[A-Z0-9_]+ .+' <<< "$plain" | grep -v NZ_API | while read -r _ name _; do
    echo "printf(\"constant $name %\" PRId64 \"\\n\", (int64_t)$name);"
  done
  grep -oE 'typedef struct nz_[a-z_]+ \{[^}]*\}' <<< "$flat" | while read -r _ _ name body; do
    echo "printf(\"struct $name %zu\\n\", sizeof($name));"
    tr -d '{}' <<< "$body" | tr ';' '\n' | sed 's/\[[0-9]*\]//; s/ *$//' | while read -r line; do
      field=${line##* }
      field=${field#\*}
      if [ -n "$field" ]; then
        echo "printf(\"  ${line%"$field"}$field at %zu of %zu\\n\", offsetof($name, $field), sizeof((($name *)0)->$field));"
      fi
    done
  done
  echo 'return 0; }'
} > "$folder/dump.c"
"$compiler" -std=c99 -I"$(dirname "$header")" "$folder/dump.c" -o "$folder/dump"
{
  "$folder/dump"
  grep -oE 'NZ_API [^;]*;' <<< "$flat" | sed 's/^NZ_API //'
} > "$folder/dump.txt"
if [ -n "${NEARZONE_UPDATE:-}" ]; then cp "$folder/dump.txt" "$dump"; fi
diff "$dump" "$folder/dump.txt"
