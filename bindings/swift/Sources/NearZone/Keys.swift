internal import CNearZone

extension KeyList {
  /// The keys of a list, in order.
  public struct Keys: AsyncSequence, Sendable {
    let list: KeyList

    public func makeAsyncIterator() -> AsyncIterator {
      AsyncIterator(list: list)
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
      private let list: KeyList
      private var iteration: UInt64?
      private var batch: ArraySlice<PublishedKey> = []

      init(list: KeyList) {
        self.list = list
      }

      public mutating func next() async throws -> PublishedKey? {
        if let key = batch.popFirst() { return key }
        let (keys, iteration) = try await list.nextKeys(of: iteration)
        self.iteration = iteration
        batch = keys[...]
        return batch.popFirst()
      }
    }
  }
}

/// Where a list is being read. It has one place only, which the newest iteration takes over.
///
/// @unchecked Sendable: what changes is used on the list's queue only.
final class KeyCursor: @unchecked Sendable {
  private static let batchSize = 512
  private var iteration: UInt64 = 0

  /// Begins with the first key again, and gives the number of the iteration.
  func begin(in list: OpaquePointer) throws(NearZoneError) -> UInt64 {
    try call { nz_list_rewind(list, $0) }
    iteration += 1
    return iteration
  }

  /// The next keys; none at the end.
  func next(_ iteration: UInt64, in list: OpaquePointer) throws(NearZoneError) -> [PublishedKey] {
    if iteration != self.iteration {
      throw NearZoneError(.closed, "another iteration over the keys has begun", field: "keys")
    }
    let keys: [nz_published_key] = try readAll(capacity: Self.batchSize) {
      nz_list_read_keys(list, $0, $1, $2, $3)
    }
    return keys.map { PublishedKey(raw: $0) }
  }
}
