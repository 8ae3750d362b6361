internal import CNearZone
import Foundation

/// Everything that a log holds, as text: pieces of UTF-8 of some kilobytes.
///
///     for try await piece in device.export(.csv) { try upload(piece) }
///
/// Each iteration begins anew. It holds the decrypted log until it ends; it ends with a
/// `NearZoneError`, with `cancelled` where the task was.
public struct LogExport: AsyncSequence, Sendable {
  /// The form of the text.
  public enum Format: Int32, Sendable, CaseIterable {
    /// Comma-separated values, with a line of names.
    case csv = 1
    /// One JSON object a line.
    case jsonLines = 2
    /// The first, with what this phone itself sent at the time beside each sighting. Nothing is
    /// known of keys that were given away.
    case csvWithOwn = 3
    /// The second, with what this phone itself sent at the time beside each sighting.
    case jsonLinesWithOwn = 4
  }

  private let device: Device
  private let format: Format

  init(of device: Device, as format: Format) {
    self.device = device
    self.format = format
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(device: device, format: format)
  }

  public struct AsyncIterator: AsyncIteratorProtocol {
    let device: Device
    let format: Format
    private var text: LogText?

    init(device: Device, format: Format) {
      self.device = device
      self.format = format
    }

    public mutating func next() async throws -> Data? {
      if text == nil { text = try LogText(of: device, as: format) }
      return try await text?.next()
    }
  }
}

/// A text being read.
///
/// @unchecked Sendable: what changes is used on the worker's queue only, and freed when nothing is
/// left there.
final class LogText: @unchecked Sendable {
  private static let pieceSize = 1 << 16

  private let device: Device
  private let format: LogExport.Format
  private let cancel: Cancel
  private let worker = Worker("export")
  private var text: Reading?

  private final class Reading {
    let handle: ExportHandle
    init(_ made: Made) { handle = ExportHandle(pointer: made.pointer) }
  }

  init(of device: Device, as format: LogExport.Format) throws(NearZoneError) {
    self.device = device
    self.format = format
    cancel = try Cancel()
  }

  func next() async throws(NearZoneError) -> Data? {
    try await worker.run(until: cancel) { [self] () throws(NearZoneError) in try read() }
  }

  func write(to file: FileHandle) async throws {
    let failure: (any Error)? = try await worker.run(until: cancel) {
      [self] () throws(NearZoneError) in
      while let piece = try read() {
        do { try file.write(contentsOf: piece) } catch { return error }
      }
      return nil
    }
    if let failure { throw failure }
  }

  /// On the worker's queue.
  private func read() throws(NearZoneError) -> Data? {
    if text == nil {
      text = Reading(
        try make {
          nz_device_export(device.handle.pointer, format.rawValue, cancel.handle.pointer, $0, $1)
        })
    }
    guard let text else { return nil }
    var piece = Data(count: Self.pieceSize)
    var size = 0
    try call { failure in
      piece.withUnsafeMutableBytes {
        nz_export_read(text.handle.pointer, $0.baseAddress, $0.count, &size, failure)
      }
    }
    return size == 0 ? nil : piece.prefix(size)
  }
}
