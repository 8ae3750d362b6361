#!/usr/bin/env bash
# Packs an AAR of classes and of native libraries that were built for Android:
#
#   package-aar.sh OUT.aar CLASSES.jar ABI=LIBRARY.so...
#   package-aar.sh nearzone.aar nearzone.jar arm64-v8a=build/android-arm64/bindings/java/libnearzone_jni.so
#
# Refuses libraries that a phone could not load: those of a desktop's C library, of the wrong
# processor, or for pages of 4 KiB only. READELF names another readelf.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readelf=${READELF:-readelf}

fail() {
  echo "package-aar.sh: $*" >&2
  exit 1
}

[ $# -ge 3 ] || fail "usage: package-aar.sh OUT.aar CLASSES.jar ABI=LIBRARY.so..."
out=$1 classes=$2
shift 2

# Fails with what is wrong with a library.
check() {
  local abi=$1 library=$2 machine name foreign=""
  [ -f "$library" ] || fail "$library is not there"
  case $abi in
    arm64-v8a) machine=AArch64 ;;
    x86_64) machine=X86-64 ;;
    armeabi-v7a) machine=ARM ;;
    *) fail "Android has no ABI called $abi" ;;
  esac
  "$readelf" -h "$library" | grep -q "Machine:.*$machine" || fail "$library is not for $abi"
  for name in $("$readelf" -dW "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
    case $name in
      libc.so | libm.so | libdl.so | liblog.so | libz.so) ;;
      *) foreign+=" $name" ;;
    esac
  done
  [ -z "$foreign" ] || fail "$library was built for another system: Android has no$foreign"
  if [ "$machine" != ARM ] &&
    "$readelf" -lW "$library" | awk '$1 == "LOAD" { print $NF }' | grep -qv 0x4000; then
    fail "$library is not aligned to pages of 16 KiB"
  fi
  "$readelf" --dyn-syms -W "$library" | grep -q ' JNI_OnLoad$' || fail "$library has no JNI_OnLoad"
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for pair in "$@"; do
  abi=${pair%%=*} library=${pair#*=}
  check "$abi" "$library"
  mkdir -p "$folder/jni/$abi"
  cp "$library" "$folder/jni/$abi/libnearzone_jni.so"
done
cp "$classes" "$folder/classes.jar"
cp "$here/example-android/nearzone/AndroidManifest.xml" "$folder/AndroidManifest.xml"
cp "$here/resources/META-INF/proguard/nearzone.pro" "$folder/proguard.txt"
: > "$folder/R.txt"
rm -f "$out"
# An AAR is a zip, which every JDK can write.
jar --create --no-manifest --file "$out" -C "$folder" .
