#if canImport(CoreBluetooth)
  import Foundation

  /// Sends and hears from its making on. To be made whenever the app is launched, also in the
  /// background, so that iOS can give it back what it restored.
  public final class Radio: Sendable {
    private let ear: Ear
    private let listener: Listener
    private let sender: Sender

    public init(phone: Phone) {
      ear = Ear(phone: phone)
      listener = Listener(ear: ear)
      sender = Sender(phone: phone)
    }

    /// Records what was heard in the minute that is not over yet.
    public func record() async throws {
      try await ear.record()
    }
  }
#endif
