#if canImport(CoreBluetooth)
  import Foundation
  import NearZone

  /// Sends and hears from its making on, as its planner says. To be made whenever the app is launched,
  /// also in the background, so that iOS can give it back what it restored.
  ///
  /// In the background iOS runs the app when somebody is heard or asks only: so the planner is asked
  /// at each of these, and by a timer for as long as the app runs.
  public actor Radio {
    private let phone: Phone
    private let ear: Ear
    private let air: AirIdentity
    private let planner: Planner
    private let listener: Listener
    private let sender: Sender
    private var sent: Transmission?
    private var strengths: [UUID: Int] = [:]
    private var timer: Task<Void, Never>?
    private var following: Task<Void, Never>?
    private let begun = ContinuousClock.now

    public init(phone: Phone) throws {
      self.phone = phone
      ear = Ear(phone: phone)
      air = try Payload.air()
      planner = try Planner(
        for: air.scheme, following: Plan(of: air.scheme, on: .ios))
      listener = Listener(air)
      sender = Sender(air)
      listener.begin(self)
      sender.begin(self)
      // Set, the clock may stand in another slot: what is on the air is not the identifier's any more.
      _ = NotificationCenter.default.addObserver(
        forName: .NSSystemClockDidChange, object: nil, queue: nil
      ) { [weak self] _ in Task { await self?.follow() } }
      Task { await self.follow() }
    }

    /// Records what was heard in the scan that is not over yet.
    public func record() async throws {
      try await ear.record()
    }

    /// To be called when keys were given away.
    public func renew() async throws {
      try planner.renew()
      await follow()
    }

    public func set(_ state: AppState) async throws {
      try planner.set(state)
      await follow()
    }

    private var uptime: Duration { begun.duration(to: .now) }

    /// One after another: whoever calls it finds done what the planner said before.
    public func follow() async {
      let before = following
      let now = Task {
        await before?.value
        await self.doWhatIsDue()
      }
      following = now
      await now.value
    }

    private func doWhatIsDue() async {
      guard let todo = try? planner.advance(to: Date(), uptime: uptime) else { return }
      timer?.cancel()
      timer = Task {
        try? await Task.sleep(for: todo.pause)
        if !Task.isCancelled { await self.follow() }
      }
      for action in todo.actions { await carryOut(action) }
    }

    private func carryOut(_ action: Action) async {
      switch action.kind {
      case .advertise:
        let air = air
        sent = try? await phone.use { try await $0.transmission(air, on: .ios) }
        sender.advertise()
      case .stopAdvertising:
        sent = nil
        sender.stop()
      case .scan:
        await ear.begin(at: Date())
        listener.scan()
      case .stopScanning:
        listener.stop()
        strengths = [:]
        try? await ear.record()
      case .connect: listener.connect(action.peer)
      case .disconnect: listener.disconnect(action.peer)
      }
    }

    /// What whoever asks is told.
    func answer() async -> Data? {
      await follow()
      return sent?.payload
    }

    func radioIsOn(_ isOn: Bool) async {
      try? planner.setRadio(isOn: isOn)
      await follow()
    }

    func hear(_ peer: UUID, serviceData: Data?, manufacturerData: Data?, rssi: Int) async {
      let told = [(serviceData, Form.serviceData), (manufacturerData, Form.manufacturerData)]
      let heard = told.lazy.compactMap { data, form in
        data.flatMap { try? self.air.decode($0, as: form) }
      }.first { $0.finding == .identifier }
      if let heard {
        await add(heard, rssi: rssi, heardBy: .advertisement)
      } else if let known = try? planner.heard(peer, rssi: rssi, at: Date(), uptime: uptime) {
        strengths[peer] = rssi
        if known.finding == .identifier { await add(known, rssi: rssi, heardBy: .gatt) }
      }
      await follow()
    }

    /// - Parameter value: What the characteristic has; nil where the peer could not be reached, and
    ///   nothing of a stranger.
    func answered(_ peer: UUID, _ value: Data?) async {
      let heard = value.flatMap { try? air.decode($0, as: .gattValue) }
      try? planner.answered(peer, heard, at: Date(), uptime: uptime)
      if let heard, heard.finding == .identifier {
        await add(heard, rssi: strengths[peer] ?? 127, heardBy: .gatt)
      }
      await follow()
    }

    private func add(_ heard: Heard, rssi: Int, heardBy: HeardBy) async {
      // Bluetooth's own sign for a strength that is not known.
      let rssi = rssi == 127 ? nil : rssi
      guard let sighting = try? heard.sighting(at: Date(), rssi: rssi, heardBy: heardBy) else {
        return
      }
      await ear.hear(sighting)
    }
  }
#endif
