// Runs a scenario through the Swift interface: NearZoneScenario SCENARIO FOLDER. ../README.md says
// what it prints.
import Foundation
import NearZone

@main enum Scenario {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else { exit(2) }
    let life = Life(in: URL(fileURLWithPath: arguments[2]))
    let scenario = try String(contentsOfFile: arguments[1], encoding: .utf8)
    for line in scenario.split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(separator: "\t")
      print("> \(words[0])")
      do {
        try await life.run(words[0], Array(words.dropFirst()))
      } catch let error as NearZoneError {
        Failure(error).show()
      } catch let failure as Failure {
        failure.show()
      }
    }
  }
}
