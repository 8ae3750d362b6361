internal import CNearZone
import Foundation

typealias ErrorSlot = UnsafeMutablePointer<OpaquePointer?>

/// Calls a function of the C interface that fails by its code.
func call(_ body: (ErrorSlot) -> Int32) throws(NearZoneError) {
  var failure: OpaquePointer?
  let code = body(&failure)
  if code != NZ_OK { throw NearZoneError(code, taking: failure) }
}

/// Calls one that makes an object.
func make(_ body: (UnsafeMutablePointer<OpaquePointer?>, ErrorSlot) -> Int32)
  throws(NearZoneError) -> Made
{
  try Library.check()
  var made: OpaquePointer?
  try call { body(&made, $0) }
  guard let made else { throw NearZoneError(.internal, "nothing was made") }
  return Made(pointer: made)
}

/// Calls one that gives back a list, until there is room for all of it.
func readAll<Element>(
  capacity first: Int = 64,
  _ body: (UnsafeMutablePointer<Element>?, Int, UnsafeMutablePointer<Int>, ErrorSlot) -> Int32
) throws(NearZoneError) -> [Element] {
  var capacity = first
  while true {
    var failure: OpaquePointer?
    var code = NZ_OK
    var count = 0
    let elements = [Element](unsafeUninitializedCapacity: capacity) { buffer, initialized in
      code = body(buffer.baseAddress, capacity, &count, &failure)
      initialized = code == NZ_OK ? min(count, capacity) : 0
    }
    if code != NZ_OK { throw NearZoneError(code, taking: failure) }
    if count <= capacity { return elements }
    capacity = count
  }
}

/// A struct of the C interface that grows at its end, and is told which size it has here.
protocol Growing {
  init()
  var size: UInt32 { get set }
}

extension Growing {
  static var sized: Self {
    var made = Self()
    made.size = UInt32(MemoryLayout<Self>.size)
    return made
  }
}

extension nz_advertisement: Growing {}
extension nz_air: Growing {}
extension nz_daily_summary_config: Growing {}
extension nz_device_config: Growing {}
extension nz_calibration: Growing {}
extension nz_diagnosis_key_mapping: Growing {}
extension nz_fetch: Growing {}
extension nz_index_config: Growing {}
extension nz_index_status: Growing {}
extension nz_list_config: Growing {}
extension nz_list_info: Growing {}
extension nz_match_config: Growing {}
extension nz_match_report: Growing {}
extension nz_opening: Growing {}
extension nz_plan: Growing {}
extension nz_signature_info: Growing {}
extension nz_signature_report: Growing {}
extension nz_statistics: Growing {}
extension nz_upload_config: Growing {}
extension nz_upload_request_info: Growing {}
extension nz_upload_status: Growing {}
extension nz_transmission: Growing {}

extension URL {
  /// For the C interface, which knows of files only.
  func withPath(_ body: (UnsafePointer<CChar>?) -> Int32) -> Int32 {
    isFileURL ? withUnsafeFileSystemRepresentation(body) : body(nil)
  }

  func requireFile(_ field: String) throws(NearZoneError) {
    if !isFileURL { throw NearZoneError(.invalidArgument, "not the URL of a file", field: field) }
  }
}

extension Date {
  // A Date's seconds are fine enough for any millisecond of the next hundred thousand years to come
  // back as it was.
  init(milliseconds: Int64) {
    self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
  }

  func milliseconds(_ field: String) throws(NearZoneError) -> Int64 {
    guard let exact = Int64(exactly: (timeIntervalSince1970 * 1000).rounded()) else {
      throw NearZoneError(.invalidArgument, "not a time that can be", field: field)
    }
    return exact
  }
}

extension Duration {
  /// Without what is less; the longest that can be told stands for all that are longer.
  var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    if overflow { return seconds < 0 ? .min : .max }
    let (sum, tooMuch) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
    return tooMuch ? (seconds < 0 ? .min : .max) : sum
  }
}

extension Int? {
  /// Of a number of the C interface that may not be known.
  init(known number: Int32) {
    self = number == nz_swift_unknown() ? nil : Int(number)
  }
}

extension Data {
  /// The first bytes of a C array.
  init<Bytes>(first count: Int, of bytes: Bytes) {
    self = Swift.withUnsafeBytes(of: bytes) { Data($0.prefix(count)) }
  }
}

/// Whether two structs without padding have the same bytes.
func sameBytes<Value>(_ left: Value, _ right: Value) -> Bool {
  withUnsafeBytes(of: left) { left in
    withUnsafeBytes(of: right) { right in left.elementsEqual(right) }
  }
}

/// Copies into an array of a C struct, and says whether there was room for all. What is left of the
/// array stays as it is.
func copyBytes<Bytes>(_ source: borrowing Data, to destination: inout Bytes) -> Bool {
  #if compiler(>=6.2)
    // Data's span is read without the checks of exclusive access that each of its properties costs.
    let source = source.bytes
  #endif
  return withUnsafeMutableBytes(of: &destination) { room in
    source.withUnsafeBytes { bytes in
      guard bytes.count <= room.count else { return false }
      room.copyMemory(from: bytes)
      return true
    }
  }
}

/// Of 0, 1, 4, 12 or 16 bytes, with zeros behind them.
func littleEndianNumbers(_ source: borrowing Data) -> (UInt64, UInt64) {
  #if compiler(>=6.2)
    // Data's span is read without the checks of exclusive access that each of its properties costs.
    let source = source.bytes
  #endif
  return source.withUnsafeBytes { bytes in
    func number<Number: FixedWidthInteger>(_ type: Number.Type, at offset: Int) -> UInt64 {
      let stored = bytes.loadUnaligned(fromByteOffset: offset, as: type)
      return UInt64(truncatingIfNeeded: Number(littleEndian: stored))
    }
    return switch bytes.count {
    case 16: (number(UInt64.self, at: 0), number(UInt64.self, at: 8))
    case 12: (number(UInt64.self, at: 0), number(UInt32.self, at: 8))
    case 4: (number(UInt32.self, at: 0), 0)
    case 1: (number(UInt8.self, at: 0), 0)
    default: (0, 0)
    }
  }
}
