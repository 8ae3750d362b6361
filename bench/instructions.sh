#!/usr/bin/env bash
# Prints the instructions that each level of this x86-64 processor takes, as a table for
# docs/performance.md. Takes some minutes: each instruction is a trap.
#
#   bench/instructions.sh build/release/bench/count_instructions
set -euo pipefail

program=${1:?"the path of count_instructions, see the head of this file"}

echo '| Level | SHA-256 compression | chain link | HKDF, a key | schedule + 144 blocks, a key | filter, 144 look-ups | matching, a key |'
echo '| --- | ---: | ---: | ---: | ---: | ---: | ---: |'
for level in portable x86-sha-aes x86-vaes x86-avx512; do
  NEARZONE_KERNEL=$level "$program" || echo "| $level | not on this processor | | | | | |"
done
