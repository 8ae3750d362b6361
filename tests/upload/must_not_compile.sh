#!/bin/sh
# Compiles a file twice: with TWIN defined, which must work, and without, which must fail for the
# reason that its line "// expect: REGEX" names.
#
#   must_not_compile.sh FILE COMPILER FLAG...
set -eu
file=$1
shift
if ! "$@" -fsyntax-only -DTWIN "$file"; then
  echo "the twin of $file does not compile" >&2
  exit 1
fi
if errors=$("$@" -fsyntax-only "$file" 2>&1); then
  echo "$file compiles, and must not" >&2
  exit 1
fi
reason=$(sed -n 's,^// expect: ,,p' "$file")
if ! printf '%s\n' "$errors" | grep 'error:' | grep -Eq "$reason"; then
  printf '%s\n' "$errors" "$file fails, but not for the reason: $reason" >&2
  exit 1
fi
