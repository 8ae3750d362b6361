import Foundation
import NearZone
import Testing

@testable import NearZone

@Suite struct ValueTests {
  @Test func givesTimesBackToTheMillisecond() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<100_000 {
      let milliseconds = Int64.random(in: -62_135_596_800_000...253_402_300_799_999, using: &random)
      #expect(try Date(milliseconds: milliseconds).milliseconds("time") == milliseconds)
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300])
  func refusesTimesThatCannotBe(seconds: Double) async throws {
    let time = Date(timeIntervalSince1970: seconds)
    await expectFailure(.invalidArgument, field: "time") {
      try Sighting(.gaen, identifier: Data(count: 16), at: time, rssi: -60)
    }
    await expectFailure(.invalidArgument, field: "validTo") {
      try PublishedKey(
        .gaen, bytes: Data(count: 16), validFrom: Phones.noon, validTo: time, identifiersPerDay: 144
      )
    }
  }

  @Test func roundsDurations() {
    #expect(Duration.milliseconds(1500).wholeMilliseconds == 1500)
    #expect(Duration.microseconds(1999).wholeMilliseconds == 1)
    #expect(Duration.seconds(Int64.max).wholeMilliseconds == .max)
    #expect(Duration.seconds(Int64.min).wholeMilliseconds == .min)
  }

  @Test func countsDays() {
    #expect(Day(containing: Date(timeIntervalSince1970: 0)) == Day(number: 0))
    #expect(Day(containing: Date(timeIntervalSince1970: -1)) == Day(number: -1))
    #expect(Day(containing: Day(number: 18_500).start) == Day(number: 18_500))
    #expect(Day(number: 18_500).description == "2020-08-26")
    #expect(Day(containing: .init(timeIntervalSince1970: .infinity)).number == .max)
    #expect(Day(number: 1) < Day(number: 2))
  }

  @Test func givesASightingBackAsItWasMade() throws {
    let identifier = Data(1...16)
    let metadata = Data(7...10)
    let time = Date(timeIntervalSince1970: 1_600_000_000.123)
    let sighting = try Sighting(
      .gaen, identifier: identifier, at: time, rssi: -128, heardBy: .gatt, metadata: metadata)
    #expect(sighting.scheme == .gaen)
    #expect(sighting.identifier == identifier)
    #expect(sighting.rssi == -128)
    #expect(sighting.heardBy == .gatt)
    #expect(sighting.metadata == metadata)
    #expect(abs(sighting.time.timeIntervalSince(time)) < 0.000_001)
    #expect(
      try sighting
        == Sighting(
          .gaen, identifier: identifier, at: time, rssi: -128, heardBy: .gatt,
          metadata: metadata))
    let unknown = try Sighting(.bluezone, identifier: Data(count: 12), at: time, rssi: nil)
    #expect(unknown.rssi == nil)
    #expect(unknown.metadata.isEmpty)
    #expect(unknown != sighting)
  }

  @Test(arguments: Scheme.allCases)
  func givesASightingOfEverySchemeBack(scheme: Scheme) throws {
    let identifier = Data((0..<scheme.identifierSize).map { UInt8($0 + 1) })
    let sighting = try Sighting(scheme, identifier: identifier, at: Phones.noon, rssi: -60)
    #expect(sighting.scheme == scheme)
    #expect(sighting.identifier == identifier)
  }

  @Test func refusesSightingsOfWrongLength() async {
    for size in [0, 11, 13, 16, 1000] {
      await expectFailure(.invalidArgument, field: "identifier") {
        try Sighting(.bluezone, identifier: Data(count: size), at: Phones.noon, rssi: -60)
      }
    }
    for size in [2, 3, 5, 100] {
      await expectFailure(.invalidArgument, field: "metadata") {
        try Sighting(
          .gaen, identifier: Data(count: 16), at: Phones.noon, rssi: -60,
          metadata: Data(count: size))
      }
    }
    for rssi in [-129, 128, Int.max, Int.min] {
      await expectFailure(.invalidArgument, field: "rssi") {
        try Sighting(.gaen, identifier: Data(count: 16), at: Phones.noon, rssi: rssi)
      }
    }
  }

  @Test func givesAKeyBackAsItWasMade() throws {
    let key = try PublishedKey(
      .bluezone, bytes: Data(1...32), validFrom: Phones.noon,
      validTo: Phones.noon.addingTimeInterval(3600), identifiersPerDay: 96,
      reportType: .selfReport, daysSinceOnset: -3, transmissionRiskLevel: 8)
    #expect(key.scheme == .bluezone)
    #expect(key.bytes == Data(1...32))
    #expect(key.validFrom == Phones.noon)
    #expect(key.validTo == Phones.noon.addingTimeInterval(3600))
    #expect(key.identifiersPerDay == 96)
    #expect(key.reportType == .selfReport)
    #expect(key.daysSinceOnset == -3)
    #expect(key.transmissionRiskLevel == 8)
    #expect(!key.isRevised)
  }

  @Test func showsNoIdentifierAndNoKey() async throws {
    let bytes = Data(repeating: 0xab, count: 16)
    let key = try PublishedKey(
      .gaen, bytes: bytes, validFrom: Phones.day.start,
      validTo: Phones.day.start.addingTimeInterval(86_400), identifiersPerDay: 144)
    let sighting = try Sighting(
      .gaen, identifier: bytes, at: Phones.noon, rssi: -60, metadata: bytes.prefix(4))
    let air = try await Phones().ill.device.advertisement()
    let secret = try RootSecret(bytes + bytes)
    let broadcast = try #require(try key.broadcasts().first)
    for hidden in [key, sighting, air, secret, broadcast] as [Any] {
      var dumped = ""
      dump(hidden, to: &dumped)
      dump([hidden], to: &dumped)
      let shown = "\(hidden) \([hidden]) \(String(reflecting: hidden)) \(dumped)"
      let identifiers = [bytes, air.identifier, air.metadata, broadcast.identifier]
      for identifier in identifiers {
        let hex = identifier.map { String(format: "%02x", $0) }.joined()
        #expect(!shown.lowercased().contains(hex))
        #expect(!shown.contains(String(Array(identifier).description.dropFirst().dropLast())))
      }
      #expect(!shown.contains("171"))
      #expect(Mirror(reflecting: hidden).children.isEmpty)
    }
  }

  @Test func makesAnotherRootSecretEachTime() async throws {
    #expect(RootSecret().bytes != RootSecret().bytes)
    #expect(RootSecret().bytes.count == RootSecret.size)
    #expect(try RootSecret(Data(0..<32)).bytes == Data(0..<32))
    for size in [0, 31, 33] {
      await expectFailure(.invalidArgument, field: "rootSecret") {
        try RootSecret(Data(count: size))
      }
    }
  }

  @Test func knowsItsLibrary() throws {
    #expect(Library.version.split(separator: ".").count == 3)
    #expect(throws: Never.self) { try Library.check() }
  }

  @Test func refusesALibraryOfAnotherVersion() throws {
    for version in [0, 2, UInt32.max] as [UInt32] {
      let error = #expect(throws: NearZoneError.self) {
        try Library.verdict(on: version).get()
      }
      #expect(error?.code == .unsupported)
      #expect(error?.field == "nz_abi_version")
      #expect(error?.message.contains("version \(version) ") == true)
    }
  }
}
