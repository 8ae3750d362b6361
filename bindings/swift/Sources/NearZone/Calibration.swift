internal import CNearZone
import Foundation

/// What is known of a phone model. Attenuation is what the sender sent less what was received, and
/// models differ in both by tens of decibels.
///
///     let known = try Calibration(in: table, maker: "Apple", model: "iPhone13,2")
///     configuration.calibrate(by: known)
public struct Calibration: Equatable, Sendable {
  /// What to add to the model's RSSI.
  public let rssiCorrectionDB: Int
  /// The power that the model's advertisements should state.
  public let transmitPowerDBm: Int
  /// 3 where this model was measured, 2 a similar one, 1 the maker's average, 0 the fleet's.
  public let confidence: Int
  /// How it was come by.
  public let source: CalibrationSource

  /// Looks a phone up.
  ///
  /// - Parameters:
  ///   - table: The bytes that `nearzone calibration import` wrote.
  ///   - maker: As the table names it; upper case does not matter.
  ///   - device: As Android's `Build.DEVICE`, or empty where it is not known.
  ///   - model: As the table names it, or empty.
  /// - Throws: `corrupt`, with the offset, on a table that is damaged; `newerFormat`.
  public init(
    in table: Data, maker: String, device: String = "", model: String = ""
  ) throws(NearZoneError) {
    try Library.check()
    var found = nz_calibration.sized
    try call { failure in
      table.withUnsafeBytes {
        nz_calibration_look_up($0.baseAddress, $0.count, maker, device, model, &found, failure)
      }
    }
    rssiCorrectionDB = Int(found.rssi_correction_db)
    transmitPowerDBm = Int(found.transmit_power_dbm)
    confidence = Int(found.confidence)
    source = CalibrationSource(rawValue: found.source) ?? .none
  }
}

/// How what is known of a phone model was come by, from least to best known.
public enum CalibrationSource: Int32, Sendable, CaseIterable {
  /// Of no table.
  case none = 0
  /// The average of all phones.
  case fleet = 1
  /// The average of the maker's phones.
  case maker = 2
  /// Phones of the same device or model name.
  case similarModel = 3
  /// This very model.
  case exactModel = 4
}
