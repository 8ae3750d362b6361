#!/usr/bin/env bash
# package_test.sh PACKAGE-AAR.sh CLASSES.jar DESKTOP-LIBRARY.so CC: whether only what Android can load
# gets into an AAR.
set -euo pipefail
package=$1 classes=$2 desktop=$3 cc=$4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "$*" >&2
  exit 1
}
# refused TEXT LIBRARY [ABI]
refused() {
  if "$package" "$folder/out.aar" "$classes" "${3:-$abi}=$2" 2> "$folder/told"; then
    fail "$2 was packed"
  fi
  grep -q -- "$1" "$folder/told" || fail "$2 was refused, but not for '$1': $(cat "$folder/told")"
  [ ! -e "$folder/out.aar" ] || fail "an AAR was written all the same"
}
# made NAME OPTION...: a library that needs nothing.
made() {
  local name=$1
  shift
  echo 'extern "C" int JNI_OnLoad() { return 0; }' |
    "$cc" -x c++ -shared -nostdlib -o "$folder/$name" "$@" -
}

case $(uname -m) in
  x86_64) abi=x86_64 other=arm64-v8a ;;
  aarch64) abi=arm64-v8a other=x86_64 ;;
  *) echo "no ABI of Android's here" && exit 0 ;;
esac
refused 'Android has no.* libc.so.6' "$desktop"
made sound.so -Wl,-z,max-page-size=16384
made small_pages.so -Wl,-z,max-page-size=4096 -Wl,-z,common-page-size=4096
refused 'pages of 16 KiB' "$folder/small_pages.so"
refused "is not for $other" "$folder/sound.so" $other
refused 'has no ABI' "$folder/sound.so" mips
refused 'not there' "$folder/nobody.so"
"$package" "$folder/out.aar" "$classes" "$abi=$folder/sound.so"
[ "$(jar --list --file "$folder/out.aar" | grep -v '/$' | sort | tr '\n' ' ')" = \
  "AndroidManifest.xml R.txt classes.jar jni/$abi/libnearzone_jni.so proguard.txt " ] ||
  fail "the AAR holds something else: $(jar --list --file "$folder/out.aar")"
