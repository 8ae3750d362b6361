import Foundation
import NearZone

/// Carries a device's uploads, cover traffic and lists over HTTP. To copy, and to run in a task.
public struct AuthorityClient: Sendable {
  let device: Device
  /// Of one server that verifies codes, takes keys and publishes lists.
  let base: URL
  let apiKey: String
  let options: Device.UploadOptions

  public init(device: Device, base: URL, apiKey: String, healthAuthority: String) {
    self.device = device
    self.base = base
    self.apiKey = apiKey
    options = Device.UploadOptions(healthAuthority: healthAuthority)
  }

  /// Sends what there is to send; what was not delivered waits. Gives the time of the next call.
  public func send() async throws -> Date? {
    while let next = try await device.uploadRequest(options) {
      let answer = await exchange(.upload(next, to: base, apiKey: apiKey))
      try await device.uploadAnswered(
        next, httpStatus: answer.status, body: answer.body, retryAfter: answer.retryAfter,
        options: options)
    }
    return try await device.uploadWakeAt(options)
  }

  /// Fetches the lists that are new, verifies and matches them. Gives the time of the next call.
  public func fetch(_ lists: FollowedIndex.Options, verifiedBy keys: PublicKeys) async throws
    -> Date
  {
    let index = try await device.followIndex(of: base.absoluteString, options: lists)
    while let next = try await index.next() {
      let answer = await exchange(.fetch(next, from: base))
      if next.isIndex {
        try await index.answered(
          httpStatus: answer.status, body: answer.body, etag: answer.etag,
          retryAfter: answer.retryAfter)
      } else {
        try await index.listHandled(
          next.path, await match(answer, keys), retryAfter: answer.retryAfter)
      }
    }
    return try await index.status().wakeAt
  }

  private func match(_ answer: Answer, _ keys: PublicKeys) async -> ListOutcome {
    if answer.status == 404 { return .missing }
    guard answer.status == 200, let list = try? await KeyList(answer.body),
      (try? await device.match(list, verifiedBy: keys).finish()) != nil
    else { return .failed }
    return .done
  }
}
