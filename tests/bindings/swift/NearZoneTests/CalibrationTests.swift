import Foundation
import NearZone
import NearZoneTesting
import Testing

/// What is known of phone models, and what a phone says of it on the air.
@Suite struct CalibrationTests {
  private let folder = Folder()
  /// Four phones, as version 1 of the format was written first.
  private let table: Data

  init() throws {
    table = try Data(
      contentsOf: Repository.root.appendingPathComponent("tests/proximity/golden/calibration.v1"))
  }

  private func check(
    _ found: Calibration, _ correction: Int, _ power: Int, _ confidence: Int,
    _ source: CalibrationSource
  ) {
    #expect(found.rssiCorrectionDB == correction)
    #expect(found.transmitPowerDBm == power)
    #expect(found.confidence == confidence)
    #expect(found.source == source)
  }

  @Test func saysHowWellAPhoneIsKnown() throws {
    let exact = try Calibration(in: table, maker: "SAMSUNG", device: "alpha", model: "SM-A")
    check(exact, -3, -31, 3, .exactModel)
    check(try Calibration(in: table, maker: "", device: "beta"), 5, -24, 2, .similarModel)
    check(try Calibration(in: table, maker: "Samsung", model: "SM-N"), 1, -25, 1, .maker)
    check(try Calibration(in: table, maker: ""), 3, -24, 0, .fleet)
  }

  @Test func refusesWhatIsNoTable() async throws {
    await expectFailure(.corrupt, field: "magic") { try Calibration(in: Data(), maker: "") }
    var damaged = table
    damaged[20] ^= 1
    await expectFailure(.corrupt, field: "checksum") { try Calibration(in: damaged, maker: "") }
    var newer = table
    newer[8] = 2
    await expectFailure(.newerFormat, field: "version") { try Calibration(in: newer, maker: "") }
  }

  private func air(_ name: String, _ change: (inout Device.Configuration) -> Void) async throws
    -> Advertisement
  {
    var configuration = Phones.configuration
    change(&configuration)
    let phone = try await SimulatedDevice(
      at: folder.url(name), configuration: configuration, time: Phones.noon, seed: 7)
    return try await phone.device.advertisement()
  }

  /// Phones of one seed send the same but for what they state, under the same key stream.
  @Test func isStatedOnTheAir() async throws {
    let known = try Calibration(in: table, maker: "samsung", device: "alpha", model: "SM-A")
    let unknown = try await air("unknown") { $0.transmitPowerDBm = -30 }
    let stated = try await air("known") { $0.calibrate(by: known) }
    #expect(unknown.identifier == stated.identifier)
    let difference = zip(unknown.metadata, stated.metadata).map { $0 ^ $1 }
    #expect(difference == [3 << 2, UInt8(bitPattern: -30) ^ UInt8(bitPattern: -31), 0, 0])
  }

  @Test func isRefusedWhereItCannotBe() async throws {
    await expectFailure(.invalidArgument, field: "calibration_confidence") {
      try await air("phone") { $0.calibrationConfidence = 4 }
    }
  }
}
