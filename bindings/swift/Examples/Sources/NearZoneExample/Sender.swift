#if canImport(CoreBluetooth)
  @preconcurrency import CoreBluetooth
  import Foundation
  import NearZone

  /// Lets other phones ask for the identifier. iOS lets no app put it into the advertisement itself.
  ///
  /// @unchecked Sendable: everything that changes is used on its queue.
  final class Sender: NSObject, @unchecked Sendable {
    private let service: CBUUID
    private let characteristic: CBUUID
    private let queue = DispatchQueue(label: "org.nearzone.example.sender")
    private var manager: CBPeripheralManager?
    private weak var radio: Radio?
    private var isWanted = false

    init(_ air: AirIdentity) {
      service = CBUUID(string: air.iosService.text)
      characteristic = CBUUID(string: Payload.characteristic)
    }

    func begin(_ radio: Radio) {
      queue.async {
        self.radio = radio
        self.manager = CBPeripheralManager(
          delegate: self, queue: self.queue,
          options: [
            CBPeripheralManagerOptionRestoreIdentifierKey: "org.nearzone.example.peripheral"
          ])
      }
    }

    func advertise() {
      queue.async {
        self.isWanted = true
        self.start()
      }
    }

    func stop() {
      queue.async {
        self.isWanted = false
        self.manager?.stopAdvertising()
      }
    }

    private func start() {
      guard let manager, manager.state == .poweredOn, isWanted else { return }
      manager.stopAdvertising()
      manager.startAdvertising([CBAdvertisementDataServiceUUIDsKey: [service]])
    }

    private func respond(to request: CBATTRequest, with value: Data?) {
      guard let value else {
        manager?.respond(to: request, withResult: .unlikelyError)
        return
      }
      if request.offset > value.count {
        manager?.respond(to: request, withResult: .invalidOffset)
      } else {
        request.value = value.dropFirst(request.offset)
        manager?.respond(to: request, withResult: .success)
      }
    }
  }

  extension Sender: CBPeripheralManagerDelegate {
    func peripheralManagerDidUpdateState(_ manager: CBPeripheralManager) {
      guard manager.state == .poweredOn else { return }
      let served = CBMutableService(type: service, primary: true)
      served.characteristics = [
        // Without a value of its own, it is asked for each time.
        CBMutableCharacteristic(
          type: characteristic, properties: .read, value: nil, permissions: .readable)
      ]
      manager.removeAllServices()
      manager.add(served)
      start()
    }

    func peripheralManager(_ manager: CBPeripheralManager, willRestoreState state: [String: Any]) {
      // Nothing is taken over: service and advertising are made anew when Bluetooth is on.
    }

    func peripheralManager(
      _ manager: CBPeripheralManager, didReceiveRead request: CBATTRequest
    ) {
      let asked = Asked(request: request)
      Task { [radio] in
        let value = await radio?.answer()
        queue.async { self.respond(to: asked.request, with: value) }
      }
    }
  }

  /// A request on its way to the radio and back to its queue.
  ///
  /// @unchecked Sendable: it is touched on the sender's queue only.
  private struct Asked: @unchecked Sendable {
    let request: CBATTRequest
  }
#endif
