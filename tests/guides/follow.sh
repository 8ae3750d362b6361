#!/usr/bin/env bash
# Follows a page of docs/ as a reader would, in an empty folder that is HOME as well, and fails where
# the page is wrong. In it, blocks marked
#
#   sh              are run, all in one shell
#   sh elsewhere    are not: the caller has done what they do
#   LANGUAGE FILE   are written to that file
#   output          is what the last block that was run must have printed
#
#   follow.sh PAGE FOLDER [WHAT-WAS-DONE-ELSEWHERE...]
set -euo pipefail
page=$(realpath "$1") folder=$2
shift 2
rm -rf "$folder"
mkdir -p "$folder"
export HOME
HOME=$(realpath "$folder")
cd "$folder"
if [ $# != 0 ]; then "$@"; fi

# One script of the whole page.
awk '
  /^```/ && !inside {
    inside = 1; sub(/^```/, ""); split($0, mark, " ")
    if ($0 == "sh") { kind = "sh"; print "{" }
    else if ($0 == "output") { kind = "output"; print "cat > \"$HOME/expected\" << \"END-OF-BLOCK\"" }
    else if (mark[1] != "sh" && mark[2] != "") {
      kind = "file"; print "cat > \"" mark[2] "\" << \"END-OF-BLOCK\""
    } else kind = "none"
    next
  }
  /^```/ && inside {
    if (kind == "sh") print "} > \"$HOME/printed\"\ncat \"$HOME/printed\""
    if (kind == "file" || kind == "output") print "END-OF-BLOCK"
    if (kind == "output") print "diff \"$HOME/expected\" \"$HOME/printed\""
    inside = 0; next
  }
  inside && kind != "none" { print }
' "$page" > "$HOME/page.sh"
grep -q '^diff ' "$HOME/page.sh" || { echo "$page promises no output" >&2; exit 1; }
bash -euo pipefail "$HOME/page.sh"
