import NearZone

/// The numbers on the air: NearZone's own profile under UUIDs of this app's own.
enum Payload {
  /// To be replaced by a number of one's own, which the Bluetooth SIG assigns to its members.
  static let service = "fff0"
  /// To be replaced by a random one.
  static let characteristic = "a3d3e9b6-6d7b-4c57-9c3a-2f3a6a1d4c10"

  static func air() throws -> AirIdentity {
    try AirIdentity(
      service: BluetoothUUID(service), characteristic: BluetoothUUID(characteristic),
      metadata: true)
  }
}
