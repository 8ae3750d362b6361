internal import CNearZone
import Foundation

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
    var reports: [Data] = []
    for index in 0..<count {
      let report: [UInt8] = try readAll(capacity: Int(NZ_MOST_REPORT_BYTES)) {
        nz_disclosure_report(handle.pointer, index, $0, $1, $2, $3)
      }
      reports.append(Data(report))
    }
    let keys: [nz_published_key] = try readAll(capacity: count) {
      nz_disclosure_take(handle.pointer, $0, $1, $2, $3)
    }
    // Where the compiler could let go of it earlier, it would be freed during the call.
    withExtendedLifetime(self) {}
    return zip(keys, reports).map { PublishedKey(raw: $0, report: $1) }
  }
}

extension Device {
  /// Gives away the keys of the last days, today included, and makes new ones.
  ///
  /// - Parameters:
  ///   - consent: The person's yes.
  ///   - days: How many days, 1 to 14.
  ///   - redactions: What the person keeps: keys that were on the air within one of them are left out.
  /// - Throws: `unsupported` where there are redactions, and every key of the scheme stands for all
  ///   that follows it (Bluezone, DP-3T low-cost).
  public func disclose(
    _ consent: PersonConsents, days: Int = 14, leavingOut redactions: [DateInterval] = []
  ) async throws(NearZoneError) -> Disclosure {
    var ranges: [nz_time_range] = []
    for redaction in redactions {
      ranges.append(
        nz_time_range(
          from_ms: try redaction.start.milliseconds("redactions"),
          to_ms: try redaction.end.milliseconds("redactions")))
    }
    return try await worker.run { [self, ranges] () throws(NearZoneError) in
      Disclosure(
        try make {
          nz_device_disclose_redacted(
            handle.pointer, NZ_THE_PERSON_CONSENTS, Int32(clamping: days), ranges, ranges.count,
            $0, $1)
        })
    }
  }
}
