#!/usr/bin/env bash
# check_examples.sh PACKAGE MODULES SCRATCH: compiles the example, as far as that can be seen without
# Apple's modules, which apple-stubs stands in for. MODULES is where the package's own are.
set -euo pipefail
package=$1 modules=$2 scratch=$3
stubs=$(dirname "${BASH_SOURCE[0]}")/apple-stubs
example=$package/bindings/swift/Examples

rm -rf "$scratch"
mkdir -p "$scratch"
for module in BackgroundTasks CoreBluetooth Security; do
  swiftc -emit-module -parse-as-library -module-name "$module" -swift-version 5 -emit-module-path \
    "$scratch/$module.swiftmodule" "$stubs/$module.swift"
done
swiftc -typecheck -swift-version 6 -warnings-as-errors -module-name NearZoneExample \
  -I "$scratch" -I "$modules" -I "$package/bindings/swift/Sources/CNearZone" \
  -Xcc -I"$package/bindings/c/include" "$example"/Sources/NearZoneExample/*.swift
# What needs SwiftUI is parsed only.
swiftc -parse "$example"/App/*.swift "$example/Package.swift"
