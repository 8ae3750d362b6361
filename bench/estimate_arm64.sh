#!/usr/bin/env bash
# Estimates the speed of the arm64 level without such a processor, as a table for
# docs/performance.md: follows what the compiled code executes under QEMU, and lets llvm-mca count
# the cycles of just that on its models of some processors. All memory is in the first cache there.
#
#   bench/estimate_arm64.sh        with clang++-16, as phones' programs are built
#   CXX=aarch64-linux-gnu-g++ bench/estimate_arm64.sh
#
# Debian's packages g++-aarch64-linux-gnu, clang-16, llvm-16 and qemu-user.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
read -r -a compiler <<< "${CXX:-clang++-16 --target=aarch64-linux-gnu}"
processors=(cortex-a55 cortex-a76 cortex-a710 apple-m1)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${compiler[@]}" -std=c++20 -O3 -DNDEBUG -fPIC -static -Iinclude -Ilib bench/arm64_work.cc \
  lib/kernel/arm64_aes.cc lib/kernel/arm64_sha256.cc -o "$folder/work"

# Address and text of each instruction of ours. Where a branch goes or a page lies does not matter,
# but addresses out of reach are refused; llvm-mca knows no calls.
llvm-objdump-16 -d -C --no-show-raw-insn "$folder/work" |
  awk '/^[0-9a-f]+ <.*>:$/ { ours = /nearzone::kernel::arm64::/; next }
       ours && $1 ~ /:$/ {
         address = substr($1, 1, length($1) - 1)
         sub(/^[^:]*:[ \t]*/, "")
         sub(/ *(<.*|\/\/.*)$/, "")
         if ($1 == "bl" || $1 == "ret") next
         if ($1 ~ /^(b|b\..*|cbn?z|tbn?z|adrp?)$/) sub(/0x[0-9a-f]+$/, "#4096")
         print address, $0
       }' > "$folder/instructions"

# follow WORK: the instructions of ours that it executes, in order.
follow() {
  qemu-aarch64 -cpu max -singlestep -d exec,nochain -D "$folder/log" "$folder/work" "$1"
  awk -F/ 'NR == FNR { address = $0; sub(/ .*/, "", address); sub(/^[^ ]* /, ""); text[address] = $0; next }
           { sub(/^0+/, "", $2); if ($2 in text) print text[$2] }' \
    "$folder/instructions" "$folder/log" > "$folder/$1.s"
}

# estimate NAME WORK ITEMS: a row of the table.
estimate() {
  local processor
  printf '| %s | %d |' "$1" $(($(wc -l < "$folder/$2.s") / $3))
  for processor in "${processors[@]}"; do
    llvm-mca-16 -mtriple=aarch64 -mcpu="$processor" -mattr=+crypto -iterations=1 \
      -instruction-info=false -resource-pressure=false "$folder/$2.s" |
      awk -v items="$3" '$1 == "Total" && $2 == "Cycles:" { printf " %.0f |", $3 / items }'
  done
  printf '\n'
}

for work in hkdf number number_find chain; do follow "$work"; done
# These processors execute an AESE and the AESMC behind it as one, which the models do not know.
for work in number number_find; do grep -v '^aesmc' "$folder/$work.s" > "$folder/fused_$work.s"; done

printf '| Work | instructions |'
printf ' %s |' "${processors[@]}"
printf '\n| --- |%s\n' "$(printf ' ---: |%.0s' instructions "${processors[@]}")"
estimate 'HKDF, a key' hkdf 24
estimate 'key schedule and 144 blocks, a key' number 24
estimate 'the same, AESE and AESMC as one' fused_number 24
estimate 'the same, with 144 look-ups' fused_number_find 24
estimate 'link of a chain of SHA-256' chain $((24 * 9))
