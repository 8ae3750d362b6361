import Foundation
import NearZone

extension Phone {
  /// The keys of the last two weeks. To be called by the handler of the button with which the person
  /// agrees, and nowhere else; then to be handed to the authority as it wants them.
  public func publish() async throws -> [PublishedKey] {
    try await use { try await $0.disclose(PersonConsents()).takeKeys() }
  }
}
