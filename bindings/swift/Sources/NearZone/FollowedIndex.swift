internal import CNearZone
import Foundation

/// What became of a list that an index named.
public enum ListOutcome: Int32, Sendable, CaseIterable {
  /// It was used, or is known not to concern this phone.
  case done = 0
  /// It is not there (404): the index is older than the server.
  case missing = 1
  /// It was not fetched, or is damaged, or was refused: to be tried again, five times in all.
  case failed = 2
}

/// One HTTP GET to make: of an index, or of a list that it names.
public struct Fetch: Hashable, Sendable {
  /// Whether it is the index itself, to be told to `FollowedIndex.answered`.
  public let isIndex: Bool
  /// The path relative to the base URL, of plain characters and without a slash in front.
  public let path: String
  /// What to send as If-None-Match.
  public let etag: String?
  /// How long the answer may be: a longer one may be given up.
  public let mostBytes: UInt64
}

/// How far following an index is.
public struct IndexStatus: Hashable, Sendable {
  /// How many wanted lists the newest index has.
  public let listed: Int
  /// How many of them are to be fetched.
  public let waiting: Int
  /// How many of them failed five times.
  public let givenUp: Int
  /// When the next request may be made.
  public let wakeAt: Date
}

/// An index of lists being followed: what is new, and what to fetch next. What was done is kept,
/// sealed, in the device's log.
///
///     while let fetch = try await index.next() {
///       let answer = try await get(base.appending(path: fetch.path), ifNot: fetch.etag)
///       if fetch.isIndex {
///         try await index.answered(httpStatus: answer.status, body: answer.body)
///       } else {
///         try await index.listHandled(fetch.path, try await match(answer))
///       }
///     }
public final class FollowedIndex: Sendable {
  /// Which index is followed, and how. What is not set has the library's default.
  public struct Options: Equatable, Sendable {
    /// Of the index, relative to the base URL.
    public var path: String
    /// How the names of the lists end that are wanted; others are passed over.
    public var suffix: String
    /// Between two looks: five minutes to seven days.
    public var gap: Duration
    /// How large a list may be.
    public var mostListBytes: UInt64

    /// The defaults.
    public init() {
      var raw = nz_index_config.sized
      nz_index_config_init(&raw)
      path = String(cString: raw.path)
      suffix = String(cString: raw.suffix)
      gap = .milliseconds(raw.gap_ms)
      mostListBytes = raw.most_list_bytes
    }

    fileprivate func withRaw(_ body: (UnsafePointer<nz_index_config>) -> Int32) -> Int32 {
      path.withCString { path in
        suffix.withCString { suffix in
          var raw = nz_index_config.sized
          raw.path = path
          raw.suffix = suffix
          raw.gap_ms = gap.wholeMilliseconds
          raw.most_list_bytes = mostListBytes
          return body(&raw)
        }
      }
    }
  }

  private let handle: IndexHandle
  private let worker = Worker("index")

  fileprivate init(_ made: Made) {
    handle = IndexHandle(pointer: made.pointer)
  }

  /// What to fetch now, or nil where there is nothing before `status` says. The same again, until it
  /// is answered.
  public func next() async throws(NearZoneError) -> Fetch? {
    try await worker.run { [self] () throws(NearZoneError) in
      var fetch = nz_fetch.sized
      try call { nz_index_next(handle.pointer, &fetch, $0) }
      // The texts live until the next call, which waits for this one.
      guard let path = fetch.path, let etag = fetch.etag else { return nil }
      return Fetch(
        isIndex: fetch.is_index != 0, path: String(cString: path),
        etag: etag.pointee == 0 ? nil : String(cString: etag), mostBytes: fetch.most_bytes)
    }
  }

  /// Takes the answer to a request for the index.
  ///
  /// - Parameters:
  ///   - httpStatus: 0 where no answer came.
  ///   - body: What came back.
  ///   - etag: Of the header ETag.
  ///   - retryAfter: Of the header Retry-After.
  /// - Throws: `limitExceeded` or `corrupt` on an index that cannot be; `notFound` or `io` where
  ///   there is none. The index then knows when to ask again.
  public func answered(
    httpStatus: Int, body: Data, etag: String? = nil, retryAfter: Duration? = nil
  ) async throws(NearZoneError) {
    try await worker.run { [self] () throws(NearZoneError) in
      try call { failure in
        body.withUnsafeBytes { bytes in
          (etag ?? "").withCString {
            nz_index_answered(
              handle.pointer, Int32(clamping: httpStatus), bytes.baseAddress, bytes.count, $0,
              retryAfter.milliseconds, failure)
          }
        }
      }
    }
  }

  /// Says what became of the list that `next` gave. Fails with `notFound` where it is another.
  public func listHandled(
    _ path: String, _ outcome: ListOutcome, retryAfter: Duration? = nil
  ) async throws(NearZoneError) {
    try await worker.run { [self] () throws(NearZoneError) in
      try call { failure in
        path.withCString {
          nz_index_list_handled(
            handle.pointer, $0, outcome.rawValue, retryAfter.milliseconds, failure)
        }
      }
    }
  }

  /// How far it is.
  public func status() async throws(NearZoneError) -> IndexStatus {
    try await worker.run { [self] () throws(NearZoneError) in
      var raw = nz_index_status.sized
      try call { nz_index_get_status(handle.pointer, &raw, $0) }
      return IndexStatus(
        listed: Int(raw.listed), waiting: Int(raw.waiting), givenUp: Int(raw.given_up),
        wakeAt: Date(milliseconds: raw.wake_at_ms))
    }
  }

  fileprivate static func follow(
    _ server: String, on device: OpaquePointer, _ options: Options
  ) throws(NearZoneError) -> FollowedIndex {
    FollowedIndex(
      try make { index, failure in
        server.withCString { name in
          options.withRaw { nz_device_follow_index(device, name, $0, index, failure) }
        }
      })
  }
}

extension Device {
  /// Follows an index of lists.
  ///
  /// - Parameters:
  ///   - server: The server's base URL, or any other name for it.
  ///   - options: The options.
  public func followIndex(
    of server: String, options: FollowedIndex.Options = FollowedIndex.Options()
  ) async throws(NearZoneError) -> FollowedIndex {
    try await worker.run { [self] () throws(NearZoneError) in
      try FollowedIndex.follow(server, on: handle.pointer, options)
    }
  }
}
