internal import CNearZone
import Foundation

/// What a phone is to send, and until when.
public struct Advertisement: Equatable, Sendable {
  /// What the identifier was made with.
  public let scheme: Scheme
  /// `scheme.identifierSize` bytes.
  public let identifier: Data
  /// Sealed metadata, of 4 bytes (Exposure Notification), or nothing.
  public let metadata: Data
  /// Until when it is to be sent. Then it changes together with the radio's address.
  public let validUntil: Date

  init(_ raw: nz_advertisement) {
    scheme = Scheme(rawValue: raw.scheme) ?? .gaen
    identifier = Data(first: Int(raw.identifier_size), of: raw.identifier)
    metadata = Data(first: Int(raw.metadata_size), of: raw.metadata)
    validUntil = Date(milliseconds: raw.valid_until_ms)
  }
}

extension Advertisement: Discreet {
  /// Without the identifier and the metadata.
  public var description: String { "Advertisement(\(scheme), until \(validUntil))" }
}
