import Foundation
import NearZone
import NearZoneHTTP
import Testing

/// The example for HTTP, beside the server that with_authority.sh starts.
@Suite(.enabled(if: Servers.base != nil, "to be run by with_authority.sh"))
struct AuthorityClientTests {
  let folder = Folder()
  let device: Device
  let client: AuthorityClient

  init() async throws {
    device = try await Device(
      at: folder.url("log"), rootSecret: RootSecret(Data(count: 32)),
      configuration: Phones.configuration)
    _ = try await device.advertisement()
    client = AuthorityClient(
      device: device, base: URL(string: Servers.base!)!, apiKey: Servers.apiKey,
      healthAuthority: "org.example.app")
  }

  @Test func goesFromTheCodeToThePublishedKeys() async throws {
    #expect(try await client.send() != nil)
    try await device.beginUpload(PersonConsents())
    try await device.enterUploadCode("00000000")
    _ = try await client.send()
    #expect(try await device.uploadStatus().problem == .codeRefused)
    try await device.enterUploadCode(Servers.code)
    _ = try await client.send()
    let status = try await device.uploadStatus()
    #expect(status.state == .accepted)
    #expect(status.problem == .none)
    #expect(status.reportType == .confirmedTest)
    #expect(status.keysInserted == 1)
    try await device.discardUpload()
    await expectFailure(.notFound) { try await device.uploadStatus() }
  }

  @Test func waitsWhereNobodyAnswers() async throws {
    try await device.beginUpload(PersonConsents())
    try await device.enterUploadCode(Servers.code)
    // A port that is reserved, and that nobody listens on.
    let nobody = AuthorityClient(
      device: device, base: URL(string: "http://127.0.0.1:1/")!, apiKey: "", healthAuthority: "a")
    let wakeAt = try #require(try await nobody.send())
    #expect(try await device.uploadStatus().problem == .unreachable)
    #expect(wakeAt <= Date().addingTimeInterval(15))
  }

  @Test func fetchesTheListsOfAnIndexOnce() async throws {
    let keys = try PublicKeys([Data(contentsOf: URL(fileURLWithPath: Servers.publicKey))])
    let before = Date()
    let exports = Servers.base! + "exports/"
    var options = FollowedIndex.Options()
    options.path = "en/index.txt"
    let lists = AuthorityClient(
      device: device, base: URL(string: exports)!, apiKey: "", healthAuthority: "org.example.app")
    #expect(try await lists.fetch(options, verifiedBy: keys) > before)
    let index = try await device.followIndex(of: exports, options: options)
    let status = try await index.status()
    #expect(status.waiting == 0 && status.givenUp == 0 && status.listed >= 1)
    #expect(try await index.next() == nil)
  }
}

/// As with_authority.sh names them.
private enum Servers {
  private static let environment = ProcessInfo.processInfo.environment
  static let base = environment["NEARZONE_TEST_AUTHORITY"]
  static let code = environment["NEARZONE_TEST_CODE"] ?? ""
  static let apiKey = environment["NEARZONE_TEST_API_KEY"] ?? ""
  static let publicKey = environment["NEARZONE_TEST_PUBLIC_KEY"] ?? ""
}
