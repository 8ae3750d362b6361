import Foundation
import Testing

@testable import NearZone

/// The numbers of the C interface, which are written down there once more.
@Suite struct CodesTests {
  /// Of nearzone.h: names without "NZ_", and their numbers, in order.
  private let constants: [(name: String, number: Int32)]

  init() throws {
    let header = try String(contentsOf: Repository.header, encoding: .utf8)
    constants = header.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count >= 3, words[0] == "#define", words[1].hasPrefix("NZ_"),
        let number = Int32(words[2])
      else { return nil }
      return (String(words[1].dropFirst(3)), number)
    }
  }

  private func words(_ name: some StringProtocol) -> String {
    name.lowercased().replacingOccurrences(of: "_", with: "")
  }

  @Test func errorsHaveTheNamesAndNumbersOfTheHeader() throws {
    let first = try #require(constants.firstIndex { $0.name == "OK" }) + 1
    let last = try #require(constants.firstIndex { $0.name == "INTERNAL" })
    #expect(last - first == 14)
    for (name, number) in constants[first...last] {
      #expect(words("\(NearZoneError.Code(number))") == words(name))
    }
    let beyond = constants[last].number + 1
    #expect(NearZoneError.Code(beyond) == .unknown(code: beyond))
    #expect(NearZoneError.Code(-1) == .unknown(code: -1))
  }

  @Test func enumsHaveTheNamesAndNumbersOfTheHeader() {
    expectEqual("SCHEME_", Scheme.self)
    expectEqual("HEARD_BY_", HeardBy.self)
    expectEqual("REPORT_", ReportType.self)
    expectEqual("DURABILITY_", Device.Durability.self)
    expectEqual("DEDUPLICATION_", Device.Deduplication.self)
    expectEqual("LOSS_", LossKind.self)
    expectEqual("EXPORT_", LogExport.Format.self)
    expectEqual("FORMAT_", ListFormat.self)
    expectEqual("SIGNATURE_", SignatureOutcome.self)
    expectEqual("BLUEZONE_", Match.BluezoneWindows.self)
    expectEqual("UPLOAD_STATE_", UploadState.self)
    expectEqual("UPLOAD_PROBLEM_", UploadProblem.self)
    expectEqual("UPLOAD_SERVER_", UploadServer.self)
    expectEqual("UPLOAD_STEP_", UploadStep.self)
    expectEqual("LIST_OUTCOME_", ListOutcome.self)
  }

  private func expectEqual<Choice: CaseIterable & RawRepresentable>(
    _ prefix: String, _: Choice.Type, at location: SourceLocation = #_sourceLocation
  ) where Choice.RawValue == Int32 {
    let declared = constants.filter { $0.name.hasPrefix(prefix) && $0.name != "SIGNATURE_REFUSED" }
      .map { "\(words($0.name.dropFirst(prefix.count))) \($0.number)" }
    let known = Choice.allCases.map { "\(words("\($0)")) \($0.rawValue)" }
    #expect(!declared.isEmpty && declared == known, sourceLocation: location)
  }
}
