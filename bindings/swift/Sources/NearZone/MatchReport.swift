internal import CNearZone

/// What came of matching a list.
public struct MatchReport: Hashable, Sendable {
  /// Whether the exposures are complete, and stored.
  public let isDone: Bool
  /// Whether the list was matched before, and nothing recorded since matters. Then no keys were
  /// tried, and the exposures are those found then that the log still keeps.
  public let isKnown: Bool
  /// How verifying the list came out.
  public let signature: SignatureOutcome
  /// How many there are.
  public let keysInList: UInt64
  /// How many of them were looked at, or were before.
  public let keysTried: UInt64
  /// How many were skipped as malformed.
  public let keysRefused: UInt64
  /// Found in this list, ascending by day; none until it is done.
  public let exposures: [Exposure]

  init(of match: OpaquePointer) throws(NearZoneError) {
    let raw = try matchReport(of: match)
    isDone = raw.done != 0
    isKnown = raw.known != 0
    signature = SignatureOutcome(raw.signature)
    keysInList = raw.keys_in_list
    keysTried = raw.keys_tried
    keysRefused = raw.keys_refused
    exposures = try readAll { nz_match_exposures(match, $0, $1, $2, $3) }.map(Exposure.init)
  }
}

func matchReport(of match: OpaquePointer) throws(NearZoneError) -> nz_match_report {
  var raw = nz_match_report.sized
  try call { nz_match_get_report(match, &raw, $0) }
  return raw
}

/// How far a match is.
public struct MatchProgress: Hashable, Sendable {
  /// How many there are.
  public let keysInList: UInt64
  /// How many of them were looked at, or were before.
  public let keysTried: UInt64
  /// Whether that was all.
  public let isDone: Bool

  init(_ raw: nz_match_report, isDone: Bool) {
    keysInList = raw.keys_in_list
    keysTried = raw.keys_tried
    self.isDone = isDone
  }

  /// From 0 to 1, which is when it is done.
  public var fractionCompleted: Double {
    if isDone { return 1 }
    return keysInList == 0 ? 0 : min(Double(keysTried) / Double(keysInList), 1)
  }
}

extension Match {
  /// Matches all that is left, step by step: going on with the loop does the next one. Leaving it
  /// ends the work, of which `save()` keeps what was done. Fails as `finish()`.
  ///
  /// - Parameter keys: How many keys a step has at most.
  public func progress(every keys: Int = keysPerStep) -> Progress {
    Progress(match: self, keys: max(keys, 1))
  }

  /// Shows how far it is after each step; last of all, that it is done.
  public struct Progress: AsyncSequence, Sendable {
    let match: Match
    let keys: Int

    public func makeAsyncIterator() -> AsyncIterator {
      AsyncIterator(match: match, keys: keys)
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
      let match: Match
      let keys: Int
      private var isDone = false

      init(match: Match, keys: Int) {
        self.match = match
        self.keys = keys
      }

      public mutating func next() async throws -> MatchProgress? {
        if isDone { return nil }
        let progress = try await match.advance(keys)
        isDone = progress.isDone
        return progress
      }
    }
  }
}
