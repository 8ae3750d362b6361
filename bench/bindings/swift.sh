#!/bin/sh
# swift.sh PACKAGE SCRATCH_FOLDER REFERENCE_PROGRAM [REPETITIONS]: builds NearZoneBench and runs it.
# PKG_CONFIG_PATH and LD_LIBRARY_PATH lead to the library.
set -eu
package=$1 scratch=$2
shift 2
swift build --package-path "$package" --scratch-path "$scratch" --cache-path "$scratch/cache" \
  -c release --product NearZoneBench
exec "$scratch/release/NearZoneBench" "$@"
