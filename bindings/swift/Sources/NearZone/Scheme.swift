/// How identifiers are made of keys.
public enum Scheme: Int32, Sendable, CaseIterable {
  /// 12-byte identifiers, 32-byte keys.
  case bluezone = 1
  /// Exposure Notification: 16-byte identifiers and keys.
  case gaen = 2
  /// DP-3T low-cost: 16-byte identifiers, 32-byte keys.
  case dp3tLowCost = 3
  /// DP-3T hybrid: 16-byte identifiers and keys.
  case dp3tHybrid = 4
  /// Temporary Contact Numbers: 16-byte identifiers, 32-byte keys.
  case tcn = 5
  /// DP-3T unlinkable: 16-byte identifiers, 32-byte keys.
  case dp3tUnlinkable = 6

  /// How many bytes an identifier has.
  public var identifierSize: Int {
    switch self {
    case .bluezone: 12
    default: 16
    }
  }

  /// How many bytes a published key has.
  public var keySize: Int {
    switch self {
    case .gaen, .dp3tHybrid: 16
    default: 32
    }
  }
}

/// How a sighting came through the air.
public enum HeardBy: Int32, Sendable, CaseIterable {
  /// In an advertisement.
  case advertisement = 0
  /// Read over a connection, as phones in the background need it.
  case gatt = 1
}

/// How an infection is known.
public enum ReportType: Int32, Sendable, CaseIterable {
  /// The list does not say.
  case unknown = 0
  /// By a test.
  case confirmedTest = 1
  /// By a doctor, without a test.
  case confirmedClinicalDiagnosis = 2
  /// By the person.
  case selfReport = 3
  /// By having been near an infected person; the standard reserves it.
  case recursive = 4
  /// Published before, and taken back since.
  case revoked = 5
}
