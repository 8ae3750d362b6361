#!/usr/bin/env bash
# check_interface.sh REPOSITORY MODULES FOLDER: what NearZone and NearZoneTesting show to others has
# no unsafe type and none of C in it, and every declaration is documented.
set -euo pipefail
repository=$1 modules=$2 folder=$3
rm -rf "$folder"
mkdir -p "$folder"
target=$(swiftc -print-target-info | sed -n 's/.*"unversionedTriple": "\(.*\)".*/\1/p')
for module in NearZone NearZoneTesting; do
  swift symbolgraph-extract -module-name "$module" -target "$target" -I "$modules" \
    -I "$repository/bindings/swift/Sources/CNearZone" -Xcc "-I$repository/bindings/c/include" \
    -minimum-access-level public -skip-synthesized-members -output-dir "$folder"
  perl -MJSON::PP -0777 -e '
    my @symbols = @{decode_json(<STDIN>)->{symbols}};
    die "nothing is shown\n" if !@symbols;
    my $wrong = 0;
    for my $symbol (@symbols) {
      my $name = join ".", @{$symbol->{pathComponents}};
      my $text = join "", map { $_->{spelling} } @{$symbol->{declarationFragments}};
      if ($text =~ /Unsafe|OpaquePointer|\bnz_/) { print "unsafe: $name: $text\n"; $wrong = 1; }
      if (!$symbol->{docComment}) { print "not documented: $name\n"; $wrong = 1; }
    }
    exit $wrong;
  ' < "$folder/$module.symbols.json"
done
