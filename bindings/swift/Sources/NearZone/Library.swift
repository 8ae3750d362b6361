internal import CNearZone

/// The native library that all of this is made of.
public enum Library {
  /// As "0.1.0".
  public static var version: String { String(cString: nz_version()) }

  private static let verdict = verdict(on: nz_abi_version())

  /// Fails where the library is not one that this package was written for. To be called before
  /// anything is made with it.
  static func check() throws(NearZoneError) {
    try verdict.get()
  }

  static func verdict(on abiVersion: UInt32) -> Result<Void, NearZoneError> {
    if abiVersion == NZ_ABI_VERSION { return .success(()) }
    return .failure(
      NearZoneError(
        .unsupported,
        "the NearZone library has version \(abiVersion) of the C interface; "
          + "this Swift package was written for version \(NZ_ABI_VERSION)",
        field: "nz_abi_version"))
  }
}
