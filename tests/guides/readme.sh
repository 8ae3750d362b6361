#!/usr/bin/env bash
# Compiles one of the README's examples as it stands, inside a function that has what it needs.
#
#   readme.sh README kotlin|java NEARZONE.jar FOLDER
#   readme.sh README swift REPOSITORY FOLDER
set -euo pipefail
readme=$1 language=$2 library=$3 folder=$4
rm -rf "$folder"
mkdir -p "$folder"
example=$(sed -n "/^\`\`\`$language\$/,/^\`\`\`\$/p" "$readme" | sed '1d;$d')
[ -n "$example" ] || { echo "the README has no example in $language" >&2; exit 1; }
cd "$folder"

case $language in
  kotlin)
    cat > Example.kt << END
import java.io.File
import org.nearzone.*

fun show(day: Int, durationMillis: Long) = println("\$day \$durationMillis")

fun example(folder: File, rootSecret: ByteArray, scanStart: Long, previousScan: Long,
            heard: List<Sighting>, authorityPem: String, list: File) {
$example
}
END
    kotlin=/usr/share/java/kotlin-stdlib
    kotlinc -jvm-target 1.8 -cp "$library:$kotlin.jar:$kotlin-jdk7.jar" Example.kt -d example.jar
    ;;
  java)
    cat > Example.java << END
import java.io.File;
import java.util.List;
import org.nearzone.*;

class Example {
  static void show(int day, long durationMillis) {}

  static void example(File folder, byte[] rootSecret, long scanStart, long previousScan,
      List<Sighting> heard, String authorityPem, File list) throws Exception {
$example
  }
}
END
    javac --release 8 -Xlint:-options -cp "$library" -d . Example.java
    ;;
  swift)
    mkdir -p Sources/Example
    cat > Package.swift << END
// swift-tools-version: 6.0
import PackageDescription

let package = Package(
  name: "Example", platforms: [.macOS(.v13)],
  dependencies: [.package(path: "$library")],
  targets: [
    .target(
      name: "Example",
      dependencies: [.product(name: "NearZone", package: "$(basename "$library")")])
  ])
END
    cat > Sources/Example/Example.swift << END
import Foundation
import NearZone

func show(_ day: Day, _ duration: Duration) {}

func example(
  folder: URL, rootSecret: RootSecret, scanStart: Date, previousScan: Date, heard: [Sighting],
  authorityPEM: Data, list: URL
) async throws {
$example
  _ = (air, mine)
}
END
    swift build
    ;;
esac
