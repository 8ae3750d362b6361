// swift-tools-version: 6.0
import PackageDescription

let package = Package(
  name: "NearZoneExample",
  platforms: [.iOS(.v16), .macOS(.v13)],
  products: [.library(name: "NearZoneExample", targets: ["NearZoneExample", "NearZoneHTTP"])],
  dependencies: [.package(name: "nearzone", path: "../../..")],
  targets: [
    .target(
      name: "NearZoneExample", dependencies: [.product(name: "NearZone", package: "nearzone")]),
    .target(name: "NearZoneHTTP", dependencies: [.product(name: "NearZone", package: "nearzone")]),
  ],
  swiftLanguageModes: [.v6]
)
