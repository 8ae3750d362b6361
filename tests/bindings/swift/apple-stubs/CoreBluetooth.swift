// swift-format-ignore-file: AlwaysUseLowerCamelCase
// As much of Apple's module as the example uses, so that the example is compiled where there is none.
import Foundation

// Apple's Foundation has it, this machine's has not.
extension NSNotification.Name {
  public static let NSSystemClockDidChange = Self("NSSystemClockDidChangeNotification")
}

public class CBUUID: NSObject {
  public init(string: String) {}
}
public enum CBManagerState: Int { case unknown, poweredOn }
public class CBManager: NSObject {
  public var state: CBManagerState { .unknown }
}
public class CBAttribute: NSObject {
  public var uuid: CBUUID { CBUUID(string: "") }
}
public struct CBCharacteristicProperties: OptionSet, Sendable {
  public let rawValue: UInt
  public init(rawValue: UInt) { self.rawValue = rawValue }
  public static let read = Self(rawValue: 2)
}
public struct CBAttributePermissions: OptionSet, Sendable {
  public let rawValue: UInt
  public init(rawValue: UInt) { self.rawValue = rawValue }
  public static let readable = Self(rawValue: 1)
}
public class CBCharacteristic: CBAttribute {
  public var value: Data? { nil }
}
public class CBMutableCharacteristic: CBCharacteristic {
  public init(
    type: CBUUID, properties: CBCharacteristicProperties, value: Data?,
    permissions: CBAttributePermissions
  ) {}
}
public class CBService: CBAttribute {
  public var characteristics: [CBCharacteristic]? {
    get { nil }
    set {}
  }
}
public class CBMutableService: CBService {
  public init(type: CBUUID, primary: Bool) {}
}

public class CBPeer: NSObject {
  public var identifier: UUID { UUID() }
}
public class CBPeripheral: CBPeer {
  public weak var delegate: (any CBPeripheralDelegate)? {
    get { nil }
    set {}
  }
  public var services: [CBService]? { nil }
  public func discoverServices(_ services: [CBUUID]?) {}
  public func discoverCharacteristics(_ characteristics: [CBUUID]?, for service: CBService) {}
  public func readValue(for characteristic: CBCharacteristic) {}
}
public protocol CBPeripheralDelegate: AnyObject {
  func peripheral(_ peripheral: CBPeripheral, didDiscoverServices error: (any Error)?)
  func peripheral(
    _ peripheral: CBPeripheral, didDiscoverCharacteristicsFor service: CBService,
    error: (any Error)?)
  func peripheral(
    _ peripheral: CBPeripheral, didUpdateValueFor characteristic: CBCharacteristic,
    error: (any Error)?)
}

public let CBCentralManagerOptionRestoreIdentifierKey = "1"
public let CBCentralManagerRestoredStatePeripheralsKey = "2"
public let CBAdvertisementDataServiceDataKey = "3"
public let CBAdvertisementDataManufacturerDataKey = "4"
public let CBAdvertisementDataServiceUUIDsKey = "4"
public let CBPeripheralManagerOptionRestoreIdentifierKey = "5"

public class CBCentralManager: CBManager {
  public init(
    delegate: (any CBCentralManagerDelegate)?, queue: DispatchQueue?, options: [String: Any]?
  ) {}
  public func scanForPeripherals(withServices: [CBUUID]?, options: [String: Any]? = nil) {}
  public func stopScan() {}
  public func connect(_ peripheral: CBPeripheral, options: [String: Any]? = nil) {}
  public func cancelPeripheralConnection(_ peripheral: CBPeripheral) {}
}
public protocol CBCentralManagerDelegate: AnyObject {
  func centralManagerDidUpdateState(_ central: CBCentralManager)
  func centralManager(_ central: CBCentralManager, willRestoreState dict: [String: Any])
  func centralManager(
    _ central: CBCentralManager, didDiscover peripheral: CBPeripheral,
    advertisementData: [String: Any], rssi RSSI: NSNumber)
  func centralManager(_ central: CBCentralManager, didConnect peripheral: CBPeripheral)
  func centralManager(
    _ central: CBCentralManager, didFailToConnect peripheral: CBPeripheral, error: (any Error)?)
  func centralManager(
    _ central: CBCentralManager, didDisconnectPeripheral peripheral: CBPeripheral,
    error: (any Error)?)
}

public enum CBATTError {
  public enum Code: Int { case success, invalidOffset, unlikelyError }
}
public class CBATTRequest: NSObject {
  public var offset: Int { 0 }
  public var value: Data? {
    get { nil }
    set {}
  }
}
public class CBPeripheralManager: CBManager {
  public init(
    delegate: (any CBPeripheralManagerDelegate)?, queue: DispatchQueue?, options: [String: Any]?
  ) {}
  public func add(_ service: CBMutableService) {}
  public func removeAllServices() {}
  public func startAdvertising(_ advertisementData: [String: Any]?) {}
  public func stopAdvertising() {}
  public func respond(to request: CBATTRequest, withResult result: CBATTError.Code) {}
}
public protocol CBPeripheralManagerDelegate: AnyObject {
  func peripheralManagerDidUpdateState(_ peripheral: CBPeripheralManager)
  func peripheralManager(_ peripheral: CBPeripheralManager, willRestoreState dict: [String: Any])
  func peripheralManager(_ peripheral: CBPeripheralManager, didReceiveRead request: CBATTRequest)
}
