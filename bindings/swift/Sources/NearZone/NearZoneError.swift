internal import CNearZone
import Foundation

/// A failure, of any part of NearZone. Everything that fails with a `NearZoneError` fails with
/// nothing else, unless it says so. No text of it ever holds an identifier, a key, or a file's name.
public struct NearZoneError: Error, Equatable, Sendable {
  /// What kind of failure it is.
  public enum Code: Hashable, Sendable {
    /// The caller asked for something that cannot be.
    case invalidArgument
    /// Foreign or stored bytes are malformed or damaged.
    case corrupt
    /// A log was opened with a root secret that is not its own.
    case wrongKey
    /// No given public key verifies the list.
    case signatureRefused
    /// There is no such thing.
    case notFound
    /// The operating system failed a read or a write.
    case io
    /// The disk or a byte budget is full.
    case noSpace
    /// Another process holds the log.
    case inUse
    /// Written by a newer version of NearZone.
    case newerFormat
    /// What was asked for is not there, in this version or on this device.
    case unsupported
    /// The task was cancelled.
    case cancelled
    /// Input is larger than a stated limit.
    case limitExceeded
    /// The object was suspended or used up.
    case closed
    /// Only the person can agree to that.
    case consentRequired
    /// A fault of NearZone's own.
    case `internal`
    /// A code of a newer library, which this version does not know.
    case unknown(code: Int32)
  }

  /// What kind of failure it is.
  public let code: Code
  /// One sentence that a developer can act on, with field and position.
  public let message: String
  /// The field, option or member that is wrong, where one is.
  public let field: String?
  /// The byte offset in the input at which the fault was seen.
  public let offset: Int64?
  /// The zero-based index of the record (key, sighting, line) at fault.
  public let record: Int64?

  init(_ code: Code, _ message: String, field: String? = nil) {
    self.code = code
    self.message = message
    self.field = field
    offset = nil
    record = nil
  }

  /// Of the C interface, whose error it frees.
  init(taking made: Made) {
    let failure = made.pointer
    defer { nz_error_free(failure) }
    code = Code(nz_error_code(failure))
    message = String(cString: nz_error_message(failure))
    let field = String(cString: nz_error_field(failure))
    self.field = field.isEmpty ? nil : field
    let offset = nz_error_offset(failure)
    self.offset = offset < 0 ? nil : offset
    let record = nz_error_record(failure)
    self.record = record < 0 ? nil : record
  }

  /// The same, which is missing where there was no memory for it.
  init(_ number: Int32, taking failure: OpaquePointer?) {
    if let failure {
      self.init(taking: Made(pointer: failure))
    } else {
      self.init(Code(number), "there is no memory left to say more")
    }
  }
}

extension NearZoneError.Code {
  /// The number of the C interface, where this version knows it.
  init(_ number: Int32) {
    switch number {
    case NZ_INVALID_ARGUMENT: self = .invalidArgument
    case NZ_CORRUPT: self = .corrupt
    case NZ_WRONG_KEY: self = .wrongKey
    case NZ_SIGNATURE_REFUSED: self = .signatureRefused
    case NZ_NOT_FOUND: self = .notFound
    case NZ_IO: self = .io
    case NZ_NO_SPACE: self = .noSpace
    case NZ_IN_USE: self = .inUse
    case NZ_NEWER_FORMAT: self = .newerFormat
    case NZ_UNSUPPORTED: self = .unsupported
    case NZ_CANCELLED: self = .cancelled
    case NZ_LIMIT_EXCEEDED: self = .limitExceeded
    case NZ_CLOSED: self = .closed
    case NZ_CONSENT_REQUIRED: self = .consentRequired
    case NZ_INTERNAL: self = .internal
    default: self = .unknown(code: number)
    }
  }
}

extension NearZoneError: CustomStringConvertible, LocalizedError {
  public var description: String { message }
  public var errorDescription: String? { message }
}
