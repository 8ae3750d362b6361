internal import CNearZone
import Foundation

/// One identifier heard once.
public struct Sighting: Sendable {
  // As the C interface has it, so that a great many of them are passed on as they are; put together
  // and copied by whole numbers, which costs a fraction of doing it by its fields.
  private let words: Words

  // All processors that Swift is for have the lowest byte first.
  private struct Words {
    let time: Int64
    let identifier: (UInt64, UInt64)
    let rest: UInt64
  }

  private var raw: nz_sighting { unsafeBitCast(words, to: nz_sighting.self) }

  /// - Parameters:
  ///   - scheme: The scheme that it was heard of.
  ///   - identifier: `scheme.identifierSize` bytes.
  ///   - time: When it was heard; kept to the millisecond.
  ///   - rssi: As the radio gave it, in dBm, or nil where it gave none.
  ///   - heardBy: How it came through the air.
  ///   - metadata: Sealed metadata (4 bytes, Exposure Notification), transmit power (1 byte), or
  ///     nothing.
  /// - Throws: `invalidArgument` where a length or the RSSI cannot be.
  public init(
    _ scheme: Scheme, identifier: borrowing Data, at time: Date, rssi: Int?,
    heardBy: HeardBy = .advertisement, metadata: borrowing Data = Data()
  ) throws(NearZoneError) {
    let time = try time.milliseconds("time")
    guard let known = Int8(exactly: rssi ?? Int(NZ_NO_RSSI)) else {
      throw NearZoneError(.invalidArgument, "not between -128 and 127", field: "rssi")
    }
    guard identifier.count == scheme.identifierSize else {
      throw NearZoneError(.invalidArgument, "not the length of the scheme's", field: "identifier")
    }
    let size = metadata.count
    guard size == 0 || size == 1 || size == 4 else {
      throw NearZoneError(.invalidArgument, "has neither 0, 1 nor 4 bytes", field: "metadata")
    }
    var rest = UInt64(UInt8(scheme.rawValue)) | UInt64(UInt8(heardBy.rawValue)) << 8
    rest |= UInt64(UInt8(bitPattern: known)) << 16 | UInt64(size) << 24
    rest |= littleEndianNumbers(metadata).0 << 32
    words = Words(time: time, identifier: littleEndianNumbers(identifier), rest: rest)
  }

  /// The scheme that it was heard of.
  public var scheme: Scheme { Scheme(rawValue: Int32(raw.scheme)) ?? .gaen }
  /// `scheme.identifierSize` bytes.
  public var identifier: Data { Data(first: scheme.identifierSize, of: raw.identifier) }
  /// When it was heard.
  public var time: Date { Date(milliseconds: raw.time_ms) }
  /// As the radio gave it, in dBm.
  public var rssi: Int? { raw.rssi_dbm == Int8(NZ_NO_RSSI) ? nil : Int(raw.rssi_dbm) }
  /// How it came through the air.
  public var heardBy: HeardBy { raw.heard_by == 0 ? .advertisement : .gatt }
  /// Sealed metadata, transmit power, or nothing.
  public var metadata: Data { Data(first: Int(raw.metadata_size), of: raw.metadata) }
}

extension Sighting: Equatable {
  public static func == (left: Sighting, right: Sighting) -> Bool {
    sameBytes(left.raw, right.raw)
  }
}

extension Sighting: Discreet {
  /// Without the identifier and the metadata.
  public var description: String {
    "Sighting(\(scheme), \(heardBy), rssi: \(rssi.map(String.init) ?? "unknown"))"
  }
}

/// One opening of the radio's ear, and what it heard. One that heard nothing counts too.
public struct Scan: Equatable, Sendable {
  /// When it began; kept to the millisecond.
  public var start: Date
  /// When the scan before it began, where that is known: for how long a sighting counts follows from
  /// the time that passed since.
  public var previousStart: Date?
  /// What it heard.
  public var sightings: [Sighting]

  /// One that heard nothing, unless it is told.
  public init(start: Date, previousStart: Date? = nil, sightings: [Sighting] = []) {
    self.start = start
    self.previousStart = previousStart
    self.sightings = sightings
  }
}

extension Scan {
  /// Of all scans, one behind the other, as the C interface wants them. Sightings are laid out like
  /// what they wrap, so that a scan's are copied at a stroke.
  static func sightings(of scans: [Scan]) -> [nz_sighting] {
    let count = scans.reduce(0) { $0 + $1.sightings.count }
    return [nz_sighting](unsafeUninitializedCapacity: count) { room, filled in
      for scan in scans {
        scan.sightings.withUnsafeBytes { bytes in
          guard let from = bytes.bindMemory(to: nz_sighting.self).baseAddress,
            let to = room.baseAddress
          else { return }
          (to + filled).initialize(from: from, count: scan.sightings.count)
        }
        filled += scan.sightings.count
      }
    }
  }

  var raw: nz_scan {
    get throws(NearZoneError) {
      var raw = nz_scan()
      raw.start_ms = try start.milliseconds("start")
      raw.previous_start_ms = nz_swift_unknown_time()
      if let previousStart {
        raw.previous_start_ms = try previousStart.milliseconds("previousStart")
      }
      raw.sightings = UInt64(sightings.count)
      return raw
    }
  }
}
