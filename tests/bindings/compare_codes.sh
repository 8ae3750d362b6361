#!/usr/bin/env bash
# compare_codes.sh REPOSITORY: whether the enumerations of Java and Swift are those of nearzone.h, no
# more and no less, with the same numbers. In Java an entry reads NAME(12), in Swift
# `case name = 12`; which prefix of nearzone.h an enumeration has is in the table below.
set -euo pipefail
cd "$1"

prefixes='ErrorCode NZ_
Scheme NZ_SCHEME_
HeardBy NZ_HEARD_BY_
ReportType NZ_REPORT_
Durability NZ_DURABILITY_
Deduplication NZ_DEDUPLICATION_
LossKind NZ_LOSS_
ExportFormat NZ_EXPORT_
ListFormat NZ_FORMAT_
SignatureOutcome NZ_SIGNATURE_
BluezoneWindows NZ_BLUEZONE_'

# Name and number of what the header has under a prefix. The codes have none of their own.
of_header() {
  local defines
  defines=$(sed -nE 's/^#define (NZ_[A-Z0-9_]+) +([0-9]+)( .*)?$/\1 \2/p' bindings/c/include/nearzone.h)
  if [ "$1" = NZ_ ]; then
    sed -n '/^NZ_INVALID_ARGUMENT /,/^NZ_INTERNAL /p' <<< "$defines"
  else
    grep "^$1" <<< "$defines"
  fi | sed "s/^$1//" | sort
}

of_java() { sed -nE 's/^  ([A-Z0-9_]+)\(([0-9]+)\)[,;].*$/\1 \2/p' "$1" | sort; }

# of_swift ENUMERATION
of_swift() {
  awk -v name="$1" '
    $0 ~ "enum " name "[ :]" { ours = 1 }
    ours && /^ *case [a-zA-Z0-9]+ = [0-9]+/ { print $2, $4 }
    ours && /^}/ { ours = 0 }' "${swift_sources[@]}" |
    sed -E 's/([A-Z])/_\1/g' | tr '[:lower:]' '[:upper:]' | sort
}

status=0
# compare WHAT PREFIX ENTRIES
compare() {
  local difference
  if ! difference=$(diff <(of_header "$2") - <<< "$3"); then
    printf '%s differs from %s* of nearzone.h:\n%s\n' "$1" "$2" "$difference" >&2
    status=1
  fi
}

mapfile -t swift_sources < <(find bindings/swift/Sources/NearZone -name '*.swift' 2> /dev/null)
while read -r enumeration prefix; do
  if [ -d bindings/java ]; then
    compare "Java's $enumeration" "$prefix" \
      "$(of_java "bindings/java/src/org/nearzone/$enumeration.java")"
  fi
  if [ ${#swift_sources[@]} != 0 ]; then
    compare "Swift's $enumeration" "$prefix" "$(of_swift "$enumeration")"
  fi
done <<< "$prefixes"
exit $status
