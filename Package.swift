// swift-tools-version: 6.0
import Foundation
import PackageDescription

// What a release publishes; `bindings/swift/make-xcframework.sh` prints both. With them a dependency
// on this repository's URL needs nothing else in Xcode.
let release: (url: String, checksum: String)? = nil

// The C interface. Apple's platforms take it from an XCFramework: the one that
// make-xcframework.sh left in this folder, or a release's. Elsewhere, and on a Mac without either,
// pkg-config names the library that CMake built or installed.
func cInterface() -> Target {
  #if canImport(Darwin)
    let built = "bindings/swift/CNearZone.xcframework"
    if FileManager.default.fileExists(atPath: Context.packageDirectory + "/" + built) {
      return .binaryTarget(name: "CNearZone", path: built)
    }
    if let release {
      return .binaryTarget(name: "CNearZone", url: release.url, checksum: release.checksum)
    }
  #endif
  return .systemLibrary(
    name: "CNearZone", path: "bindings/swift/Sources/CNearZone", pkgConfig: "nearzone-c")
}

let package = Package(
  name: "NearZone",
  platforms: [.iOS(.v16), .macOS(.v13)],
  products: [
    .library(name: "NearZone", targets: ["NearZone"]),
    .library(name: "NearZoneTesting", targets: ["NearZoneTesting"]),
  ],
  targets: [
    cInterface(),
    .target(
      name: "NearZone", dependencies: ["CNearZone"], path: "bindings/swift/Sources/NearZone",
      resources: [.copy("PrivacyInfo.xcprivacy")]),
    .target(
      name: "NearZoneTesting", dependencies: ["NearZone"],
      path: "bindings/swift/Sources/NearZoneTesting"),
    .target(
      name: "NearZoneHTTP", dependencies: ["NearZone"],
      path: "bindings/swift/Examples/Sources/NearZoneHTTP"),
    .testTarget(
      name: "NearZoneTests", dependencies: ["NearZone", "NearZoneHTTP", "NearZoneTesting"],
      path: "tests/bindings/swift/NearZoneTests"),
    .executableTarget(
      name: "NearZoneScenario", dependencies: ["NearZone"], path: "tests/scenario/swift"),
    .executableTarget(
      name: "NearZoneBench", dependencies: ["NearZone"], path: "bench/bindings/swift"),
  ],
  swiftLanguageModes: [.v6]
)
