import Foundation
import NearZone

/// An Exposure Notification export of keys, unsigned.
enum Export {
  static func of(_ keys: [PublishedKey]) -> Data {
    var export = Message()
    export.bytes = Data("EK Export v1    ".utf8)
    export.fixed64(1, UInt64(Phones.day.start.timeIntervalSince1970))
    export.fixed64(2, UInt64(Phones.day.start.timeIntervalSince1970 + 86_400))
    export.field(3, Data("VN".utf8))
    export.varint(4, 1)
    export.varint(5, 1)
    for key in keys {
      let start = UInt64(key.validFrom.timeIntervalSince1970) / 600
      var message = Message()
      message.field(1, key.bytes)
      message.varint(3, start)
      message.varint(4, UInt64(key.validTo.timeIntervalSince1970) / 600 - start)
      message.varint(5, UInt64(key.reportType.rawValue))
      export.field(7, message.bytes)
    }
    return export.bytes
  }

  /// Keys that nobody was near of, for lists that take time.
  static func strangers(_ count: Int) throws -> [PublishedKey] {
    try (0..<count).map { number in
      let bytes = Data(
        (0..<16).map { $0 < 4 ? UInt8(truncatingIfNeeded: number >> (8 * $0)) : 0xee })
      return try PublishedKey(
        .gaen, bytes: bytes, validFrom: Phones.day.start,
        validTo: Phones.day.start.addingTimeInterval(86_400), identifiersPerDay: 144)
    }
  }

  /// Fields of a protobuf message.
  private struct Message {
    var bytes = Data()

    mutating func varint(_ field: Int, _ value: UInt64) {
      raw(UInt64(field) << 3)
      raw(value)
    }

    mutating func fixed64(_ field: Int, _ value: UInt64) {
      raw(UInt64(field) << 3 | 1)
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func field(_ field: Int, _ value: Data) {
      raw(UInt64(field) << 3 | 2)
      raw(UInt64(value.count))
      bytes.append(value)
    }

    private mutating func raw(_ value: UInt64) {
      var value = value
      while value > 0x7f {
        bytes.append(UInt8(value & 0x7f | 0x80))
        value >>= 7
      }
      bytes.append(UInt8(value))
    }
  }
}
