import NearZone
import NearZoneTesting
import Testing

/// Exposure windows, and what they amount to by the day.
@Suite struct WindowTests {
  private let phones: Phones
  private let windows: [ExposureWindow]
  private let seconds: Double

  init() async throws {
    phones = try await Phones()
    try await phones.meet(minutes: 60)
    let list = try await KeyList(Export.of(phones.disclose()))
    var options = Match.Options()
    options.acceptUnverifiedLists = true
    _ = try await phones.well.device.match(list, verifiedBy: nil, options: options).finish()
    windows = try await phones.well.device.exposureWindows()
    seconds = windows.flatMap(\.scans).reduce(0) { $0 + Double($1.sinceLastScan / .seconds(1)) }
  }

  @Test func sayWhatWasHeardScanByScan() async throws {
    #expect(windows.count == 2)
    for window in windows {
      #expect(window.day == Phones.day)
      #expect(window.infectiousness == .standard)
      #expect(window.scans.count == 6)
      #expect(window.scans.allSatisfy { $0.typicalAttenuationDB >= $0.minimumAttenuationDB })
    }
    // In another order, perhaps, and else the same.
    #expect(Set(try await phones.well.device.exposureWindows()) == Set(windows))
  }

  @Test func meanWhatTheMappingSays() async throws {
    let device = phones.well.device
    var mapping = DiagnosisKeyMapping()
    #expect(mapping.byDaysSinceOnset.count == 29)
    mapping.whenOnsetUnknown = .none
    mapping.byDaysSinceOnset = [:]
    #expect(try await device.exposureWindows(mapping) == [])
    mapping.whenOnsetUnknown = .high
    #expect(try await device.exposureWindows(mapping).allSatisfy { $0.infectiousness == .high })
    mapping.reportTypeWhenMissing = .unknown
    await expectFailure(.invalidArgument) { try await device.exposureWindows(mapping) }
    mapping = DiagnosisKeyMapping()
    mapping.byDaysSinceOnset[15] = .high
    await expectFailure(.invalidArgument) { try await device.exposureWindows(mapping) }
  }

  @Test func addUpByTheDay() async throws {
    #expect(seconds > 0)
    let day = try #require(try DailySummary.summaries(of: windows, today: Phones.day).first)
    #expect(day.day == Phones.day)
    #expect(day.total.sum == seconds)
    #expect(day.total.maximum < seconds)
    #expect(day.byReportType.count == 1)
    #expect(day.byReportType.values.first?.sum == seconds)

    var options = DailySummary.Options()
    options.attenuationThresholdsDB = [0, 1, 255]
    options.attenuationWeights = [0, 0, 0.5, 0]
    options.infectiousnessWeights = [.standard: 0.25]
    let weighted = try DailySummary.summaries(of: windows, options: options, today: Phones.day)
    #expect(weighted.first?.total.weightedDuration == seconds / 2)
    #expect(weighted.first?.total.sum == seconds / 8)
    options.minimumWindowScore = 1e6
    #expect(try DailySummary.summaries(of: windows, options: options, today: Phones.day) == [])
  }

  @Test func areRefusedByOptionsThatCannotBe() async throws {
    var options = DailySummary.Options()
    options.attenuationThresholdsDB = [50, 55]
    await expectFailure(.invalidArgument) { [options] in
      try DailySummary.summaries(of: windows, options: options, today: Phones.day)
    }
    options = DailySummary.Options()
    options.attenuationWeights[3] = .nan
    await expectFailure(.invalidArgument) { [options] in
      try DailySummary.summaries(of: windows, options: options, today: Phones.day)
    }
  }
}
