import Foundation
import NearZone

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Fetches the authority's list and compares it with what was heard.
public struct ListCheck: Sendable {
  private let phone: Phone
  private let list: URL
  private let authority: Data
  private let folder: URL

  /// - Parameters:
  ///   - list: Where the list is published.
  ///   - authority: The key that it is signed with, in PEM.
  ///   - folder: Where the list is kept while it is read.
  public init(phone: Phone, list: URL, authority: Data, folder: URL) {
    self.phone = phone
    self.list = list
    self.authority = authority
    self.folder = folder
  }

  /// Can be cancelled at any time, as can the app be ended: what was done is kept in the log, and the
  /// next run goes on from there.
  public func run() async throws -> MatchReport {
    let file = try await fetch()
    defer { try? FileManager.default.removeItem(at: file) }
    return try await phone.use { device in
      let report = try await device.check(listAt: file, verifiedBy: PublicKeys([authority]))
      try await device.purge()
      while try await device.compact(for: .milliseconds(100)), !Task.isCancelled {}
      return report
    }
  }

  private func fetch() async throws -> URL {
    let (bytes, response) = try await URLSession.shared.data(from: list)
    guard (response as? HTTPURLResponse)?.statusCode == 200 else {
      throw URLError(.badServerResponse)
    }
    let file = folder.appendingPathComponent("list")
    try bytes.write(to: file, options: .atomic)
    return file
  }
}
