internal import CNearZone

/// One key's worth of nearness on one UTC day. It holds no identifier and no key.
public struct Exposure: Hashable, Sendable {
  /// When it was.
  public let day: Day
  /// How long it lasted.
  public let duration: Duration
  /// The least attenuation heard, in dB, where it is known.
  public let minimumAttenuationDB: Int?
  /// How the infection is known.
  public let reportType: ReportType

  init(_ raw: nz_exposure) {
    day = Day(number: raw.day)
    duration = .milliseconds(raw.duration_ms)
    minimumAttenuationDB = Int?(known: raw.minimum_attenuation_db)
    reportType = ReportType(rawValue: raw.report_type) ?? .unknown
  }
}
