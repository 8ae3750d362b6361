internal import CNearZone
import Foundation

/// One record of a published list.
public struct PublishedKey: Sendable {
  // As the C interface has it, so that many of them are passed on as they are.
  let raw: nz_published_key
  /// Of TCN, the signed report of a key that is given away; of others, and in lists, empty.
  public let report: Data

  init(raw: nz_published_key, report: Data = Data()) {
    self.raw = raw
    self.report = report
  }

  /// - Parameters:
  ///   - scheme: What its identifiers are made with.
  ///   - bytes: `scheme.keySize` bytes.
  ///   - validFrom: Of Bluezone, the record's time_start. Kept to the millisecond.
  ///   - validTo: When it ends to be valid, exclusive. Kept to the millisecond.
  ///   - identifiersPerDay: As its list says; of Exposure Notification 144.
  ///   - reportType: How the infection is known.
  ///   - daysSinceOnset: -14 to 14, or nil where it is not known.
  ///   - transmissionRiskLevel: 0 to 8; 0 where the list does not say.
  ///   - releasedAt: Of DP-3T, from when on anybody may know it. Kept to the millisecond.
  /// - Throws: `invalidArgument` where a length, a time or a number cannot be.
  public init(
    _ scheme: Scheme, bytes: Data, validFrom: Date, validTo: Date,
    identifiersPerDay: Int, reportType: ReportType = .unknown, daysSinceOnset: Int? = nil,
    transmissionRiskLevel: Int = 0, releasedAt: Date? = nil
  ) throws(NearZoneError) {
    var raw = nz_published_key()
    guard bytes.count == scheme.keySize, copyBytes(bytes, to: &raw.bytes) else {
      throw NearZoneError(.invalidArgument, "not the length of the scheme's", field: "bytes")
    }
    guard let perDay = UInt32(exactly: identifiersPerDay) else {
      throw NearZoneError(.invalidArgument, "out of range", field: "identifiersPerDay")
    }
    raw.valid_from_ms = try validFrom.milliseconds("validFrom")
    raw.valid_to_ms = try validTo.milliseconds("validTo")
    if let releasedAt { raw.released_at_ms = try releasedAt.milliseconds("releasedAt") }
    raw.scheme = scheme.rawValue
    raw.identifiers_per_day = perDay
    raw.report_type = reportType.rawValue
    // What is out of range stays so, and is refused where the key is used.
    raw.days_since_onset = daysSinceOnset.map(Int32.init(clamping:)) ?? nz_swift_unknown()
    raw.transmission_risk_level = Int32(clamping: transmissionRiskLevel)
    self.init(raw: raw)
  }

  /// What its identifiers are made with.
  public var scheme: Scheme { Scheme(rawValue: raw.scheme) ?? .gaen }
  /// `scheme.keySize` bytes.
  public var bytes: Data { Data(first: scheme.keySize, of: raw.bytes) }
  /// Of Bluezone, the record's time_start.
  public var validFrom: Date { Date(milliseconds: raw.valid_from_ms) }
  /// When it ends to be valid, exclusive.
  public var validTo: Date { Date(milliseconds: raw.valid_to_ms) }
  /// Of DP-3T and TCN, from when on anybody may know it; nil where the list does not say.
  public var releasedAt: Date? {
    raw.released_at_ms == 0 ? nil : Date(milliseconds: raw.released_at_ms)
  }
  /// How many identifiers it stands for a day.
  public var identifiersPerDay: Int { Int(raw.identifiers_per_day) }
  /// How the infection is known.
  public var reportType: ReportType { ReportType(rawValue: raw.report_type) ?? .unknown }
  /// -14 to 14, or nil where it is not known.
  public var daysSinceOnset: Int? { Int?(known: raw.days_since_onset) }
  /// 0 to 8; 0 where the list does not say.
  public var transmissionRiskLevel: Int { Int(raw.transmission_risk_level) }
  /// Whether it is a later statement about a key published before.
  public var isRevised: Bool { raw.revised != 0 }
  /// Its zero-based position in its list, refused records counted.
  public var record: UInt64 { raw.record }

  /// The identifiers that it stands for, in order of their derivation, which is that of time; of
  /// DP-3T, whose senders keep the order to themselves, each with its whole day or window.
  ///
  /// - Throws: `invalidArgument` or `limitExceeded` on a key that no honest list holds.
  public func broadcasts() throws(NearZoneError) -> [Broadcast] {
    if !report.isEmpty { return try Self.broadcasts(ofReport: report) }
    try Library.check()
    let size = scheme.identifierSize
    return try withUnsafePointer(to: raw) { key throws(NearZoneError) in
      try readAll(capacity: 144) { nz_derive_identifiers(key, $0, $1, $2, $3) }
    }.map { Broadcast($0, size: size) }
  }

  /// The numbers that a signed report of TCN reveals. They are bound to no time: each is on the air
  /// from the first time that can be told to the last.
  ///
  /// - Throws: `invalidArgument` or `limitExceeded` on a report that no honest list holds,
  ///   `signatureRefused` where its own key did not sign it.
  public static func broadcasts(ofReport report: Data) throws(NearZoneError) -> [Broadcast] {
    try Library.check()
    let bytes = [UInt8](report)
    return try readAll(capacity: 96) {
      nz_derive_report_identifiers(bytes, bytes.count, $0, $1, $2, $3)
    }.map { Broadcast($0, size: Scheme.tcn.identifierSize) }
  }
}

extension PublishedKey: Equatable {
  public static func == (left: PublishedKey, right: PublishedKey) -> Bool {
    sameBytes(left.raw, right.raw) && left.report == right.report
  }
}

extension PublishedKey: Discreet {
  /// Without the key.
  public var description: String {
    "PublishedKey(\(scheme), \(validFrom) to \(validTo), \(reportType))"
  }
}

/// An identifier, and when it is on the air.
public struct Broadcast: Equatable, Sendable {
  /// When its time begins.
  public let start: Date
  /// When its time ends, exclusive.
  public let end: Date
  /// As its scheme has it.
  public let identifier: Data

  init(_ raw: nz_broadcast, size: Int) {
    start = Date(milliseconds: raw.start_ms)
    end = Date(milliseconds: raw.end_ms)
    identifier = Data(first: size, of: raw.identifier)
  }
}

extension Broadcast: Discreet {
  /// Without the identifier.
  public var description: String { "Broadcast(\(start) to \(end))" }
}
