import Foundation
import NearZone
import Testing

@Suite struct KeyListTests {
  @Test func readsTheHeaderOfAnExport() async throws {
    let list = try await KeyList(contentsOf: Repository.fixture("gaen_signed.zip"))
    #expect(list.info.format == .gaenExport)
    #expect(list.info.keys == 24)
    #expect(list.info.refusedKeys == 0)
    #expect(!list.info.region.isEmpty)
    #expect(list.info.signatures.count == 1)
    #expect(list.info.contentDigest.count == 32)
    #expect(list.info.start < list.info.end)
    #expect(try list.refusals == [])
  }

  @Test func readsTheSameFromMemoryAndFromAFile() async throws {
    let url = Repository.fixture("nearzone_signed.nzlist")
    let file = try await KeyList(contentsOf: url)
    let memory = try await KeyList(Data(contentsOf: url))
    #expect(memory.info == file.info)
    #expect(file.info.format == .nearzone)
    #expect(try await keys(of: memory) == keys(of: file))
    #expect(try await keys(of: file).count == 25)
    #expect(try await Set(keys(of: file).map(\.scheme)) == [.bluezone, .gaen])
  }

  @Test func readsBluezone() async throws {
    let list = try await KeyList(contentsOf: Repository.fixture("bluezone.json"))
    #expect(list.info.format == .bluezoneJSON)
    for key in try await keys(of: list) {
      #expect(key.scheme == .bluezone)
      #expect(key.bytes.count == 32)
      #expect(try key.broadcasts().allSatisfy { $0.identifier.count == 12 && $0.start < $0.end })
    }
  }

  @Test func saysWhichKeysWereRefused() async throws {
    let list = try await KeyList(contentsOf: Repository.fixture("gaen_one_short_key.bin"))
    #expect(list.info.refusedKeys == 1)
    let refusals = try list.refusals
    #expect(refusals.count == 1)
    #expect(refusals.first?.code == .corrupt || refusals.first?.code == .invalidArgument)
    #expect(refusals.first?.record == 7)
  }

  @Test func verifiesSignatures() async throws {
    let list = try await KeyList(contentsOf: Repository.fixture("nearzone_signed.nzlist"))
    let known = try Repository.publicKeys("p256_public.pem", "ed25519_public.pem")
    let report = try await list.verify(with: known)
    #expect(report.outcome == .verified)
    #expect(report.publicKey == 1)
    #expect(report.signature == 0)
    #expect(!report.detail.isEmpty)
    #expect(try await list.verify(with: PublicKeys([])).outcome == .unknownKey)
    let other = try Repository.publicKeys("other_p256_public.pem")
    #expect(try await list.verify(with: other).outcome == .failed)
    let unsigned = try await KeyList(contentsOf: Repository.fixture("nearzone_unsigned.nzlist"))
    #expect(try await unsigned.verify(with: known).outcome == .unsigned)
  }

  @Test func givesAllKeysOfLongLists() async throws {
    let sent = try Export.strangers(2000)
    let list = try await KeyList(Export.of(sent))
    let read = try await keys(of: list)
    #expect(read.map(\.bytes) == sent.map(\.bytes))
    #expect(read.map(\.record) == Array(0..<2000))
    #expect(read.map(\.validFrom) == sent.map(\.validFrom))
    #expect(read.map(\.validTo) == sent.map(\.validTo))
  }

  @Test func beginsAnewWithEachIteration() async throws {
    let list = try await KeyList(Export.of(Export.strangers(2000)))
    var first = list.keys.makeAsyncIterator()
    let key = try await first.next()
    var second = list.keys.makeAsyncIterator()
    #expect(try await second.next() == key)
    // What it had in hand may still be given.
    await expectFailure(.closed) { while try await first.next() != nil {} }
    #expect(try await keys(of: list).count == 2000)
  }

  @Test(arguments: [
    ("gaen_truncated.zip", NearZoneError.Code.corrupt), ("gaen_truncated.bin", .corrupt),
    ("bluezone_broken.json", .corrupt), ("nearzone_truncated.nzlist", .corrupt),
    ("nearzone_newer_major.nzlist", .newerFormat), ("gaen_no_export_bin.zip", .corrupt),
    ("no_such_file", .notFound),
  ])
  func refusesWhatItCannotRead(name: String, code: NearZoneError.Code) async throws {
    let error = await expectFailure(code) {
      try await KeyList(contentsOf: Repository.fixture(name))
    }
    #expect(error?.message.isEmpty == false)
    #expect(error?.message.contains(name) == false)
  }

  @Test func keepsToItsOptions() async throws {
    let url = Repository.fixture("gaen_inflates_to_1_mib.zip")
    var options = KeyList.Options()
    options.maxBytes = 1 << 19
    await expectFailure(.limitExceeded) { try await KeyList(contentsOf: url, options: options) }

    let extra = Repository.fixture("gaen_extra_member.zip")
    _ = try await KeyList(contentsOf: extra)
    options = KeyList.Options()
    options.refuseExtraMembers = true
    await expectFailure(.corrupt) { try await KeyList(contentsOf: extra, options: options) }
  }

  @Test func canBeCancelledWhileItOpens() async throws {
    let data = try Export.of(Export.strangers(100_000))
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await KeyList(data)
    }
    await expectFailure(.cancelled) { try await task.value }
  }

  @Test func refusesKeysThatAreNone() async throws {
    let error = await expectFailure(.corrupt) { try PublicKeys([Data("no key".utf8)]) }
    #expect(error != nil)
    await expectFailure(.invalidArgument, field: "url") {
      try await KeyList(contentsOf: #require(URL(string: "https://example.org/list.zip")))
    }
  }

  private func keys(of list: KeyList) async throws -> [PublishedKey] {
    var all: [PublishedKey] = []
    for try await key in list.keys { all.append(key) }
    return all
  }
}
