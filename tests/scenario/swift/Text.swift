import Foundation
import NearZone

// How a scenario writes what it tells, and how its results are printed: see ../README.md.

extension Data {
  /// Of hex; "-" is none.
  init(hex word: Substring) {
    self.init()
    if word == "-" { return }
    var rest = word
    while !rest.isEmpty {
      append(UInt8(rest.prefix(2), radix: 16)!)
      rest = rest.dropFirst(2)
    }
  }

  var hex: String { isEmpty ? "-" : map { String(format: "%02x", $0) }.joined() }
}

extension Date {
  init(milliseconds word: Substring) {
    self.init(timeIntervalSince1970: Double(Int64(word)!) / 1000)
  }

  var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }
}

extension Duration {
  // Exactly: dividing would round.
  var wholeMilliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}

extension Scheme {
  init(word: Substring) {
    self = Self.allCases.first { $0.word == word }!
  }

  var word: String {
    switch self {
    case .bluezone: "bluezone"
    case .gaen: "gaen"
    case .dp3tLowCost: "dp3t-lowcost"
    case .dp3tHybrid: "dp3t-hybrid"
    case .tcn: "tcn"
    case .dp3tUnlinkable: "dp3t-unlinkable"
    }
  }
}

extension AirIdentity {
  init(word: Substring) throws {
    let part = word.split(separator: ",")
    if part.count == 1 {
      try self.init(published: Scheme(word: word))
    } else if part.count == 8 {
      try self.init(
        of: Scheme(word: part[0]), carriedBy: Carrier(rawValue: Int32(part[1])!)!,
        service: BluetoothUUID(hex: part[2]), iosService: BluetoothUUID(hex: part[3]),
        characteristic: part[4] == "-" ? nil : BluetoothUUID(hex: part[4]), company: Int(part[6])!,
        metadata: part[5] == "yes", overflowBit: part[7] == "-1" ? nil : Int(part[7])!)
    } else {
      try self.init(
        service: BluetoothUUID(hex: part[0]), characteristic: BluetoothUUID(hex: part[1]),
        metadata: part[2] == "yes")
    }
  }
}

extension UUID {
  init(hex word: Substring) {
    var bytes = uuid_t(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    withUnsafeMutableBytes(of: &bytes) { $0.copyBytes(from: Data(hex: word)) }
    self.init(uuid: bytes)
  }
}

extension BluetoothUUID {
  init(hex word: Substring) throws {
    try self.init(UUID(hex: word).uuidString)
  }
}

extension Data {
  init(_ uuid: UUID) {
    self = Swift.withUnsafeBytes(of: uuid.uuid) { Data($0) }
  }
}

/// The value of a number; Swift's types have no other.
func value<Value: RawRepresentable<Int32>>(_ word: Substring, _ field: String) throws -> Value {
  guard let value = Value(rawValue: Int32(word)!) else { throw Failure.invalid(field) }
  return value
}

func show(_ heard: Heard) {
  row(
    heard.finding.rawValue, heard.finding == .identifier ? heard.identifier.hex : "-",
    heard.metadata.hex)
}

func truth(_ value: Bool) -> String { value ? "yes" : "no" }

func known(_ number: (some BinaryInteger)?) -> String { number.map { "\($0)" } ?? "-" }

/// "-" is the empty text.
func text(_ word: Substring) -> String { word == "-" ? "" : String(word) }

/// Of a header Retry-After; negative where there is none.
func wait(_ word: Substring) -> Duration? {
  word.hasPrefix("-") ? nil : .milliseconds(Int64(word)!)
}

func row(_ fields: Any...) {
  print(fields.map { "\($0)" }.joined(separator: "\t"))
}

func show(_ key: PublishedKey, _ more: String...) {
  let fields: [Any] = [
    key.scheme.word, key.bytes.hex, key.validFrom.milliseconds, key.validTo.milliseconds,
    key.record, key.identifiersPerDay, key.reportType.rawValue, known(key.daysSinceOnset),
    key.transmissionRiskLevel, truth(key.isRevised), known(key.releasedAt?.milliseconds),
  ]
  print((fields + more).map { "\($0)" }.joined(separator: "\t"))
}

func show(_ exposures: [Exposure]) {
  for exposure in exposures {
    row(
      exposure.day.number, exposure.duration.wholeMilliseconds,
      known(exposure.minimumAttenuationDB), exposure.reportType.rawValue, exposure.band.rawValue,
      exposure.near.wholeMilliseconds, exposure.nearLow.wholeMilliseconds,
      exposure.nearHigh.wholeMilliseconds, exposure.dose.wholeMilliseconds)
  }
}

func show(_ windows: [ExposureWindow]) {
  for (number, window) in windows.enumerated() {
    for scan in window.scans {
      row(
        number, window.day.number, window.reportType.rawValue, window.infectiousness.rawValue,
        window.calibrationConfidence, scan.typicalAttenuationDB, scan.minimumAttenuationDB,
        scan.sinceLastScan.wholeMilliseconds)
    }
  }
}

func show(_ summaries: [DailySummary]) {
  func show(_ day: Day, _ type: String, _ scores: DailySummary.Scores) {
    let told = [scores.maximum, scores.sum, scores.weightedDuration].map {
      Int64((1000 * $0).rounded())
    }
    row(day.number, type, told[0], told[1], told[2])
  }
  for summary in summaries {
    show(summary.day, "-", summary.total)
    for type in ReportType.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
      if let scores = summary.byReportType[type] {
        show(summary.day, String(type.rawValue), scores)
      }
    }
  }
}

func show(_ days: [DayCounts]) {
  for counts in days { row(counts.day?.number ?? -1, counts.scans, counts.sightings) }
}

/// A step's failure, of which the code's name is written in snake case.
struct Failure: Error {
  let name: String
  var field: String?
  var offset: Int64?
  var record: Int64?

  /// What the C interface would say of arguments that Swift's types leave no room for.
  static func invalid(_ field: String, record: Int64? = nil) -> Failure {
    Failure(name: "invalid_argument", field: field, record: record)
  }

  init(name: String, field: String?, record: Int64? = nil) {
    self.name = name
    self.field = field
    self.record = record
  }

  init(_ error: NearZoneError) {
    name = "\(error.code)".reduce(into: "") { name, letter in
      name += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
    }
    field = error.field
    offset = error.offset
    record = error.record
  }

  func show() {
    row("! " + name, field ?? "-", known(offset), known(record))
  }
}
