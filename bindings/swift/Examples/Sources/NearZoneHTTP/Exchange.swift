import Foundation
import NearZone

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

extension URLRequest {
  static func upload(_ upload: UploadRequest, to base: URL, apiKey: String) -> URLRequest {
    var request = URLRequest(url: base.appendingPathComponent(upload.path))
    request.httpMethod = "POST"
    request.httpBody = upload.body
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    request.setValue("1", forHTTPHeaderField: upload.markingHeader)
    if upload.server == .verification {
      request.setValue(apiKey, forHTTPHeaderField: "X-API-Key")
    }
    return request
  }

  static func fetch(_ fetch: Fetch, from base: URL) -> URLRequest {
    var request = URLRequest(url: base.appendingPathComponent(fetch.path))
    // What is unchanged is the index's affair, not a cache's.
    request.cachePolicy = .reloadIgnoringLocalCacheData
    if let etag = fetch.etag { request.setValue(etag, forHTTPHeaderField: "If-None-Match") }
    return request
  }
}

struct Answer: Sendable {
  /// 0 where the server could not be reached.
  var status = 0
  var body = Data()
  var etag: String?
  var retryAfter: Duration?
}

func exchange(_ request: URLRequest) async -> Answer {
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
