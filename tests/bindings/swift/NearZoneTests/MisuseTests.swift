import Foundation
import NearZone
import NearZoneTesting
import Testing

/// Every failure is a `NearZoneError` that says what is wrong; nothing traps.
@Suite struct MisuseTests {
  private let folder = Folder()

  private func open(_ change: (inout Device.Configuration) -> Void) async throws -> Device {
    var configuration = Device.Configuration()
    change(&configuration)
    return try await Device(
      at: folder.url("phone"), rootSecret: RootSecret(), configuration: configuration)
  }

  @Test func namesTheOptionThatIsWrong() async throws {
    await expectFailure(.invalidArgument, field: "retention_days") {
      try await open { $0.retentionDays = 31 }
    }
    await expectFailure(.invalidArgument, field: "retention_days") {
      try await open { $0.retentionDays = .max }
    }
    await expectFailure(.invalidArgument, field: "transmit_power_dbm") {
      try await open { $0.transmitPowerDBm = -129 }
    }
    await expectFailure(.invalidArgument) { try await open { $0.byteBudget = 1 } }
  }

  @Test func refusesAnAirIdentityUnderWhichNothingCanBeSent() async throws {
    let service = try BluetoothUUID("fff0")
    await expectFailure(.invalidArgument, field: "characteristic") {
      try AirIdentity(of: .tcn, carriedBy: .gattOnly, service: service)
    }
    for company in [0, 0x4c, 65536, -1] {
      await expectFailure(.invalidArgument, field: "company") {
        try AirIdentity(
          of: .bluezone, carriedBy: .manufacturerData, service: service, company: company)
      }
    }
    await expectFailure(.invalidArgument, field: "metadata_size") {
      try AirIdentity(of: .tcn, carriedBy: .serviceData, service: service, metadata: true)
    }
    await expectFailure(.invalidArgument, field: "overflow_bit") {
      try AirIdentity(of: .gaen, carriedBy: .serviceData, service: service, overflowBit: .max)
    }
    let air = try AirIdentity(of: .gaen, carriedBy: .serviceData, service: service)
    #expect(air.iosService == service)
    #expect(air.characteristic == nil)
  }

  @Test func refusesAPlanThatCannotBeFollowed() async throws {
    let plan = try Plan(of: .gaen, on: .android)
    await expectFailure(.invalidArgument, field: "advertise") {
      try plan.withAdvertising(in: .foreground, on: .zero, pause: .zero ... .zero)
    }
    await expectFailure(.invalidArgument, field: "scan") {
      try plan.withScanning(in: .background, on: .seconds(4), pause: .zero ... .seconds(86_401))
    }
    await expectFailure(.invalidArgument, field: "rotation") { try plan.withSlots(of: .zero) }
    await expectFailure(.invalidArgument, field: "critical_percent") {
      try plan.withBattery(low: 10, critical: 11)
    }
    let half = try plan.withScanning(
      in: .background, on: .seconds(1), pause: .seconds(1) ... .seconds(1))
    #expect(try half.secondsADay(in: .background).scanning == 43200)
  }

  @Test func opensOnlyFolders() async throws {
    let secret = RootSecret()
    await expectFailure(.invalidArgument, field: "folder") {
      try await Device(at: #require(URL(string: "https://example.org")), rootSecret: secret)
    }
    let error = await expectFailure(.io) {
      try await Device(at: folder.url("no/such/parent"), rootSecret: secret)
    }
    #expect(error?.message.contains("such") == false)
  }

  @Test func recordsAllOrNothing() async throws {
    let phone = try await Phones.phone(in: folder, "phone", seed: 1)
    let time = Date(timeIntervalSince1970: .nan)
    let good = Scan(start: Phones.noon)
    await expectFailure(.invalidArgument, field: "start") {
      try await phone.device.record([good, Scan(start: time)])
    }
    await expectFailure(.invalidArgument, field: "previousStart") {
      try await phone.device.record([good, Scan(start: Phones.noon, previousStart: time)])
    }
    #expect(try await phone.device.statistics().scans == 0)
    try await phone.device.record([])
  }

  @Test func recordsThoughTheTaskIsCancelled() async throws {
    let phone = try await Phones.phone(in: folder, "phone", seed: 1)
    try await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await phone.device.record(Scan(start: Phones.noon))
    }.value
    #expect(try await phone.device.statistics().scans == 1)
  }

  @Test func refusesDaysThatCannotBeGivenAway() async throws {
    let phone = try await Phones.phone(in: folder, "phone", seed: 1)
    for days in [0, 15, -1, Int.max, Int.min] {
      await expectFailure(.invalidArgument) {
        try await phone.device.disclose(PersonConsents(), days: days)
      }
    }
  }

  @Test func refusesKeysThatNoHonestListHolds() async throws {
    let day = Phones.day.start
    func key(_ perDay: Int, days: Double, onset: Int? = nil, risk: Int = 0) throws -> PublishedKey {
      try PublishedKey(
        .bluezone, bytes: Data(count: 32), validFrom: day,
        validTo: day.addingTimeInterval(days * 86_400), identifiersPerDay: perDay,
        daysSinceOnset: onset, transmissionRiskLevel: risk)
    }
    #expect(try key(96, days: 1).broadcasts().count > 0)
    await expectFailure(.invalidArgument) { try key(1_000_000, days: 1).broadcasts() }
    await expectFailure(.limitExceeded) { try key(96, days: 10_000).broadcasts() }
    await expectFailure(.invalidArgument) { try key(96, days: -1).broadcasts() }
    await expectFailure(.invalidArgument, field: "days_since_onset") {
      try key(96, days: 1, onset: 15).broadcasts()
    }
    await expectFailure(.invalidArgument, field: "transmission_risk_level") {
      try key(96, days: 1, risk: .max).broadcasts()
    }
    await expectFailure(.invalidArgument, field: "identifiersPerDay") { try key(-1, days: 1) }
    await expectFailure(.invalidArgument, field: "bytes") {
      try PublishedKey(
        .gaen, bytes: Data(count: 32), validFrom: day, validTo: day, identifiersPerDay: 144)
    }
  }

  @Test func setsNoRealClock() async throws {
    let device = try await open { _ in }
    await expectFailure(.unsupported) { try await device.setSimulatedTime(Phones.noon) }
  }

  @Test func leavesNoHalfExport() async throws {
    let phones = try await Phones()
    try await phones.meet(minutes: 10)
    let url = phones.folder.url("export")
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await phones.well.device.export(.csv, to: url)
    }
    await expectFailure(.cancelled) { try await task.value }
    #expect(!FileManager.default.fileExists(atPath: url.path))
    await #expect(throws: (any Error).self) {
      try await phones.well.device.export(.csv, to: phones.folder.url("no/such/folder"))
    }
  }

  @Test func tellsOfAFileThatTakesNoMore() async throws {
    guard let full = FileHandle(forWritingAtPath: "/dev/full") else { return }
    let phones = try await Phones()
    try await phones.meet(minutes: 10)
    await #expect(throws: (any Error).self) {
      try await phones.well.device.export(.csv, to: full)
    }
  }

  @Test func worksFromManyTasksAtOnce() async throws {
    let phones = try await Phones()
    let device = phones.well.device
    try await withThrowingTaskGroup(of: Void.self) { group in
      for i in 0..<40 {
        group.addTask {
          switch i % 4 {
          case 0: try await device.record(Scan(start: Phones.noon.addingTimeInterval(Double(i))))
          case 1: _ = try await device.advertisement()
          case 2: _ = try await device.days()
          default: for try await _ in device.export(.csv) {}
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await device.statistics().scans == 10)
  }
}
