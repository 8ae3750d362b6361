#!/usr/bin/env bash
# compare.sh FOLDER RUNNER...: whether the runner prints life.expected for the FOLDER's life.tsv.
# With NEARZONE_UPDATE set, what it prints becomes what is expected.
set -euo pipefail
scenario=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/phones"
"$@" "$scenario/life.tsv" "$folder/phones" > "$folder/printed"
if [ -n "${NEARZONE_UPDATE:-}" ]; then cp "$folder/printed" "$scenario/life.expected"; fi
diff "$scenario/life.expected" "$folder/printed"
