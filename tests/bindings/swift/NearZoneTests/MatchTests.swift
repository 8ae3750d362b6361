import Foundation
import NearZone
import NearZoneTesting
import Testing

/// Matching 10^5 keys, of which one was near for an hour.
@Suite struct MatchTests {
  private static let keys = 100_000

  private let phones: Phones
  private let list: KeyList
  private let options: Match.Options

  init() async throws {
    phones = try await Phones()
    try await phones.meet(minutes: 60)
    let ill = try await phones.disclose().filter { Day(containing: $0.validFrom) == Phones.day }
    list = try await KeyList(Export.of(Export.strangers(Self.keys - ill.count) + ill))
    var options = Match.Options()
    options.acceptUnverifiedLists = true
    self.options = options
  }

  private func begin() async throws -> Match {
    try await phones.well.device.match(list, verifiedBy: nil, options: options)
  }

  @Test func tellsHowFarItIs() async throws {
    let match = try await begin()
    let before = try await match.report
    #expect(!before.isDone)
    #expect(before.keysTried == 0)
    #expect(before.exposures == [])

    var seen: [MatchProgress] = []
    for try await progress in match.progress(every: 10_000) { seen.append(progress) }
    #expect(seen.count >= Self.keys / 10_000)
    #expect(seen.map(\.fractionCompleted) == seen.map(\.fractionCompleted).sorted())
    #expect(seen.dropLast().allSatisfy { !$0.isDone && $0.fractionCompleted <= 1 })
    #expect(seen.last?.isDone == true)
    #expect(seen.last?.fractionCompleted == 1)
    #expect(seen.last?.keysTried == UInt64(Self.keys))

    let found = try await match.finish()
    #expect(found.isDone)
    #expect(found.exposures.count == 1)
  }

  @Test func recordsWhileItMatches() async throws {
    async let found = begin().finish()
    for _ in 0..<10 {
      try await phones.well.advance(by: Phones.minute)
      try await phones.well.hear(phones.ill, rssi: -60)
    }
    #expect(try await found.exposures.count == 1)
    #expect(try await phones.well.device.statistics().sightings == 22)
  }

  @Test func goesOnFromWhereItsTaskWasCancelled() async throws {
    let match = try await begin()
    let task = Task {
      for try await progress in match.progress(every: 1000) {
        if progress.keysTried >= 20_000 { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    await expectFailure(.cancelled) { try await task.value }
    await expectFailure(.cancelled) { try await match.finish() }

    let again = try await begin()
    let found = try await again.finish()
    #expect(found.exposures.count == 1)
    #expect(found.keysTried == UInt64(Self.keys))
  }

  @Test func endsSoonWhenItsTaskIsCancelledFromOutside() async throws {
    let match = try await begin()
    let (steps, step) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      for try await _ in match.progress(every: 10) { step.yield() }
    }
    for await _ in steps.prefix(3) {}
    task.cancel()
    await expectFailure(.cancelled) { try await task.value }
    #expect(try await !match.report.isDone)
  }

  @Test func refusesToBeginInATaskThatIsCancelled() async throws {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await begin()
    }
    await expectFailure(.cancelled) { try await task.value }
  }

  @Test func goesOnAfterItsLoopWasLeft() async throws {
    do {
      let match = try await begin()
      for try await progress in match.progress(every: 10_000) where progress.keysTried >= 50_000 {
        break
      }
      try await match.save()
    }
    let again = try await begin()
    #expect(try await again.finish().exposures.count == 1)
  }

  @Test func failsWhereTheDeviceIsSuspended() async throws {
    let match = try await begin()
    try await phones.well.device.suspend()
    await expectFailure(.closed) { try await match.finish() }
    try await phones.well.device.resume()
    #expect(try await begin().finish().exposures.count == 1)
  }

  @Test func livesLongerThanWhatItWasMadeOf() async throws {
    let folder = Folder()
    let match: Match
    do {
      var phone = try await Optional(Phones.phone(in: folder, "phone", seed: 1))
      var list = try await Optional(KeyList(Export.of(Export.strangers(20_000))))
      match = try await phone!.device.match(list!, verifiedBy: nil, options: options)
      phone = nil
      list = nil
    }
    #expect(try await match.finish().keysInList == 20_000)
  }

  @Test func refusesAListThatNobodyVouchesFor() async throws {
    await expectFailure(.signatureRefused) {
      try await phones.well.device.match(list, verifiedBy: nil)
    }
    let other = try Repository.publicKeys("other_p256_public.pem")
    await expectFailure(.signatureRefused) {
      try await phones.well.device.check(
        listAt: Repository.fixture("gaen_signed.zip"), verifiedBy: other)
    }
  }
}
