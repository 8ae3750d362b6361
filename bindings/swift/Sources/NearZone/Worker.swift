internal import CNearZone
import Dispatch

/// Where the calls of one object block, one after the other: on a queue, as the threads of Swift's
/// own pool are few and must not wait for a disk.
struct Worker: Sendable {
  private let queue: DispatchQueue

  init(_ name: String) {
    queue = DispatchQueue(label: "org.nearzone." + name)
  }

  /// Work that is done even where the task has been cancelled: it is short, and what was heard must
  /// not get lost.
  func run<Value: Sendable>(_ work: @escaping @Sendable () throws(NearZoneError) -> Value)
    async throws(NearZoneError) -> Value
  {
    try await result(work).get()
  }

  /// Work that polls the flag, which is set when the task is cancelled.
  func run<Value: Sendable>(
    until cancel: Cancel, _ work: @escaping @Sendable () throws(NearZoneError) -> Value
  ) async throws(NearZoneError) -> Value {
    try await withTaskCancellationHandler {
      await result(work)
    } onCancel: {
      cancel.request()
    }.get()
  }

  private func result<Value: Sendable>(
    _ work: @escaping @Sendable () throws(NearZoneError) -> Value
  ) async -> Result<Value, NearZoneError> {
    let job = Job(work)
    return await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: job.run()) }
    }
  }
}

/// Work that lets go of what it uses before anybody hears of its end: who then drops a device finds
/// its folder free.
///
/// @unchecked Sendable: made by one thread, and run once by another.
private final class Job<Value>: @unchecked Sendable {
  private var work: (() throws(NearZoneError) -> Value)?

  init(_ work: @escaping () throws(NearZoneError) -> Value) {
    self.work = work
  }

  func run() -> Result<Value, NearZoneError> {
    defer { work = nil }
    return Result { () throws(NearZoneError) in
      guard let work else { throw NearZoneError(.internal, "work was done already") }
      return try work()
    }
  }
}

/// A flag that long work polls. It stays set.
final class Cancel: Sendable {
  let handle: CancelHandle

  init() throws(NearZoneError) {
    try Library.check()
    guard let pointer = nz_cancel_new() else {
      throw NearZoneError(.internal, "there is no memory left")
    }
    handle = CancelHandle(pointer: pointer)
  }

  func request() {
    withExtendedLifetime(self) { nz_cancel_request(handle.pointer) }
  }
}
