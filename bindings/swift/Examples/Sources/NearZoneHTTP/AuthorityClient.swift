import Foundation
import NearZone

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

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
      var request = URLRequest(url: base.appendingPathComponent(next.path))
      request.httpMethod = "POST"
      request.httpBody = next.body
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
      request.setValue("1", forHTTPHeaderField: next.markingHeader)
      if next.server == .verification {
        request.setValue(apiKey, forHTTPHeaderField: "X-API-Key")
      }
      let answer = await exchange(request)
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
      var request = URLRequest(url: base.appendingPathComponent(next.path))
      // What is unchanged is the index's affair, not a cache's.
      request.cachePolicy = .reloadIgnoringLocalCacheData
      if let etag = next.etag { request.setValue(etag, forHTTPHeaderField: "If-None-Match") }
      let answer = await exchange(request)
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

  private struct Answer {
    var status = 0
    var body = Data()
    var etag: String?
    var retryAfter: Duration?
  }

  private func exchange(_ request: URLRequest) async -> Answer {
    await withCheckedContinuation { continuation in
      URLSession.shared.dataTask(with: request) { body, response, _ in
        let http = response as? HTTPURLResponse
        let seconds = http?.value(forHTTPHeaderField: "Retry-After").flatMap { Int64($0) }
        continuation.resume(
          returning: Answer(
            status: http?.statusCode ?? 0, body: body ?? Data(),
            etag: http?.value(forHTTPHeaderField: "ETag"),
            retryAfter: seconds.map { .seconds($0) }))
      }.resume()
    }
  }
}
