// swift-format-ignore-file: AlwaysUseLowerCamelCase
// As much of Apple's module as the example uses, so that the example is compiled where there is none.
public typealias OSStatus = Int32
public typealias CFTypeRef = AnyObject
public typealias CFDictionary = [String: Any]

public let errSecSuccess: OSStatus = 0
public let errSecItemNotFound: OSStatus = -25300
public let kSecClass = "1"
public let kSecClassGenericPassword = "2"
public let kSecAttrService = "3"
public let kSecAttrAccount = "4"
public let kSecReturnData = "5"
public let kSecValueData = "6"
public let kSecAttrAccessible = "7"
public let kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly = "8"

public func SecItemCopyMatching(
  _ query: CFDictionary, _ result: UnsafeMutablePointer<CFTypeRef?>?
) -> OSStatus { 0 }
public func SecItemUpdate(_ query: CFDictionary, _ update: CFDictionary) -> OSStatus { 0 }
public func SecItemAdd(_ new: CFDictionary, _ result: UnsafeMutablePointer<CFTypeRef?>?)
  -> OSStatus
{ 0 }
