import Foundation
import NearZone
import NearZoneTesting

/// Two phones that are near each other, in a folder of their own that goes with them.
final class Phones: Sendable {
  static let day = Day(number: 18_500)
  static let noon = day.start.addingTimeInterval(12 * 3600)
  static let minute = Duration.seconds(60)

  let folder = Folder()
  let ill: SimulatedDevice
  let well: SimulatedDevice

  init() async throws {
    ill = try await Self.phone(in: folder, "ill", seed: 1)
    well = try await Self.phone(in: folder, "well", seed: 2)
  }

  static var configuration: Device.Configuration {
    var configuration = Device.Configuration()
    configuration.durability = .lastMoments
    return configuration
  }

  static func phone(in folder: Folder, _ name: String, seed: UInt64) async throws
    -> SimulatedDevice
  {
    try await SimulatedDevice(
      at: folder.url(name), configuration: configuration, time: noon, seed: seed)
  }

  func meet(minutes: Int) async throws {
    for _ in 0..<minutes / 5 {
      try await well.hear(ill, rssi: -60)
      try await ill.advance(by: Self.minute * 5)
      try await well.advance(by: Self.minute * 5)
    }
  }

  /// The keys of the ill person's days, given away a day later.
  func disclose() async throws -> [PublishedKey] {
    let tomorrow = Self.noon.addingTimeInterval(86_400)
    try await ill.setTime(tomorrow)
    try await well.setTime(tomorrow)
    return try await ill.device.disclose(PersonConsents(), days: 2).takeKeys()
  }
}

/// A folder that is removed in the end.
final class Folder: Sendable {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("nearzone-" + UUID().uuidString)

  init() {
    try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  func url(_ name: String) -> URL { url.appendingPathComponent(name) }
}

/// Files that are kept with the tests of other parts.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../../..").standardizedFileURL
  static let header = root.appendingPathComponent("bindings/c/include/nearzone.h")

  static func fixture(_ name: String) -> URL {
    root.appendingPathComponent("tests/lists/fixtures/" + name)
  }

  static func publicKeys(_ names: String...) throws -> PublicKeys {
    try PublicKeys(names.map { try Data(contentsOf: fixture($0)) })
  }
}
