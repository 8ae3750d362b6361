internal import CNearZone

extension Device {
  /// The options of a device. What is not set has the library's default.
  public struct Configuration: Equatable, Sendable {
    /// What this phone sends; it hears all schemes.
    public var ownScheme: Scheme
    /// Of this phone model.
    public var transmitPowerDBm: Int
    /// How well that is known, 0 to 3.
    public var calibrationConfidence: Int
    /// Of this phone model.
    public var rssiCorrectionDB: Int
    /// Of senders that do not state theirs.
    public var assumedTransmitPowerDBm: Int
    /// 1 to 30.
    public var retentionDays: Int
    /// What a power cut may take.
    public var durability: Durability
    /// Which sightings of one identifier are kept.
    public var deduplication: Deduplication
    /// At least 1 MiB; the oldest days go first, never today.
    public var byteBudget: UInt64
    /// The highest `Device.counter` that the phone's keychain has seen, or 0.
    public var leastCounter: UInt64

    /// The defaults.
    public init() {
      var raw = nz_device_config.sized
      nz_device_config_init(&raw)
      ownScheme = Scheme(rawValue: raw.own_scheme) ?? .gaen
      transmitPowerDBm = Int(raw.transmit_power_dbm)
      calibrationConfidence = Int(raw.calibration_confidence)
      rssiCorrectionDB = Int(raw.rssi_correction_db)
      assumedTransmitPowerDBm = Int(raw.assumed_transmit_power_dbm)
      retentionDays = Int(raw.retention_days)
      durability = Durability(rawValue: raw.durability) ?? .powerLoss
      deduplication = Deduplication(rawValue: raw.deduplication) ?? .raw
      byteBudget = raw.byte_budget
      leastCounter = raw.least_counter
    }

    /// Takes over what is known of this phone model.
    public mutating func calibrate(by known: Calibration) {
      transmitPowerDBm = known.transmitPowerDBm
      calibrationConfidence = known.confidence
      rssiCorrectionDB = known.rssiCorrectionDB
    }

    // What is out of range stays so, and is refused by the library.
    var raw: nz_device_config {
      var raw = nz_device_config.sized
      raw.own_scheme = ownScheme.rawValue
      raw.transmit_power_dbm = Int32(clamping: transmitPowerDBm)
      raw.calibration_confidence = Int32(clamping: calibrationConfidence)
      raw.rssi_correction_db = Int32(clamping: rssiCorrectionDB)
      raw.assumed_transmit_power_dbm = Int32(clamping: assumedTransmitPowerDBm)
      raw.retention_days = Int32(clamping: retentionDays)
      raw.durability = durability.rawValue
      raw.deduplication = deduplication.rawValue
      raw.byte_budget = byteBudget
      raw.least_counter = leastCounter
      return raw
    }
  }

  /// What a power cut may take.
  public enum Durability: Int32, Sendable, CaseIterable {
    /// Nothing: synced before recording returns.
    case powerLoss = 0
    /// The newest scans.
    case lastMoments = 1
  }

  /// Which sightings of one identifier are kept.
  public enum Deduplication: Int32, Sendable, CaseIterable {
    /// All.
    case raw = 0
    /// None within five seconds of the last one kept, as Bluezone.
    case fiveSeconds = 1
    /// Of each scan the first.
    case scan = 2
  }
}
