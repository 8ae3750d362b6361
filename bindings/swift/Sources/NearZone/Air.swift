internal import CNearZone
import Foundation

/// What a phone runs.
public enum PhoneSystem: Int32, Sendable, CaseIterable {
  /// Google's.
  case android = 1
  /// Apple's.
  case ios = 2
}

/// Whether the app is being looked at.
public enum AppState: Int32, Sendable, CaseIterable {
  /// It is.
  case foreground = 1
  /// It is not.
  case background = 2
}

/// What an app does with the radio.
public enum Act: Int32, Sendable, CaseIterable {
  /// To send.
  case advertise = 1
  /// To hear.
  case scan = 2
  /// To serve the identifier over a connection, and to read it.
  case gatt = 3
}

/// Whether a phone's system lets an app do something.
public enum Ability: Int32, Sendable, CaseIterable {
  /// It does not.
  case no = 0
  /// With a restriction that matters.
  case limited = 1
  /// It does.
  case yes = 2
}

/// What holds the identifier in an Android phone's advertisement.
public enum Carrier: Int32, Sendable, CaseIterable {
  /// A company's data, beside the service.
  case manufacturerData = 1
  /// The service's own data.
  case serviceData = 2
  /// Nothing: it is read over a connection.
  case gattOnly = 3
}

/// What bytes are that a phone's system gave.
public enum Form: Int32, Sendable, CaseIterable {
  /// A whole advertisement, with its scan response.
  case scanRecord = 1
  /// The data of a service, without its UUID.
  case serviceData = 2
  /// Beginning with the company's two bytes.
  case manufacturerData = 3
  /// What a characteristic gave.
  case gattValue = 4
}

/// What was found in bytes from the air.
public enum Finding: Int32, Sendable, CaseIterable {
  /// Not ours, or malformed.
  case nothing = 0
  /// An identifier.
  case identifier = 1
  /// Ours, without an identifier: it is to be read over a connection.
  case ask = 2
  /// An iPhone in the background, perhaps with our app: the same.
  case askMaybe = 3
}

/// A UUID of Bluetooth, which may have a short form.
public struct BluetoothUUID: Equatable, Sendable {
  /// 16 bytes, in the order in which they are written.
  public let bytes: Data

  /// - Parameter text: "fd68", or the long form.
  /// - Throws: `invalidArgument` where it is neither.
  public init(_ text: String) throws(NearZoneError) {
    var uuid = [UInt8](repeating: 0, count: 16)
    try call { nz_uuid_parse(text, &uuid, $0) }
    bytes = Data(uuid)
  }

  init<Bytes>(raw: Bytes) {
    bytes = Data(first: 16, of: raw)
  }

  var isNone: Bool { bytes.allSatisfy { $0 == 0 } }

  func copy<Bytes>(to raw: inout Bytes) {
    withUnsafeMutableBytes(of: &raw) { $0.copyBytes(from: bytes) }
  }

  /// The short form where there is one.
  public var text: String {
    var text = [CChar](repeating: 0, count: 37)
    let code = bytes.withUnsafeBytes { nz_uuid_format($0.baseAddress, &text, nil) }
    return code == NZ_OK
      ? String(decoding: text.prefix { $0 != 0 }.map { UInt8($0) }, as: UTF8.self) : ""
  }
}

/// A deployment's numbers on the air, and what they make of bytes.
///
///     let air = try AirIdentity(service: service, characteristic: characteristic, metadata: true)
///     let heard = try air.decode(data, as: .serviceData)
public struct AirIdentity: Sendable {
  let raw: nz_air

  /// NearZone's own profile under UUIDs of one's own.
  ///
  /// - Parameters:
  ///   - service: What is advertised. Without a short form, identifiers are read over connections
  ///     only.
  ///   - characteristic: What is read there.
  ///   - metadata: Whether sealed metadata, with the transmit power, follow the identifier.
  /// - Throws: `invalidArgument` where a UUID is nil.
  public init(
    service: BluetoothUUID, characteristic: BluetoothUUID, metadata: Bool = false
  ) throws(NearZoneError) {
    var raw = nz_air.sized
    try call { failure in
      service.bytes.withUnsafeBytes { service in
        characteristic.bytes.withUnsafeBytes { characteristic in
          nz_air_own(
            service.baseAddress, characteristic.baseAddress, metadata ? 1 : 0, &raw, failure)
        }
      }
    }
    self.raw = raw
  }

  /// The numbers of a scheme's published system, for interoperation and tests: they belong to
  /// others.
  public init(published scheme: Scheme) throws(NearZoneError) {
    var raw = nz_air.sized
    try call { nz_air_published(scheme.rawValue, &raw, $0) }
    self.raw = raw
  }

  /// A deployment of any scheme under numbers of its own.
  ///
  /// - Parameters:
  ///   - scheme: Whose identifiers it carries.
  ///   - carrier: What holds the identifier in an Android phone's advertisement.
  ///   - service: What is advertised.
  ///   - iosService: What an iPhone advertises, where it is another service.
  ///   - characteristic: What is read over a connection. Without one, no iPhone can send.
  ///   - company: Whose data the identifier is, with `manufacturerData`; 16 bits.
  ///   - metadata: Whether sealed metadata, with the transmit power, follow the identifier: of `gaen`
  ///     only.
  ///   - overflowBit: Which bit the iPhone's service sets in iOS's overflow area while the app is in
  ///     the background, the highest of the first byte being 0.
  /// - Throws: `invalidArgument` where nothing can be sent under it.
  public init(
    of scheme: Scheme, carriedBy carrier: Carrier, service: BluetoothUUID,
    iosService: BluetoothUUID? = nil, characteristic: BluetoothUUID? = nil, company: Int = 0,
    metadata: Bool = false, overflowBit: Int? = nil
  ) throws(NearZoneError) {
    var raw = nz_air.sized
    raw.scheme = scheme.rawValue
    raw.carrier = carrier.rawValue
    raw.company = Int32(exactly: company) ?? -1
    raw.metadata_size = metadata ? 4 : 0
    raw.overflow_bit = overflowBit.map { Int32(exactly: $0) ?? 128 } ?? -1
    service.copy(to: &raw.service)
    (iosService ?? service).copy(to: &raw.ios_service)
    characteristic?.copy(to: &raw.characteristic)
    self.raw = raw
    _ = try scannedServices(on: .android)
  }

  /// Whose identifiers it carries.
  public var scheme: Scheme { Scheme(rawValue: raw.scheme) ?? .gaen }
  /// What holds the identifier in an Android phone's advertisement.
  public var carrier: Carrier { Carrier(rawValue: raw.carrier) ?? .gattOnly }
  /// What an Android phone advertises.
  public var service: BluetoothUUID { BluetoothUUID(raw: raw.service) }
  /// What an iPhone advertises, and whose characteristic it serves.
  public var iosService: BluetoothUUID { BluetoothUUID(raw: raw.ios_service) }
  /// What is read over a connection, where there is something.
  public var characteristic: BluetoothUUID? {
    let uuid = BluetoothUUID(raw: raw.characteristic)
    return uuid.isNone ? nil : uuid
  }

  /// What an app may do on a phone's system, and the rule that decides it.
  public struct Answer: Equatable, Sendable {
    /// Whether it may.
    public let ability: Ability
    /// The number of the note in docs/beacon.md; 0 where none is needed.
    public let note: Int
    /// The note in one sentence.
    public let reason: String
  }

  /// What an app may do with it.
  public func can(
    _ act: Act, on system: PhoneSystem, in state: AppState
  ) throws(NearZoneError) -> Answer {
    var (ability, note) = (Int32(0), Int32(0))
    var reason: UnsafePointer<CChar>?
    try withRaw { (air, failure) in
      nz_air_can(
        air, system.rawValue, state.rawValue, act.rawValue, &ability, &note, &reason, failure)
    }
    return Answer(
      ability: Ability(rawValue: ability) ?? .no, note: Int(note),
      reason: reason.map { String(cString: $0) } ?? "")
  }

  /// Services to scan for on this system; any of them.
  public func scannedServices(on system: PhoneSystem) throws(NearZoneError) -> [BluetoothUUID] {
    var raw = raw
    let filters: [nz_scan_filter] = try readAll {
      nz_air_scan_filters(&raw, system.rawValue, $0, $1, $2, $3)
    }
    return filters.map { BluetoothUUID(raw: $0.service) }.filter { !$0.isNone }
  }

  /// Reads whatever bytes there are; malformed ones are nothing.
  public func decode(_ bytes: Data, as form: Form) throws(NearZoneError) -> Heard {
    var heard = nz_heard()
    try withRaw { (air, failure) in
      bytes.withUnsafeBytes {
        nz_air_decode(air, form.rawValue, $0.baseAddress, $0.count, &heard, failure)
      }
    }
    return Heard(raw: heard, scheme: scheme)
  }

  func withRaw(
    _ body: (UnsafePointer<nz_air>, ErrorSlot) -> Int32
  ) throws(NearZoneError) {
    try call { failure in withUnsafePointer(to: raw) { body($0, failure) } }
  }
}

extension AirIdentity: Equatable {
  public static func == (left: AirIdentity, right: AirIdentity) -> Bool {
    sameBytes(left.raw, right.raw)
  }
}

/// What bytes from the air say.
public struct Heard: Sendable {
  let raw: nz_heard
  /// The scheme of the identity that it was read with.
  public let scheme: Scheme

  init(raw: nz_heard, scheme: Scheme) {
    self.raw = raw
    self.scheme = scheme
  }

  /// What was found.
  public var finding: Finding { Finding(rawValue: raw.finding) ?? .nothing }
  /// `scheme.identifierSize` bytes; zeros where none was found.
  public var identifier: Data { Data(first: scheme.identifierSize, of: raw.identifier) }
  /// Sealed metadata (4 bytes), a stated transmit power (1), or nothing.
  public var metadata: Data { Data(first: Int(raw.metadata_size), of: raw.metadata) }

  /// The identifier as what was heard.
  ///
  /// - Throws: `invalidArgument` where none was found.
  public func sighting(
    at time: Date, rssi: Int?, heardBy: HeardBy
  ) throws(NearZoneError) -> Sighting {
    if finding != .identifier {
      throw NearZoneError(.invalidArgument, "no identifier was found", field: "finding")
    }
    return try Sighting(
      scheme, identifier: identifier, at: time, rssi: rssi, heardBy: heardBy, metadata: metadata)
  }
}

extension Heard: Equatable {
  public static func == (left: Heard, right: Heard) -> Bool {
    left.scheme == right.scheme && sameBytes(left.raw, right.raw)
  }
}

extension Heard: Discreet {
  /// Without the identifier and the metadata.
  public var description: String { "Heard(\(finding), \(scheme))" }
}

/// What an app hands to its phone's advertiser and GATT server.
public struct Transmission: Equatable, Sendable {
  /// What carries the payload; on an iPhone always `gattOnly`.
  public let carrier: Carrier
  /// Whose data, with `manufacturerData`.
  public let company: Int
  /// Whether others must be able to connect.
  public let isConnectable: Bool
  /// The service to advertise.
  public let service: BluetoothUUID
  /// The data of the service or company, and the characteristic's value.
  public let payload: Data
  /// The whole advertisement, but for the flags that the phone's system adds.
  public let advertisement: Data

  init(_ raw: nz_transmission) {
    carrier = Carrier(rawValue: raw.carrier) ?? .gattOnly
    company = Int(raw.company)
    isConnectable = raw.connectable != 0
    service = BluetoothUUID(raw: raw.service)
    payload = Data(first: Int(raw.payload_size), of: raw.payload)
    advertisement = Data(first: Int(raw.advertisement_size), of: raw.advertisement)
  }
}

extension Transmission: Discreet {
  /// Without what is sent.
  public var description: String { "Transmission(\(carrier), \(service.text))" }
}

extension Device {
  /// `advertisement()` as bytes.
  ///
  /// - Throws: `unsupported` where the system lets no app send it.
  public func transmission(
    _ air: AirIdentity, on system: PhoneSystem
  ) async throws(NearZoneError) -> Transmission {
    try await worker.run { [self] () throws(NearZoneError) in
      var sent = nz_transmission.sized
      try air.withRaw { nz_device_transmission(handle.pointer, $0, system.rawValue, &sent, $1) }
      return Transmission(sent)
    }
  }
}
