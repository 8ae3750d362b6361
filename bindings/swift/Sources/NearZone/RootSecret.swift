import Foundation

/// The 32 random bytes without which nothing in a device's folder can be read. To be kept in the
/// phone's keychain. Its memory is wiped when the last copy of it goes.
public struct RootSecret: Sendable {
  /// How many bytes it has.
  public static let size = 32

  private let storage: Storage

  /// A new one, of the system's randomness.
  public init() {
    var random = SystemRandomNumberGenerator()
    storage = Storage { room in
      for i in 0..<Self.size { room[i] = random.next() }
    }
  }

  /// One that was kept, of `RootSecret.size` bytes.
  ///
  /// - Throws: `invalidArgument` where it has another length.
  public init(_ bytes: Data) throws(NearZoneError) {
    guard bytes.count == Self.size else {
      throw NearZoneError(.invalidArgument, "does not have 32 bytes", field: "rootSecret")
    }
    storage = Storage { room in bytes.withUnsafeBytes { room.copyMemory(from: $0) } }
  }

  /// The bytes, to be kept in the keychain and nowhere else. This copy is not wiped.
  public var bytes: Data { withBytes { Data($0) } }

  func withBytes<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
    withExtendedLifetime(storage) { body(UnsafeRawBufferPointer(storage.all)) }
  }

  /// @unchecked Sendable: nothing writes to it between its making and its end.
  private final class Storage: @unchecked Sendable {
    let room = UnsafeMutableRawPointer.allocate(byteCount: RootSecret.size, alignment: 16)
    var all: UnsafeMutableRawBufferPointer { .init(start: room, count: RootSecret.size) }

    init(_ fill: (UnsafeMutableRawBufferPointer) -> Void) {
      fill(all)
    }

    deinit {
      // Unlike other writes to memory that is let go of, these are never left out.
      #if canImport(Darwin)
        memset_s(room, RootSecret.size, 0, RootSecret.size)
      #else
        explicit_bzero(room, RootSecret.size)
      #endif
      room.deallocate()
    }
  }
}

extension RootSecret: Discreet {
  /// Nothing of it.
  public var description: String { "RootSecret" }
}
