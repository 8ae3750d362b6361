internal import CNearZone

/// At most thirty minutes of one key, scan by scan, as Exposure Notification has them. It says
/// neither which key nor when on that day.
public struct ExposureWindow: Hashable, Sendable {
  /// What one scan heard of the key.
  public struct Scan: Hashable, Sendable {
    /// The mean attenuation, in dB.
    public let typicalAttenuationDB: Int
    /// The least attenuation, in dB.
    public let minimumAttenuationDB: Int
    /// Whole minutes since the scan before, five at most, perhaps none.
    public let sinceLastScan: Duration
  }

  /// Of its first sighting.
  public let day: Day
  /// How the infection is known.
  public let reportType: ReportType
  /// How infectious the key's owner is taken to have been.
  public let infectiousness: Infectiousness
  /// 0 to 3, how well the sender's transmit power is known.
  public let calibrationConfidence: Int
  /// At least one, in the order of time.
  public private(set) var scans: [Scan] = []

  private init(_ raw: nz_window_scan) {
    day = Day(number: raw.day)
    reportType = ReportType(rawValue: raw.report_type) ?? .unknown
    infectiousness = Infectiousness(rawValue: raw.infectiousness) ?? .none
    calibrationConfidence = Int(raw.calibration_confidence)
  }

  /// Rows of the same window follow each other, with what is said of it.
  static func windows(of rows: [nz_window_scan]) -> [ExposureWindow] {
    var windows: [ExposureWindow] = []
    var last: Int32?
    for row in rows {
      if row.window != last { windows.append(ExposureWindow(row)) }
      last = row.window
      windows[windows.count - 1].scans.append(
        Scan(
          typicalAttenuationDB: Int(row.typical_attenuation_db),
          minimumAttenuationDB: Int(row.minimum_attenuation_db),
          sinceLastScan: .milliseconds(row.since_last_scan_ms)))
    }
    return windows
  }

  static func rows(of windows: [ExposureWindow]) -> [nz_window_scan] {
    windows.enumerated().flatMap { number, window in
      window.scans.map { scan in
        nz_window_scan(
          window: Int32(number), day: window.day.number, report_type: window.reportType.rawValue,
          infectiousness: window.infectiousness.rawValue,
          calibration_confidence: Int32(window.calibrationConfidence),
          typical_attenuation_db: Int32(scan.typicalAttenuationDB),
          minimum_attenuation_db: Int32(scan.minimumAttenuationDB),
          since_last_scan_ms: Int32(scan.sinceLastScan.wholeMilliseconds))
      }
    }
  }
}

/// How infectious a key's owner is taken to have been on a day, as Exposure Notification has it.
public enum Infectiousness: Int32, Sendable, CaseIterable {
  /// Not at all.
  case none = 0
  /// In the standard way.
  case standard = 1
  /// More than that.
  case high = 2
}

/// What lists say of a key, and what exposure windows take it to mean. By default every key that is
/// not revoked is infectious in the standard way.
public struct DiagnosisKeyMapping: Equatable, Sendable {
  /// How an infection is known of which the list does not say it; not `unknown`.
  public var reportTypeWhenMissing: ReportType
  /// How infectious somebody was of whose onset the list says nothing, or that lies further away
  /// than the days below.
  public var whenOnsetUnknown: Infectiousness
  /// How infectious somebody was so many days after onset, from -14 to 14.
  public var byDaysSinceOnset: [Int: Infectiousness]

  /// The defaults.
  public init() {
    var raw = nz_diagnosis_key_mapping.sized
    nz_diagnosis_key_mapping_init(&raw)
    reportTypeWhenMissing = ReportType(rawValue: raw.report_type_when_missing) ?? .unknown
    whenOnsetUnknown = Infectiousness(rawValue: raw.when_onset_unknown) ?? Infectiousness.none
    let days = withUnsafeBytes(of: raw.by_days_since_onset) { [UInt8]($0) }
    byDaysSinceOnset = [:]
    for (day, number) in zip(Self.days, days) {
      byDaysSinceOnset[day] = Infectiousness(rawValue: Int32(number)) ?? Infectiousness.none
    }
  }

  private static let days = -14...14

  /// Days that are not told are as those that are not known.
  func raw() throws(NearZoneError) -> nz_diagnosis_key_mapping {
    guard byDaysSinceOnset.keys.allSatisfy(Self.days.contains) else {
      throw NearZoneError(.invalidArgument, "not a day from -14 to 14", field: "byDaysSinceOnset")
    }
    var raw = nz_diagnosis_key_mapping.sized
    raw.report_type_when_missing = reportTypeWhenMissing.rawValue
    raw.when_onset_unknown = whenOnsetUnknown.rawValue
    withUnsafeMutableBytes(of: &raw.by_days_since_onset) { bytes in
      for (place, day) in Self.days.enumerated() {
        bytes[place] = UInt8((byDaysSinceOnset[day] ?? whenOnsetUnknown).rawValue)
      }
    }
    return raw
  }
}
