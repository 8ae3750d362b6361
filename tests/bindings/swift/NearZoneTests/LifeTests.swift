import Foundation
import NearZone
import NearZoneTesting
import Testing

/// What an app does with a device, from the first start to giving keys away.
@Suite struct LifeTests {
  @Test func tellsWhoWasNearWhomAndForHowLong() async throws {
    let phones = try await Phones()
    try await phones.meet(minutes: 60)
    let list = try await KeyList(Export.of(phones.disclose()))
    var options = Match.Options()
    options.acceptUnverifiedLists = true
    let found = try await phones.well.device.match(list, verifiedBy: nil, options: options).finish()

    #expect(found.isDone)
    #expect(!found.isKnown)
    #expect(found.signature == .unsigned)
    #expect(found.keysTried == found.keysInList)
    let exposure = try #require(found.exposures.first)
    #expect(found.exposures.count == 1)
    #expect(exposure.day == Phones.day)
    #expect(exposure.duration >= Phones.minute * 55)
    #expect(try #require(exposure.minimumAttenuationDB) > 0)
    #expect(try await phones.well.device.exposures() == found.exposures)

    let again = try await phones.well.device.match(list, verifiedBy: nil, options: options).finish()
    #expect(again.isKnown)
    #expect(again.exposures == found.exposures)
    let own = try await phones.ill.device.match(list, verifiedBy: nil, options: options).finish()
    #expect(own.exposures == [])
  }

  @Test func checksASignedListOfAFile() async throws {
    let phones = try await Phones()
    let url = Repository.fixture("gaen_signed.zip")
    let list = try await KeyList(contentsOf: url)
    var keys = list.keys.makeAsyncIterator()
    let key = try #require(try await keys.next())
    // Somebody of the list stood by for an hour, as its identifiers have it.
    try await phones.well.setTime(key.validTo)
    let heard = try key.broadcasts().prefix(6).map { sent in
      let time = sent.start.addingTimeInterval(60)
      return Scan(
        start: time, previousStart: time.addingTimeInterval(-300),
        sightings: [try Sighting(.gaen, identifier: sent.identifier, at: time, rssi: -60)])
    }
    try await phones.well.device.record(heard)

    let authority = try Repository.publicKeys("other_p256_public.pem", "p256_public.pem")
    let found = try await phones.well.device.check(listAt: url, verifiedBy: authority)
    #expect(found.signature == .verified)
    #expect(found.exposures.map(\.day) == [Day(containing: key.validFrom)])
    #expect(try await phones.well.device.exposures() == found.exposures)
  }

  @Test func recordsOnTheThreadThatCalls() async throws {
    let phones = try await Phones()
    let device = phones.well.device
    let heard = try Sighting(
      .gaen, identifier: Data(repeating: 7, count: 16), at: Phones.noon, rssi: -60)
    let scans = [Scan(start: Phones.noon, sightings: [heard]), Scan(start: Phones.noon)]
    func record() throws {
      try device.record(scans)
      try device.record(Scan(start: Phones.noon.addingTimeInterval(300)))
      let never = Date(timeIntervalSince1970: .nan)
      #expect(throws: NearZoneError.self) { try device.record(Scan(start: never)) }
    }
    try record()
    let statistics = try await device.statistics()
    #expect(statistics.scans == 3)
    #expect(statistics.sightings == 1)
  }

  @Test func sendsOneIdentifierUntilItIsOver() async throws {
    let phones = try await Phones()
    let first = try await phones.ill.device.advertisement()
    #expect(first.scheme == .gaen)
    #expect(first.identifier.count == 16)
    #expect(first.metadata.count == 4)
    #expect(first.validUntil > Phones.noon)
    #expect(try await phones.ill.device.advertisement() == first)

    try await phones.ill.setTime(first.validUntil)
    #expect(try await phones.ill.device.advertisement() != first)
  }

  @Test func sendsTwelveBytesOfBluezone() async throws {
    let folder = Folder()
    var configuration = Phones.configuration
    configuration.ownScheme = .bluezone
    let device = try await Device(
      at: folder.url("phone"), rootSecret: RootSecret(), configuration: configuration)
    let air = try await device.advertisement()
    #expect(air.scheme == .bluezone)
    #expect(air.identifier.count == 12)
    #expect(air.validUntil > Date())
  }

  @Test func keepsWhatItHeardAndCountsIt() async throws {
    let phones = try await Phones()
    try await phones.meet(minutes: 60)
    let device = phones.well.device
    try await device.record(Scan(start: phones.well.time))

    let statistics = try await device.statistics()
    #expect(statistics.scans == 13)
    #expect(statistics.sightings == 12)
    #expect(statistics.bytesOnDisk > 0)
    #expect(!statistics.clockInDoubt)
    let days = try await device.days()
    #expect(days.map(\.day) == [Phones.day])
    #expect(days.first?.sightings == 12)
    for kind in LossKind.allCases { #expect(try await device.losses(kind) == []) }
    #expect(!device.opening.repaired)
    #expect(!device.opening.olderFolder)
    #expect(device.opening.statesLost == 0)

    // Noon is the next day already where clocks are twelve hours ahead.
    let twelveAhead = try #require(TimeZone(secondsFromGMT: 12 * 3600))
    #expect(try await device.days(in: twelveAhead).first?.day == Day(number: 18_501))
  }

  @Test func exportsEverythingItHolds() async throws {
    let phones = try await Phones()
    try await phones.meet(minutes: 60)
    let heard = try await phones.ill.device.advertisement().identifier
    try await phones.well.hear(phones.ill, rssi: -55)
    let hex = heard.map { String(format: "%02x", $0) }.joined()
    let sent = try await phones.well.device.advertisement().identifier
    let own = sent.map { String(format: "%02x", $0) }.joined()
    for format in LogExport.Format.allCases {
      var pieces = Data()
      for try await piece in phones.well.device.export(format) { pieces.append(piece) }
      let text = String(decoding: pieces, as: UTF8.self)
      #expect(text.split(separator: "\n").count >= 13)
      #expect(text.contains(hex))
      #expect(text.contains(own) == (format == .csvWithOwn || format == .jsonLinesWithOwn))

      let url = phones.folder.url("export")
      try await phones.well.device.export(format, to: url)
      #expect(try Data(contentsOf: url) == pieces)
      let attributes = try FileManager.default.attributesOfItem(atPath: url.path)
      #expect(attributes[.posixPermissions] as? NSNumber == 0o600)
    }
  }

  @Test func erasesADayOrEverything() async throws {
    let phones = try await Phones()
    let device = phones.well.device
    try await phones.meet(minutes: 30)
    let before = try await device.advertisement()
    try await device.erase(Phones.day)
    #expect(try await device.statistics().sightings == 0)
    #expect(try await device.advertisement() == before)

    try await phones.meet(minutes: 30)
    try await device.eraseAll()
    #expect(try await device.statistics().sightings == 0)
    #expect(try await device.advertisement() != before)
  }

  @Test func forgetsWhatIsOlderThanItsRetention() async throws {
    let phones = try await Phones()
    let device = phones.well.device
    try await phones.meet(minutes: 30)
    #expect(try await device.purge() == 0)
    for _ in 1...15 {
      try await phones.ill.advance(by: .seconds(86_400))
      try await phones.well.advance(by: .seconds(86_400))
      try await phones.well.hear(phones.ill, rssi: -60)
    }
    while try await device.compact(for: .seconds(1)) {}
    #expect(try await device.purge() > 0)
    #expect(try await device.days().first?.day != Phones.day)
  }

  @Test func letsGoOfItsFilesWhileSuspended() async throws {
    let phones = try await Phones()
    let device = phones.well.device
    try await phones.meet(minutes: 30)
    try await device.suspend()
    await expectFailure(.closed) { try await device.statistics() }
    await expectFailure(.closed) { try await phones.well.hear(phones.ill, rssi: -60) }
    try await device.resume()
    #expect(try await device.statistics().sightings == 6)
  }

  @Test func givesKeysAwayOnce() async throws {
    let phones = try await Phones()
    let device = phones.ill.device
    try await phones.meet(minutes: 30)
    let counter = try await device.counter
    let disclosure = try await device.disclose(PersonConsents())
    let keys = try disclosure.takeKeys()
    #expect(!keys.isEmpty)
    #expect(keys.allSatisfy { $0.bytes.count == 16 && $0.identifiersPerDay == 144 })
    await expectFailure(.closed) { try disclosure.takeKeys() }
    #expect(try await device.counter >= counter)
  }

  @Test func givesReportsAwayButForWhatThePersonKeeps() async throws {
    let folder = Folder()
    var configuration = Device.Configuration()
    configuration.ownScheme = .tcn
    let device = try await SimulatedDevice(
      at: folder.url("tcn"), configuration: configuration, time: Phones.noon, seed: 1
    ).device
    let sent = try await device.advertisement().identifier
    await expectFailure(.invalidArgument) {
      try await device.disclose(
        PersonConsents(), leavingOut: [DateInterval(start: Phones.noon, duration: 0)])
    }
    let evening = DateInterval(start: Phones.noon.addingTimeInterval(8 * 3600), duration: 3600)
    let keys = try await device.disclose(PersonConsents(), leavingOut: [evening]).takeKeys()
    #expect(keys.map(\.report.count) == [134])
    #expect(keys[0].releasedAt == Phones.noon.addingTimeInterval(1))
    let numbers = try keys[0].broadcasts()
    #expect(try PublishedKey.broadcasts(ofReport: keys[0].report) == numbers)
    #expect(numbers[0].identifier == sent)
    _ = try await device.advertisement()
    let noon = DateInterval(start: Phones.noon, duration: 1)
    #expect(try await device.disclose(PersonConsents(), leavingOut: [noon]).takeKeys().isEmpty)
    await expectFailure(.invalidArgument) {
      try PublishedKey.broadcasts(ofReport: Data(count: 133))
    }
  }

  @Test func knowsItsFolderAgain() async throws {
    let folder = Folder()
    let secret = RootSecret()
    do {
      let device = try await Device(at: folder.url("phone"), rootSecret: secret)
      try await device.record(Scan(start: Date()))
      await expectFailure(.inUse) {
        try await Device(at: folder.url("phone"), rootSecret: secret)
      }
    }
    let kept = try RootSecret(secret.bytes)
    let device = try await Device(at: folder.url("phone"), rootSecret: kept)
    #expect(try await device.statistics().scans == 1)
  }

  @Test func refusesAnotherRootSecret() async throws {
    let folder = Folder()
    do { _ = try await Device(at: folder.url("phone"), rootSecret: RootSecret()) }
    await expectFailure(.wrongKey) {
      try await Device(at: folder.url("phone"), rootSecret: RootSecret())
    }
  }
}
