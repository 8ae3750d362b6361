#if canImport(CoreBluetooth)
  @preconcurrency import CoreBluetooth
  import Foundation
  import NearZone

  /// Hears other phones. Android phones tell their identifier in the advertisement; iPhones, which may
  /// not, are connected to and asked for it.
  ///
  /// @unchecked Sendable: everything that changes is used on its queue.
  final class Listener: NSObject, @unchecked Sendable {
    private static let service = CBUUID(string: Payload.service)
    private static let characteristic = CBUUID(string: Payload.characteristic)

    private let ear: Ear
    private let queue = DispatchQueue(label: "org.nearzone.example.listener")
    private var central: CBCentralManager!
    // Those that are being asked, and how strongly each was heard: the system lets go of others.
    private var asked: [CBPeripheral: Int] = [:]

    init(ear: Ear) {
      self.ear = ear
      super.init()
      // With an identifier, iOS starts the app again when somebody is heard after it was ended.
      central = CBCentralManager(
        delegate: self, queue: queue,
        options: [CBCentralManagerOptionRestoreIdentifierKey: "org.nearzone.example.central"])
    }

    private func scan() {
      guard central.state == .poweredOn else { return }
      // Behind a locked screen each phone is reported once a scan: so a new one is begun again and
      // again.
      central.stopScan()
      central.scanForPeripherals(withServices: [Self.service])
    }

    private func hear(_ data: Data, rssi: Int, heardBy: HeardBy) {
      guard let sighting = Payload.read(data, at: Date(), rssi: rssi, heardBy: heardBy) else {
        return
      }
      Task {
        if (try? await ear.hear(sighting)) == true { queue.async { self.scan() } }
      }
    }

    private func letGo(of peripheral: CBPeripheral) {
      asked[peripheral] = nil
      central.cancelPeripheralConnection(peripheral)
    }
  }

  extension Listener: CBCentralManagerDelegate {
    func centralManagerDidUpdateState(_ central: CBCentralManager) {
      asked = [:]
      scan()
    }

    func centralManager(_ central: CBCentralManager, willRestoreState state: [String: Any]) {
      let restored = state[CBCentralManagerRestoredStatePeripheralsKey] as? [CBPeripheral] ?? []
      for peripheral in restored {
        peripheral.delegate = self
        asked[peripheral] = 127
      }
    }

    func centralManager(
      _ central: CBCentralManager, didDiscover peripheral: CBPeripheral,
      advertisementData: [String: Any], rssi: NSNumber
    ) {
      let told = advertisementData[CBAdvertisementDataServiceDataKey] as? [CBUUID: Data]
      if let data = told?[Self.service] {
        hear(data, rssi: rssi.intValue, heardBy: .advertisement)
      } else if asked[peripheral] == nil {
        asked[peripheral] = rssi.intValue
        peripheral.delegate = self
        central.connect(peripheral)
      }
    }

    func centralManager(_ central: CBCentralManager, didConnect peripheral: CBPeripheral) {
      peripheral.discoverServices([Self.service])
    }

    func centralManager(
      _ central: CBCentralManager, didFailToConnect peripheral: CBPeripheral, error: (any Error)?
    ) {
      letGo(of: peripheral)
    }

    func centralManager(
      _ central: CBCentralManager, didDisconnectPeripheral peripheral: CBPeripheral,
      error: (any Error)?
    ) {
      asked[peripheral] = nil
    }
  }

  extension Listener: CBPeripheralDelegate {
    func peripheral(_ peripheral: CBPeripheral, didDiscoverServices error: (any Error)?) {
      guard let service = peripheral.services?.first(where: { $0.uuid == Self.service }) else {
        return letGo(of: peripheral)
      }
      peripheral.discoverCharacteristics([Self.characteristic], for: service)
    }

    func peripheral(
      _ peripheral: CBPeripheral, didDiscoverCharacteristicsFor service: CBService,
      error: (any Error)?
    ) {
      let found = service.characteristics?.first { $0.uuid == Self.characteristic }
      guard let found else { return letGo(of: peripheral) }
      peripheral.readValue(for: found)
    }

    func peripheral(
      _ peripheral: CBPeripheral, didUpdateValueFor characteristic: CBCharacteristic,
      error: (any Error)?
    ) {
      if let data = characteristic.value {
        hear(data, rssi: asked[peripheral] ?? 127, heardBy: .gatt)
      }
      letGo(of: peripheral)
    }
  }
#endif
