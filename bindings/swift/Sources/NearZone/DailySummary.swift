internal import CNearZone

/// What a day's exposure windows amount to, in seconds that are weighted by attenuation, report type
/// and infectiousness, as Exposure Notification has it. With weights of 1 a quarter of an hour
/// scores 900.
public struct DailySummary: Hashable, Sendable {
  /// Weighted seconds.
  public struct Scores: Hashable, Sendable {
    /// Of one window; of a day's total: of one report type's windows.
    public let maximum: Double
    /// Of all windows together.
    public let sum: Double
    /// Weighted by attenuation alone.
    public let weightedDuration: Double

    init(_ raw: nz_daily_summary) {
      maximum = raw.maximum_score
      sum = raw.score_sum
      weightedDuration = raw.weighted_duration_sum
    }
  }

  /// When it was.
  public let day: Day
  /// Of all windows.
  public let total: Scores
  /// Of the windows of each report type that anything counted of.
  public private(set) var byReportType: [ReportType: Scores] = [:]

  /// Sums windows up by the day, ascending; days that no window is left of are not there.
  ///
  /// - Parameters:
  ///   - windows: As ``Device/exposureWindows(_:)`` gave them.
  ///   - options: What counts.
  ///   - today: The day that the options' threshold counts from.
  /// - Throws: `invalidArgument` where the options cannot be.
  public static func summaries(
    of windows: [ExposureWindow], options: Options = Options(), today: Day
  ) throws(NearZoneError) -> [DailySummary] {
    try Library.check()
    let scans = ExposureWindow.rows(of: windows)
    let raw = try options.raw()
    let rows = try withUnsafePointer(to: raw) { options throws(NearZoneError) in
      try readAll { nz_daily_summaries(scans, scans.count, options, today.number, $0, $1, $2, $3) }
    }
    var summaries: [DailySummary] = []
    for row in rows {
      if let type = Int?(known: row.report_type) {
        let known = ReportType(rawValue: Int32(type)) ?? .unknown
        summaries[summaries.count - 1].byReportType[known] = Scores(row)
      } else {
        summaries.append(DailySummary(day: Day(number: row.day), total: Scores(row)))
      }
    }
    return summaries
  }

  /// What counts how much. Weights are 0 to 2.5.
  public struct Options: Equatable, Sendable {
    /// Days that lie further back are dropped; 0 keeps all.
    public var daysSinceExposureThreshold: Int
    /// Up to which attenuations a scan is immediate, near and medium: three, ascending, within 0 to
    /// 255 dB.
    public var attenuationThresholdsDB: [Int]
    /// What time counts that was immediate, near, medium and beyond: four.
    public var attenuationWeights: [Double]
    /// What an infection counts that is known in a certain way; nothing where it is not told.
    public var reportTypeWeights: [ReportType: Double]
    /// What an infection counts by how infectious somebody was; nothing where it is not told.
    public var infectiousnessWeights: [Infectiousness: Double]
    /// Windows that score less are dropped; 0 or more.
    public var minimumWindowScore: Double

    /// The defaults.
    public init() {
      var raw = nz_daily_summary_config.sized
      nz_daily_summary_config_init(&raw)
      daysSinceExposureThreshold = Int(raw.days_since_exposure_threshold)
      let thresholds = raw.attenuation_thresholds_db
      attenuationThresholdsDB = [Int(thresholds.0), Int(thresholds.1), Int(thresholds.2)]
      attenuationWeights = withUnsafeBytes(of: raw.attenuation_weights) {
        [Double]($0.bindMemory(to: Double.self))
      }
      reportTypeWeights = Self.byType(of: raw.report_type_weights)
      infectiousnessWeights = Self.byType(of: raw.infectiousness_weights)
      minimumWindowScore = raw.minimum_window_score
    }

    func raw() throws(NearZoneError) -> nz_daily_summary_config {
      var raw = nz_daily_summary_config.sized
      raw.days_since_exposure_threshold = Int32(clamping: daysSinceExposureThreshold)
      guard attenuationThresholdsDB.count == 3 else {
        throw NearZoneError(.invalidArgument, "not three", field: "attenuationThresholdsDB")
      }
      guard attenuationWeights.count == 4 else {
        throw NearZoneError(.invalidArgument, "not four", field: "attenuationWeights")
      }
      let thresholds = attenuationThresholdsDB.map(Int32.init(clamping:))
      Self.copy(thresholds, to: &raw.attenuation_thresholds_db)
      Self.copy(attenuationWeights, to: &raw.attenuation_weights)
      Self.copy(Self.inOrder(reportTypeWeights), to: &raw.report_type_weights)
      Self.copy(Self.inOrder(infectiousnessWeights), to: &raw.infectiousness_weights)
      raw.minimum_window_score = minimumWindowScore
      return raw
    }

    private static func byType<Type, Weights>(of weights: Weights) -> [Type: Double]
    where Type: CaseIterable & Hashable & RawRepresentable, Type.RawValue == Int32 {
      withUnsafeBytes(of: weights) { bytes in
        let numbers = bytes.bindMemory(to: Double.self)
        return Dictionary(
          uniqueKeysWithValues: Type.allCases.map { ($0, numbers[Int($0.rawValue)]) })
      }
    }

    private static func inOrder<Type>(_ weights: [Type: Double]) -> [Double]
    where Type: CaseIterable & Hashable & RawRepresentable, Type.RawValue == Int32 {
      Type.allCases.sorted { $0.rawValue < $1.rawValue }.map { weights[$0] ?? 0 }
    }

    /// As many as the array has.
    private static func copy<Number, Numbers>(_ numbers: [Number], to array: inout Numbers) {
      withUnsafeMutableBytes(of: &array) { room in
        numbers.withUnsafeBytes { room.copyMemory(from: $0) }
      }
    }
  }
}
