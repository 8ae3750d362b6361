import Foundation
import NearZone
import NearZoneTesting
import XCTest

/// 2 * 10^5 calls take no more memory than the first did. XCTest runs it with nothing beside it.
final class GrowthTests: XCTestCase {
  private static let calls = 200_000
  // Of 13,600 calls of each kind: 160 bytes a call would be more.
  private static let mostGrowth = 2 << 20

  func testManyCallsDoNotGrow() async throws {
    let folder = Folder()
    let phone = try await Phones.phone(in: folder, "phone", seed: 1)
    let device = phone.device
    let empty = Data(#"{"data":[]}"#.utf8)
    let key = try PublishedKey(
      .gaen, bytes: Data(count: 16), validFrom: Phones.day.start,
      validTo: Phones.day.start.addingTimeInterval(86_400), identifiersPerDay: 144)
    let calls: [() async throws -> Void] = [
      { _ = try await device.counter },
      { _ = try await device.advertisement() },
      { _ = try await device.exposures() },
      { _ = try? PublicKeys([Data([1, 2, 3])]) },
      { _ = try await KeyList(empty).info },
      { for try await _ in try await KeyList(empty).keys {} },
      { _ = try key.broadcasts() },
      { _ = try Sighting(.gaen, identifier: key.bytes, at: Phones.noon, rssi: -60).identifier },
      { _ = RootSecret().bytes },
      { _ = try? await KeyList(contentsOf: folder.url("none")) },
      { try await Task.detached { try await device.record([]) }.value },
    ]
    var before = 0
    for i in 0..<Self.calls {
      if i == Self.calls / 4 { before = try residentBytes() }
      try await calls[i % calls.count]()
    }
    let grown = try residentBytes() - before
    XCTAssertLessThan(grown, Self.mostGrowth)
  }

  private func residentBytes() throws -> Int {
    let statm = try String(contentsOfFile: "/proc/self/statm", encoding: .ascii)
    let pages = try XCTUnwrap(Int(statm.split(separator: " ")[1]))
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
