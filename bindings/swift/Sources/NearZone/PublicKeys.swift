internal import CNearZone
import Foundation

/// Keys that lists are verified with.
public final class PublicKeys: Sendable {
  let handle: PublicKeysHandle

  /// - Parameter keys: P-256 or Ed25519 keys, each in PEM or DER.
  /// - Throws: `corrupt` or `unsupported`, with the index of the key as `record`.
  public init(_ keys: [Data]) throws(NearZoneError) {
    try Library.check()
    guard let pointer = nz_public_keys_new() else {
      throw NearZoneError(.internal, "there is no memory left")
    }
    handle = PublicKeysHandle(pointer: pointer)
    for key in keys {
      try call { failure in
        key.withUnsafeBytes { nz_public_keys_add(pointer, $0.baseAddress, $0.count, failure) }
      }
    }
  }
}
