#if canImport(CoreBluetooth)
  @preconcurrency import CoreBluetooth
  import Foundation
  import NearZone

  /// Hears other phones, and connects to those it is told to. Android phones tell their identifier in
  /// the advertisement; iPhones, which may not, are asked for it.
  ///
  /// @unchecked Sendable: everything that changes is used on its queue.
  final class Listener: NSObject, @unchecked Sendable {
    private let service: CBUUID
    private let androidService: CBUUID
    private let services: [CBUUID]
    private let characteristic: CBUUID
    private let queue = DispatchQueue(label: "org.nearzone.example.listener")
    private var central: CBCentralManager?
    private weak var radio: Radio?
    private var isWanted = false
    // Those that were heard in this scan, and the one that is asked: the system lets go of others.
    private var heard: [UUID: CBPeripheral] = [:]
    private var asked: CBPeripheral?

    init(_ air: AirIdentity) {
      service = CBUUID(string: air.iosService.text)
      androidService = CBUUID(string: air.service.text)
      services = ((try? air.scannedServices(on: .ios)) ?? []).map { CBUUID(string: $0.text) }
      characteristic = CBUUID(string: Payload.characteristic)
    }

    func begin(_ radio: Radio) {
      queue.async {
        self.radio = radio
        // With an identifier, iOS starts the app again when somebody is heard after it was ended.
        self.central = CBCentralManager(
          delegate: self, queue: self.queue,
          options: [CBCentralManagerOptionRestoreIdentifierKey: "org.nearzone.example.central"])
      }
    }

    func scan() {
      queue.async {
        self.isWanted = true
        self.start()
      }
    }

    func stop() {
      queue.async {
        self.isWanted = false
        self.central?.stopScan()
        self.heard = [:]
      }
    }

    func connect(_ peer: UUID) {
      queue.async {
        guard let peripheral = self.heard[peer] else { return self.answer(peer, nil) }
        self.asked = peripheral
        peripheral.delegate = self
        self.central?.connect(peripheral)
      }
    }

    func disconnect(_ peer: UUID) {
      queue.async { self.letGo(peer) }
    }

    private func start() {
      guard let central, central.state == .poweredOn, isWanted else { return }
      // Behind a locked screen each phone is reported once a scan: so each one is a new one.
      central.stopScan()
      central.scanForPeripherals(withServices: services)
    }

    private func letGo(_ peer: UUID) {
      guard let peripheral = asked, peripheral.identifier == peer else { return }
      asked = nil
      central?.cancelPeripheralConnection(peripheral)
    }

    private func answer(_ peer: UUID, _ value: Data?) {
      letGo(peer)
      Task { [radio] in await radio?.answered(peer, value) }
    }
  }

  extension Listener: CBCentralManagerDelegate {
    func centralManagerDidUpdateState(_ central: CBCentralManager) {
      asked = nil
      let isOn = central.state == .poweredOn
      start()
      Task { [radio] in await radio?.radioIsOn(isOn) }
    }

    func centralManager(_ central: CBCentralManager, willRestoreState state: [String: Any]) {
      let restored = state[CBCentralManagerRestoredStatePeripheralsKey] as? [CBPeripheral] ?? []
      // Nobody knows any more what they were to be asked for.
      for peripheral in restored { central.cancelPeripheralConnection(peripheral) }
    }

    func centralManager(
      _ central: CBCentralManager, didDiscover peripheral: CBPeripheral,
      advertisementData: [String: Any], rssi: NSNumber
    ) {
      heard[peripheral.identifier] = peripheral
      let told = advertisementData[CBAdvertisementDataServiceDataKey] as? [CBUUID: Data]
      let company = advertisementData[CBAdvertisementDataManufacturerDataKey] as? Data
      let (peer, data, rssi) = (peripheral.identifier, told?[androidService], rssi.intValue)
      Task { [radio] in
        await radio?.hear(peer, serviceData: data, manufacturerData: company, rssi: rssi)
      }
    }

    func centralManager(_ central: CBCentralManager, didConnect peripheral: CBPeripheral) {
      peripheral.discoverServices([service])
    }

    func centralManager(
      _ central: CBCentralManager, didFailToConnect peripheral: CBPeripheral, error: (any Error)?
    ) {
      answer(peripheral.identifier, nil)
    }

    func centralManager(
      _ central: CBCentralManager, didDisconnectPeripheral peripheral: CBPeripheral,
      error: (any Error)?
    ) {
      if asked == peripheral { answer(peripheral.identifier, nil) }
    }
  }

  extension Listener: CBPeripheralDelegate {
    func peripheral(_ peripheral: CBPeripheral, didDiscoverServices error: (any Error)?) {
      guard let found = peripheral.services?.first(where: { $0.uuid == service }) else {
        return answer(peripheral.identifier, error == nil ? Data() : nil)
      }
      peripheral.discoverCharacteristics([characteristic], for: found)
    }

    func peripheral(
      _ peripheral: CBPeripheral, didDiscoverCharacteristicsFor service: CBService,
      error: (any Error)?
    ) {
      let found = service.characteristics?.first { $0.uuid == characteristic }
      guard let found else { return answer(peripheral.identifier, error == nil ? Data() : nil) }
      peripheral.readValue(for: found)
    }

    func peripheral(
      _ peripheral: CBPeripheral, didUpdateValueFor characteristic: CBCharacteristic,
      error: (any Error)?
    ) {
      answer(peripheral.identifier, characteristic.value)
    }
  }
#endif
