internal import CNearZone
import Foundation

/// How a list is written.
public enum ListFormat: Int32, Sendable, CaseIterable {
  /// The list of the Bluezone app.
  case bluezoneJSON = 0
  /// An export of Exposure Notification, alone or in its zip.
  case gaenExport = 1
  /// NearZone's own.
  case nearzone = 2
  /// NearZone's set, of DP-3T unlinkable: items, and no keys.
  case nearzoneSet = 3
}

/// A list's header. Claims, until the list is verified.
public struct ListInfo: Hashable, Sendable {
  /// How it is written.
  public let format: ListFormat
  /// How many usable keys it has, revised ones included.
  public let keys: UInt64
  /// How many of them are later statements about keys published before.
  public let revisedKeys: UInt64
  /// How many were skipped as malformed.
  public let refusedKeys: UInt64
  /// When the export's window, or a NearZone list's validity, begins.
  public let start: Date
  /// And when it ends.
  public let end: Date
  /// Which batch of an export it is.
  public let batchNumber: Int
  /// How many batches the export has.
  public let batchSize: Int
  /// Of NearZone lists: which series it belongs to.
  public let listID: UInt64
  /// Of NearZone lists: its position in the series.
  public let sequence: UInt64
  /// What it says about its signatures.
  public let signatures: [SignatureInfo]
  /// The region that it is for.
  public let region: String
  /// The SHA-256 of what is signed.
  public let contentDigest: Data

  init(of list: OpaquePointer) throws(NearZoneError) {
    var raw = nz_list_info.sized
    try call { nz_list_get_info(list, &raw, $0) }
    guard let format = ListFormat(rawValue: raw.format) else {
      throw NearZoneError(.unsupported, "a format of a newer library", field: "format")
    }
    self.format = format
    keys = raw.keys
    revisedKeys = raw.revised_keys
    refusedKeys = raw.refused_keys
    start = Date(milliseconds: raw.start_ms)
    end = Date(milliseconds: raw.end_ms)
    batchNumber = Int(raw.batch_number)
    batchSize = Int(raw.batch_size)
    listID = raw.list_id
    sequence = raw.sequence
    var signatures: [SignatureInfo] = []
    for index in 0..<raw.signatures { signatures.append(try SignatureInfo(index, of: list)) }
    self.signatures = signatures
    region = String(cString: raw.region)
    contentDigest = Data(first: 32, of: raw.content_digest)
  }
}

/// What a list says about one of its signatures.
public struct SignatureInfo: Hashable, Sendable {
  /// Which key made it.
  public let keyID: String
  /// And which version of that.
  public let keyVersion: String
  /// How it was made.
  public let algorithm: String

  init(_ index: UInt64, of list: OpaquePointer) throws(NearZoneError) {
    var raw = nz_signature_info.sized
    try call { nz_list_signature(list, index, &raw, $0) }
    keyID = String(cString: raw.key_id)
    keyVersion = String(cString: raw.key_version)
    algorithm = String(cString: raw.algorithm)
  }
}

/// How verifying a list came out.
public enum SignatureOutcome: Int32, Sendable, CaseIterable {
  /// One of the given keys verifies it.
  case verified = 0
  /// It carries no signature at all.
  case unsigned = 1
  /// Signed, but no public key was given.
  case unknownKey = 2
  /// Signed, and none of the given keys verifies it.
  case failed = 3

  /// What this version does not know verifies nothing.
  init(_ number: Int32) {
    self = Self(rawValue: number) ?? .failed
  }
}

/// How verifying a list came out, and why.
public struct SignatureReport: Hashable, Sendable {
  /// How it came out.
  public let outcome: SignatureOutcome
  /// Where verified: the index of the key that did it.
  public let publicKey: Int
  /// And of the signature.
  public let signature: Int
  /// One sentence that says which rule decided.
  public let detail: String

  init(_ raw: nz_signature_report) {
    outcome = SignatureOutcome(raw.outcome)
    publicKey = Int(clamping: raw.public_key)
    signature = Int(clamping: raw.signature)
    detail = String(cString: raw.detail)
  }
}
