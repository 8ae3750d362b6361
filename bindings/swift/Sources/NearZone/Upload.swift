internal import CNearZone
import Foundation

/// Where an upload stands.
public enum UploadState: Int32, Sendable, CaseIterable {
  /// It waits for the person to enter a code.
  case codeNeeded = 0
  /// The code is to be sent.
  case codeEntered = 1
  /// The code's token is to be turned into a certificate.
  case verified = 2
  /// The keys are to be sent.
  case certified = 3
  /// The server has the keys; a further code revises what it says of them.
  case accepted = 4
}

/// Why the last answer to an upload was not what it should be. Up to `revisionRefused` the person
/// needs a new code; after the others the upload waits, and tries again.
public enum UploadProblem: Int32, Sendable, CaseIterable {
  /// There is none.
  case none = 0
  /// The code is unknown, or was used before.
  case codeRefused = 1
  /// The code is too old.
  case codeExpired = 2
  /// The code is for a kind of report that this app cannot make.
  case reportRefused = 3
  /// Too much time passed between two steps.
  case tokenRefused = 4
  /// Likewise, or the servers do not fit each other.
  case certificateRefused = 5
  /// All keys are, by now, too old or otherwise refused.
  case keysRefused = 6
  /// The server says that the keys cannot be stated anew.
  case revisionRefused = 7
  /// The app's settings are wrong: its API key, or its health authority.
  case appRefused = 8
  /// The server asks to wait.
  case busy = 9
  /// A fault of the server.
  case serverFailed = 10
  /// No answer came.
  case unreachable = 11
  /// The answer was none that a server gives.
  case answerMalformed = 12
}

/// Which of the health authority's servers a request goes to. They may be one.
public enum UploadServer: Int32, Sendable, CaseIterable {
  /// It turns a code into a certificate, and wants the app's X-API-Key.
  case verification = 0
  /// It takes the keys.
  case keyServer = 1
}

/// One request of an upload.
public enum UploadStep: Int32, Sendable, CaseIterable {
  /// Code to token.
  case verify = 1
  /// Token to certificate.
  case certify = 2
  /// Certificate and keys.
  case publish = 3
  /// One-time code and day keys.
  case reportBluezone = 4
}

/// Where an upload stands, for the person to see. Holds no key, code or token.
public struct UploadStatus: Hashable, Sendable {
  /// Where it stands.
  public let state: UploadState
  /// Why the last answer was not what it should be.
  public let problem: UploadProblem
  /// Whether the server did not take all keys.
  public let isPartlyRefused: Bool
  /// What the code stands for, once it is verified.
  public let reportType: ReportType
  /// How many keys it has.
  public let keys: Int
  /// How many of them were new to the server.
  public let keysInserted: Int
  /// When the person consented.
  public let consentedAt: Date
  /// When the next request may be made.
  public let wakeAt: Date

  init(_ raw: nz_upload_status) {
    state = UploadState(rawValue: raw.state) ?? .codeNeeded
    problem = UploadProblem(rawValue: raw.problem) ?? .none
    isPartlyRefused = raw.partly_refused != 0
    reportType = ReportType(rawValue: raw.report_type) ?? .unknown
    keys = Int(raw.keys)
    keysInserted = Int(raw.keys_inserted)
    consentedAt = Date(milliseconds: raw.consented_at_ms)
    wakeAt = Date(milliseconds: raw.wake_at_ms)
  }
}

/// One HTTP request to make: a POST of the body with `Content-Type: application/json` and the
/// marking header with the value 1, and nothing else that tells a real upload from cover traffic.
public final class UploadRequest: Sendable, Discreet {
  /// Which request of an upload it is.
  public let step: UploadStep
  /// Which server it goes to.
  public let server: UploadServer
  /// Whether it is cover traffic.
  public let isChaff: Bool
  /// The path below the server's base URL, with a slash in front.
  public let path: String
  /// The name of the header whose value is 1.
  public let markingHeader: String
  /// What is to be sent.
  public let body: Data

  let handle: UploadRequestHandle

  fileprivate init(_ made: Made) throws(NearZoneError) {
    handle = UploadRequestHandle(pointer: made.pointer)
    var info = nz_upload_request_info.sized
    try call { nz_upload_request_get_info(made.pointer, &info, $0) }
    step = UploadStep(rawValue: info.step) ?? .verify
    server = UploadServer(rawValue: info.server) ?? .verification
    isChaff = info.chaff != 0
    path = String(cString: info.path)
    markingHeader = String(cString: info.marking_header)
    body = Data(bytes: info.body, count: Int(info.body_size))
  }

  /// Shows nothing of the body.
  public var description: String { "UploadRequest(\(step))" }
}

extension Device {
  /// For whom an app uploads, and how much cover traffic it sends.
  public struct UploadOptions: Equatable, Sendable {
    /// The app's name at the key server, such as "org.example.app".
    public var healthAuthority: String
    /// Mean time between two rounds of cover traffic: an hour to 30 days; zero sends none.
    public var chaffGap: Duration

    /// The defaults, for a health authority.
    public init(healthAuthority: String) {
      var raw = nz_upload_config.sized
      nz_upload_config_init(&raw)
      self.healthAuthority = healthAuthority
      chaffGap = .milliseconds(raw.chaff_gap_ms)
    }

    fileprivate func withRaw(_ body: (UnsafePointer<nz_upload_config>) -> Int32) -> Int32 {
      healthAuthority.withCString { name in
        var raw = nz_upload_config.sized
        raw.health_authority = name
        raw.chaff_gap_ms = chaffGap.wholeMilliseconds
        return body(&raw)
      }
    }
  }

  /// Gives away keys as `disclose` does, as an upload that stays pending, sealed in the log, until
  /// the server accepts it or the person discards it, but no longer than 15 days: then no server
  /// takes any of the keys. One that is there already is added to.
  ///
  /// - Parameters:
  ///   - consent: The person's yes.
  ///   - days: How many days, 1 to 14.
  public func beginUpload(_ consent: PersonConsents, days: Int = 14) async throws(NearZoneError) {
    try await worker.run { [self] () throws(NearZoneError) in
      try call {
        nz_device_begin_upload(handle.pointer, NZ_THE_PERSON_CONSENTS, Int32(clamping: days), $0)
      }
    }
  }

  /// Takes the code that the person was given. Of an upload that was accepted, it revises the
  /// report.
  ///
  /// - Throws: `invalidArgument` where it cannot be a code; `notFound` where there is no upload.
  public func enterUploadCode(_ code: String) async throws(NearZoneError) {
    try await worker.run { [self] () throws(NearZoneError) in
      try call { failure in
        code.withCString { nz_device_enter_upload_code(handle.pointer, $0, failure) }
      }
    }
  }

  /// Forgets the upload: keys that no server has are then lost, as the person wants it.
  public func discardUpload() async throws(NearZoneError) {
    try await worker.run { [self] () throws(NearZoneError) in
      try call { nz_device_discard_upload(handle.pointer, $0) }
    }
  }

  /// Where the upload stands. Fails with `notFound` where there is none.
  public func uploadStatus() async throws(NearZoneError) -> UploadStatus {
    try await worker.run { [self] () throws(NearZoneError) in
      var status = nz_upload_status.sized
      try call { nz_device_upload_status(handle.pointer, &status, $0) }
      return UploadStatus(status)
    }
  }

  /// What to send now: the next step of the upload, or cover traffic, or nothing. To be asked until
  /// there is nothing, by one caller at a time, whenever `uploadWakeAt` has come or the person
  /// entered a code.
  public func uploadRequest(_ options: UploadOptions) async throws(NearZoneError) -> UploadRequest?
  {
    try await worker.run { [self] () throws(NearZoneError) in
      var request: OpaquePointer?
      try call { failure in
        options.withRaw { nz_device_upload_request(handle.pointer, $0, &request, failure) }
      }
      guard let request else { return nil }
      return try UploadRequest(Made(pointer: request))
    }
  }

  /// Takes the answer to a request, and stores what follows from it before it returns.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - httpStatus: 0 where no answer came.
  ///   - body: What came back, of which no more than 64 KiB and a byte need be read.
  ///   - retryAfter: Of the header Retry-After.
  ///   - options: The options.
  public func uploadAnswered(
    _ request: UploadRequest, httpStatus: Int, body: Data, retryAfter: Duration? = nil,
    options: UploadOptions
  ) async throws(NearZoneError) {
    try await worker.run { [self] () throws(NearZoneError) in
      try call { failure in
        options.withRaw { raw in
          body.withUnsafeBytes {
            nz_device_upload_answered(
              handle.pointer, raw, request.handle.pointer, Int32(clamping: httpStatus),
              $0.baseAddress, $0.count, retryAfter.milliseconds, failure)
          }
        }
      }
    }
  }

  /// When `uploadRequest` may have something to send; nil where no time will bring it.
  public func uploadWakeAt(_ options: UploadOptions) async throws(NearZoneError) -> Date? {
    try await worker.run { [self] () throws(NearZoneError) in
      var wakeAt: Int64 = 0
      try call { failure in
        options.withRaw { nz_device_upload_wake_at(handle.pointer, $0, &wakeAt, failure) }
      }
      return wakeAt == .min ? nil : Date(milliseconds: wakeAt)
    }
  }
}

extension Duration? {
  /// Of a header Retry-After.
  var milliseconds: Int64 { map { Swift.max($0.wholeMilliseconds, 0) } ?? -1 }
}
