#if canImport(Security)
  import Foundation
  import NearZone
  import Security

  /// Secrets in the keychain: on this phone only, and readable behind a locked screen, since
  /// Bluetooth wakes the app there.
  public struct KeychainStore: SecretStore {
    public struct Failure: Error {
      public let status: OSStatus
    }

    private let service: String

    public init(service: String) {
      self.service = service
    }

    public func rootSecret() throws -> RootSecret {
      if let kept = try read("root secret") { return try RootSecret(kept) }
      let secret = RootSecret()
      try write(secret.bytes, "root secret")
      return secret
    }

    public func counter() throws -> UInt64 {
      try read("counter")?.reduce(0) { $0 << 8 | UInt64($1) } ?? 0
    }

    public func keep(counter: UInt64) throws {
      try write(withUnsafeBytes(of: counter.bigEndian) { Data($0) }, "counter")
    }

    private func item(_ account: String) -> [String: Any] {
      [
        kSecClass as String: kSecClassGenericPassword,
        kSecAttrService as String: service,
        kSecAttrAccount as String: account,
      ]
    }

    private func read(_ account: String) throws -> Data? {
      var query = item(account)
      query[kSecReturnData as String] = true
      var found: CFTypeRef?
      let status = SecItemCopyMatching(query as CFDictionary, &found)
      if status == errSecItemNotFound { return nil }
      guard status == errSecSuccess, let data = found as? Data else {
        throw Failure(status: status)
      }
      return data
    }

    private func write(_ value: Data, _ account: String) throws {
      let update = [kSecValueData as String: value]
      var status = SecItemUpdate(item(account) as CFDictionary, update as CFDictionary)
      if status == errSecItemNotFound {
        var new = item(account)
        new[kSecValueData as String] = value
        new[kSecAttrAccessible as String] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
        status = SecItemAdd(new as CFDictionary, nil)
      }
      if status != errSecSuccess { throw Failure(status: status) }
    }
  }
#endif
