#!/usr/bin/env bash
# in_empty_folder.sh PROGRAM ARGUMENT...: the program, with an empty folder as its last argument.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$@" "$folder"
