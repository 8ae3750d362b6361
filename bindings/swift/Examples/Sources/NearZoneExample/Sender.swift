#if canImport(CoreBluetooth)
  @preconcurrency import CoreBluetooth
  import Foundation
  import NearZone

  /// Lets other phones ask for the identifier of the hour. iOS lets no app put it into the
  /// advertisement itself.
  ///
  /// @unchecked Sendable: everything that changes is used on its queue.
  final class Sender: NSObject, @unchecked Sendable {
    private static let service = CBUUID(string: Payload.service)
    private static let characteristic = CBUUID(string: Payload.characteristic)

    private let phone: Phone
    private let queue = DispatchQueue(label: "org.nearzone.example.sender")
    private var manager: CBPeripheralManager!
    private var air: Advertisement?
    private var waiting: [CBATTRequest] = []

    init(phone: Phone) {
      self.phone = phone
      super.init()
      manager = CBPeripheralManager(
        delegate: self, queue: queue,
        options: [CBPeripheralManagerOptionRestoreIdentifierKey: "org.nearzone.example.peripheral"])
    }

    private func answer() {
      guard let air, air.validUntil > Date() else { return refresh() }
      let value = Payload.of(air)
      for request in waiting {
        if request.offset > value.count {
          manager.respond(to: request, withResult: .invalidOffset)
        } else {
          request.value = value.dropFirst(request.offset)
          manager.respond(to: request, withResult: .success)
        }
      }
      waiting = []
    }

    private func refresh() {
      Task {
        let air = try? await phone.use { try await $0.advertisement() }
        queue.async { self.use(air) }
      }
    }

    private func use(_ new: Advertisement?) {
      guard let new else {
        for request in waiting { manager.respond(to: request, withResult: .unlikelyError) }
        waiting = []
        return
      }
      air = new
      answer()
    }
  }

  extension Sender: CBPeripheralManagerDelegate {
    func peripheralManagerDidUpdateState(_ manager: CBPeripheralManager) {
      guard manager.state == .poweredOn else { return }
      let service = CBMutableService(type: Self.service, primary: true)
      service.characteristics = [
        // Without a value of its own, it is asked for each time.
        CBMutableCharacteristic(
          type: Self.characteristic, properties: .read, value: nil, permissions: .readable)
      ]
      manager.removeAllServices()
      manager.add(service)
      manager.stopAdvertising()
      manager.startAdvertising([CBAdvertisementDataServiceUUIDsKey: [Self.service]])
    }

    func peripheralManager(_ manager: CBPeripheralManager, willRestoreState state: [String: Any]) {
      // Nothing is taken over: service and advertising are made anew when Bluetooth is on.
    }

    func peripheralManager(
      _ manager: CBPeripheralManager, didReceiveRead request: CBATTRequest
    ) {
      waiting.append(request)
      answer()
    }
  }
#endif
