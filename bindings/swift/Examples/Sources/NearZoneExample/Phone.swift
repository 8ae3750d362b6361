import Foundation
import NearZone

/// The app's one device, opened when it is first asked for. In the background it is suspended but for
/// the moments in which it is used: iOS ends apps that it suspends while they hold a lock on a file.
public actor Phone {
  public enum Failure: Error {
    /// The folder was restored from a backup without its keys: only a new beginning helps.
    case restoredWithoutKeys
  }

  private let folder: URL
  private let secrets: any SecretStore
  private var opening: Task<Device, any Error>?
  // An app is often launched in the background.
  private var isInBackground = true
  private var isSuspended = false
  private var users = 0
  // The last of suspending and resuming, which follow one after the other.
  private var turning: Task<Void, any Error>?

  /// - Parameter folder: Where the log is; its parent must exist.
  public init(folder: URL, secrets: any SecretStore) {
    self.folder = folder
    self.secrets = secrets
  }

  /// Works with the device, which stays awake until the work is done.
  public func use<Value: Sendable>(
    _ work: @Sendable (Device) async throws -> Value
  ) async throws -> Value {
    users += 1
    do {
      let value = try await work(awake())
      try await rest()
      return value
    } catch {
      try? await rest()
      throw error
    }
  }

  public func enterForeground() {
    isInBackground = false
  }

  public func enterBackground() async throws {
    isInBackground = true
    try await suspendUnused()
  }

  private func awake() async throws -> Device {
    let device = try await device()
    if isSuspended { turn(device, suspended: false) }
    try await turning?.value
    return device
  }

  private func rest() async throws {
    users -= 1
    try await suspendUnused()
  }

  private func suspendUnused() async throws {
    guard isInBackground, users == 0, !isSuspended, let opening else { return }
    let device = try await opening.value
    guard isInBackground, users == 0, !isSuspended else { return }
    turn(device, suspended: true)
    try await turning?.value
  }

  private func turn(_ device: Device, suspended: Bool) {
    isSuspended = suspended
    turning = Task { [before = turning] in
      _ = try? await before?.value
      if suspended { try await device.suspend() } else { try await device.resume() }
    }
  }

  private func device() async throws -> Device {
    let task = opening ?? Task { try await open() }
    opening = task
    do {
      return try await task.value
    } catch {
      opening = nil
      throw error
    }
  }

  private func open() async throws -> Device {
    var configuration = Device.Configuration()
    configuration.leastCounter = try secrets.counter()
    do {
      let device = try await Device(
        at: folder, rootSecret: secrets.rootSecret(), configuration: configuration)
      try await secrets.keep(counter: device.counter)
      return device
    } catch let error as NearZoneError where error.code == .wrongKey && error.field == "restored" {
      throw Failure.restoredWithoutKeys
    }
  }
}

/// Where secrets are kept that no backup and no other phone gets.
public protocol SecretStore: Sendable {
  /// Made when it is first asked for.
  func rootSecret() throws -> RootSecret
  /// The highest counter that was kept, or 0.
  func counter() throws -> UInt64
  func keep(counter: UInt64) throws
}
