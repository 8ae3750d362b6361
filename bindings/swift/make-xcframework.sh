#!/usr/bin/env bash
# make-xcframework.sh [OUTPUT]: builds the C interface with everything that it needs, for iPhones and
# their simulator, as an XCFramework that exports nothing but nz_*. Written, not yet run.
#
# Needs a Mac with Xcode, CMake, Ninja, and VCPKG_ROOT. Package.swift takes the XCFramework from
# bindings/swift/CNearZone.xcframework, which is OUTPUT by default. For a release, what is printed at
# the end belongs into Package.swift's `release`.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

output=${1:-$root/bindings/swift/CNearZone.xcframework}
work=$root/build/xcframework

if [ "$(uname)" != Darwin ]; then
  echo "make-xcframework.sh: an XCFramework can be made on a Mac only" >&2
  exit 1
fi
: "${VCPKG_ROOT:?make-xcframework.sh: set it to the folder of vcpkg}"

# The module that Swift imports.
headers=$work/headers/CNearZone
rm -rf "$work" "$output"
mkdir -p "$headers"
cp "$root/bindings/c/include/nearzone.h" "$root/bindings/swift/Sources/CNearZone/shim.h" "$headers"
cat > "$headers/module.modulemap" << 'MODULE'
module CNearZone {
  header "shim.h"
  link "c++"
  export *
}
MODULE

# slice NAME PRESET SDK TARGET TRIPLET [OPTION...]: one object file with all libraries in it, of which
# the linker hides every symbol that is not nz_*, so that an app may bring its own SQLite or protobuf.
slice() {
  local name=$1 preset=$2 sdk=$3 target=$4 triplet=$5
  shift 5
  local build=$root/build/$name
  (cd "$root" && cmake --preset "$preset" -B "$build" -DVCPKG_TARGET_TRIPLET="$triplet" "$@")
  cmake --build "$build" --target nearzone_c
  local archives=("$build/vcpkg_installed/$triplet"/lib/*.a)
  while IFS= read -r archive; do archives+=("$archive"); done < <(find "$build/lib" -name '*.a')
  # The C interface is taken whole, of the others what it needs.
  mkdir -p "$work/$name"
  xcrun --sdk "$sdk" clang++ -r -nostdlib -target "$target" -Wl,-exported_symbol,'_nz_*' \
    -Wl,-force_load,"$build/bindings/c/libnearzone_c.a" "${archives[@]}" -o "$work/$name/nearzone.o"
  xcrun --sdk "$sdk" libtool -static -o "$work/$name/libnearzone.a" "$work/$name/nearzone.o"
  if xcrun --sdk "$sdk" nm -gUj "$work/$name/nearzone.o" | grep -v '^_nz_'; then
    echo "make-xcframework.sh: $name shows the symbols above" >&2
    exit 1
  fi
}

slice ios-arm64 ios-arm64 iphoneos arm64-apple-ios16.0 arm64-ios
slice ios-simulator-arm64 ios-simulator-arm64 iphonesimulator arm64-apple-ios16.0-simulator \
  arm64-ios-simulator
slice ios-simulator-x64 ios-simulator-arm64 iphonesimulator x86_64-apple-ios16.0-simulator x64-ios \
  -DCMAKE_OSX_ARCHITECTURES=x86_64

mkdir -p "$work/ios-simulator"
xcrun lipo -create "$work/ios-simulator-arm64/libnearzone.a" "$work/ios-simulator-x64/libnearzone.a" \
  -output "$work/ios-simulator/libnearzone.a"
xcodebuild -create-xcframework \
  -library "$work/ios-arm64/libnearzone.a" -headers "$work/headers" \
  -library "$work/ios-simulator/libnearzone.a" -headers "$work/headers" \
  -output "$output"

archive=$work/$(basename "$output").zip
ditto -c -k --keepParent "$output" "$archive"
echo "For a release, publish $archive, and in Package.swift set"
echo "  let release = (url: \"https://.../$(basename "$archive")\"," \
  "checksum: \"$(swift package --package-path "$root" compute-checksum "$archive")\")"
