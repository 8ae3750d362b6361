internal import CNearZone
import Foundation

/// A list of published keys, of any format.
///
///     let list = try await KeyList(contentsOf: url)
///     for try await key in list.keys { ... }
///
/// A list of a file is read from it again as long as it is used: the file must not change meanwhile.
public final class KeyList: Sendable {
  /// The options of reading a list. What is not set has the library's default.
  public struct Options: Equatable, Sendable {
    /// Whether to refuse a zip with anything besides export.bin and export.sig.
    public var refuseExtraMembers: Bool
    /// Of the list, inflated.
    public var maxBytes: UInt64
    /// Larger ones are inflated again for each pass.
    public var holdInMemory: UInt64

    /// The defaults.
    public init() {
      var raw = nz_list_config.sized
      nz_list_config_init(&raw)
      refuseExtraMembers = raw.refuse_extra_members != 0
      maxBytes = raw.max_bytes
      holdInMemory = raw.hold_in_memory
    }

    var raw: nz_list_config {
      var raw = nz_list_config.sized
      raw.refuse_extra_members = refuseExtraMembers ? 1 : 0
      raw.max_bytes = maxBytes
      raw.hold_in_memory = holdInMemory
      return raw
    }
  }

  /// Its header.
  public let info: ListInfo

  let handle: ListHandle
  let worker: Worker
  // What the handle may be reading from.
  private let bytes: ListBytes?
  private let cursor = KeyCursor()

  /// Recognises the format and reads the whole structure once. Can be cancelled.
  ///
  /// - Throws: `corrupt`, `limitExceeded`, `unsupported`, `newerFormat`, `cancelled`, `notFound`,
  ///   `io`.
  public convenience init(contentsOf url: URL, options: Options = Options())
    async throws(NearZoneError)
  {
    try url.requireFile("url")
    try await self.init(options, bytes: nil) { config, cancel, list, failure in
      url.withPath { nz_list_open_file($0, config, cancel, list, failure) }
    }
  }

  /// The same of a list in memory, which is copied.
  public convenience init(_ data: Data, options: Options = Options()) async throws(NearZoneError) {
    let bytes = ListBytes(data)
    try await self.init(options, bytes: bytes) { config, cancel, list, failure in
      nz_list_open_memory(
        bytes.all.baseAddress, bytes.all.count, config, cancel, list, failure)
    }
  }

  private typealias Open =
    @Sendable (
      UnsafePointer<nz_list_config>, OpaquePointer, UnsafeMutablePointer<OpaquePointer?>, ErrorSlot
    ) -> Int32

  private init(_ options: Options, bytes: ListBytes?, _ open: @escaping Open)
    async throws(NearZoneError)
  {
    let worker = Worker("list")
    let cancel = try Cancel()
    let made = try await worker.run(until: cancel) { () throws(NearZoneError) in
      try make { list, failure in
        withUnsafePointer(to: options.raw) { open($0, cancel.handle.pointer, list, failure) }
      }
    }
    handle = ListHandle(pointer: made.pointer)
    self.worker = worker
    self.bytes = bytes
    info = try ListInfo(of: made.pointer)
  }

  /// Why keys were refused as malformed, of the first 100.
  public var refusals: [NearZoneError] {
    get throws(NearZoneError) {
      var refusals: [NearZoneError] = []
      for index in 0..<min(info.refusedKeys, 100) {
        refusals.append(
          NearZoneError(taking: try make { nz_list_refusal(handle.pointer, index, $0, $1) }))
      }
      withExtendedLifetime(self) {}
      return refusals
    }
  }

  /// Tries every key on every signature.
  public func verify(with keys: PublicKeys) async throws(NearZoneError) -> SignatureReport {
    try await worker.run { [self] () throws(NearZoneError) in
      var report = nz_signature_report.sized
      try call { nz_list_verify(handle.pointer, keys.handle.pointer, &report, $0) }
      return SignatureReport(report)
    }
  }

  /// Its keys, in order. Each iteration begins with the first; the one before it then fails with
  /// `closed`. After any failure none of the keys it gave may be trusted: the list changed while it
  /// was read.
  public var keys: Keys { Keys(list: self) }

  /// The next keys of an iteration, which is nil at its beginning.
  func nextKeys(of iteration: UInt64?) async throws(NearZoneError) -> ([PublishedKey], UInt64) {
    try await worker.run { [self] () throws(NearZoneError) in
      let number = if let iteration { iteration } else { try cursor.begin(in: handle.pointer) }
      return (try cursor.next(number, in: handle.pointer), number)
    }
  }
}

/// Bytes at a place where they stay.
///
/// @unchecked Sendable: nothing writes to them between their making and their end.
private final class ListBytes: @unchecked Sendable {
  let all: UnsafeRawBufferPointer

  init(_ data: Data) {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: data.count, alignment: 16)
    data.withUnsafeBytes { room.copyMemory(from: $0) }
    all = UnsafeRawBufferPointer(room)
  }

  deinit {
    all.deallocate()
  }
}
