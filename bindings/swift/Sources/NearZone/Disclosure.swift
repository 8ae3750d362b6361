internal import CNearZone

/// The person's yes to giving keys away. To be made in the handler of the button with which the
/// person agrees, and nowhere else.
public struct PersonConsents: Sendable {
  /// Yes.
  public init() {}
}

/// The keys that a person consented to publish. What was not taken is wiped when it goes.
public final class Disclosure: Sendable {
  private let handle: DisclosureHandle

  init(_ made: Made) {
    handle = DisclosureHandle(pointer: made.pointer)
  }

  /// Hands the keys out, once: then it fails with `closed`.
  public func takeKeys() throws(NearZoneError) -> [PublishedKey] {
    var count = 0
    try call { nz_disclosure_size(handle.pointer, &count, $0) }
    let keys: [nz_published_key] = try readAll(capacity: count) {
      nz_disclosure_take(handle.pointer, $0, $1, $2, $3)
    }
    // Where the compiler could let go of it earlier, it would be freed during the call.
    withExtendedLifetime(self) {}
    return keys.map(PublishedKey.init(raw:))
  }
}

extension Device {
  /// Gives away the keys of the last days, today included, and makes new ones.
  ///
  /// - Parameters:
  ///   - consent: The person's yes.
  ///   - days: How many days, 1 to 14.
  public func disclose(_ consent: PersonConsents, days: Int = 14) async throws(NearZoneError)
    -> Disclosure
  {
    try await worker.run { [self] () throws(NearZoneError) in
      Disclosure(
        try make {
          nz_device_disclose(
            handle.pointer, NZ_THE_PERSON_CONSENTS, Int32(clamping: days), $0, $1)
        })
    }
  }
}
