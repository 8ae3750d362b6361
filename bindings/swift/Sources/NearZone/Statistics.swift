internal import CNearZone

/// What a log holds in all.
public struct Statistics: Hashable, Sendable {
  /// How many scans, those that heard nothing too.
  public let scans: UInt64
  /// How many sightings.
  public let sightings: UInt64
  /// How many bytes all files have.
  public let bytesOnDisk: UInt64
  /// Where it is true, nothing is erased by age until the clock is right again.
  public let clockInDoubt: Bool

  init(_ raw: nz_statistics) {
    scans = raw.scans
    sightings = raw.sightings
    bytesOnDisk = raw.bytes_on_disk
    clockInDoubt = raw.clock_in_doubt != 0
  }
}

/// Counts of one day.
public struct DayCounts: Hashable, Sendable {
  /// The day, or nil for what was recorded at times that cannot be right.
  public let day: Day?
  /// How many scans, those that heard nothing too.
  public let scans: UInt64
  /// How many sightings.
  public let sightings: UInt64
  /// How many bytes they take on the disk; 0 where that is not counted.
  public let sealedBytes: UInt64

  init(_ raw: nz_day_counts) {
    day = raw.day == NZ_DOUBTFUL_DAY ? nil : Day(number: raw.day)
    scans = raw.scans
    sightings = raw.sightings
    sealedBytes = raw.sealed_bytes
  }
}

/// Why something that was recorded is not there any more.
public enum LossKind: Int32, Sendable, CaseIterable {
  /// What this opening found missing.
  case atOpening = 1
  /// What damage took so far.
  case damage = 2
  /// What went because of the byte budget.
  case budget = 3
}

/// What opening a device found wrong. Nothing, nearly always.
public struct Opening: Hashable, Sendable {
  /// The database was damaged; what could be read was kept.
  public let repaired: Bool
  /// An older copy of the folder was put back.
  public let olderFolder: Bool
  /// How many records of own state are gone.
  public let statesLost: UInt64

  init(_ raw: nz_opening) {
    repaired = raw.repaired != 0
    olderFolder = raw.older_folder != 0
    statesLost = raw.states_lost
  }
}
