import Foundation
import NearZone

/// What phones tell each other: an identifier and its metadata, one after the other.
enum Payload {
  /// To be replaced by a number of one's own, which the Bluetooth SIG assigns to its members.
  static let service = "FFF0"
  /// Of the value that phones in the background are asked for.
  static let characteristic = "A3D3E9B6-6D7B-4C57-9C3A-2F3A6A1D4C10"

  static func of(_ air: Advertisement) -> Data { air.identifier + air.metadata }

  /// Nil where it is nothing of ours.
  static func read(_ data: Data, at time: Date, rssi: Int, heardBy: HeardBy) -> Sighting? {
    let size = Scheme.gaen.identifierSize
    guard data.count == size + 4 else { return nil }
    // Bluetooth's own sign for a strength that is not known.
    return try? Sighting(
      .gaen, identifier: data.prefix(size), at: time, rssi: rssi == 127 ? nil : rssi,
      heardBy: heardBy, metadata: data.suffix(4))
  }
}
