internal import CNearZone

/// One key's worth of nearness on one UTC day. It holds no identifier and no key.
public struct Exposure: Hashable, Sendable {
  /// When it was.
  public let day: Day
  /// How long the key was heard, near or not.
  public let duration: Duration
  /// The least attenuation heard, in dB, where it is known.
  public let minimumAttenuationDB: Int?
  /// How the infection is known.
  public let reportType: ReportType
  /// Whether somebody was within two metres for a quarter of an hour.
  public let band: ExposureBand
  /// The time within two metres that is expected, in whole tenths of a minute. A statement about
  /// many cases like this one: see docs/proximity.md.
  public let near: Duration
  /// The lower end of what encloses eight cases of ten.
  public let nearLow: Duration
  /// The upper end of what encloses eight cases of ten.
  public let nearHigh: Duration
  /// The time within two metres, weighted by how infectious that day was. It adds up over
  /// exposures.
  public let dose: Duration

  init(_ raw: nz_exposure) {
    day = Day(number: raw.day)
    duration = .milliseconds(raw.duration_ms)
    minimumAttenuationDB = Int?(known: raw.minimum_attenuation_db)
    reportType = ReportType(rawValue: raw.report_type) ?? .unknown
    band = ExposureBand(rawValue: raw.band) ?? .unknown
    near = .milliseconds(raw.near_ms)
    nearLow = .milliseconds(raw.near_low_ms)
    nearHigh = .milliseconds(raw.near_high_ms)
    dose = .milliseconds(raw.dose_ms)
  }
}

/// Whether somebody was within two metres for a quarter of an hour.
public enum ExposureBand: Int32, Sendable, CaseIterable {
  /// Nothing was measured, or by an older version.
  case unknown = 0
  /// The time near, with its uncertainty, is shorter.
  case unlikely = 1
  /// It may have been so long, or shorter.
  case possible = 2
  /// The time near is as long, with its uncertainty.
  case likely = 3
}
