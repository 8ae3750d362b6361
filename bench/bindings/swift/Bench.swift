// Records 10^5 sightings and matches 10^5 keys through Swift, in turns with the same through C++,
// which bindings_reference does; prints medians and their ratio as JSON. Recording is timed on the
// thread that calls, as on a Bluetooth queue, and through the device's own queue.
//
//   NearZoneBench REFERENCE_PROGRAM [REPETITIONS]
import Foundation
import NearZone

/// As the radio gave it.
struct Heard {
  let time: Date
  let identifier: Data
  let rssi: Int
  let metadata: Data
}

enum Recording { case onThisThread, onItsQueue }

struct Work {
  private static let scansACall = 100
  private static let sightingsAScan = 10
  private static let sightingSize = 32

  private let folder: URL
  private let heard: [Heard]

  /// Of the file that the reference program wrote.
  init(in folder: URL) throws {
    self.folder = folder
    let bytes = try Data(contentsOf: folder.appendingPathComponent("sightings"))
    heard = stride(from: 0, to: bytes.count, by: Self.sightingSize).map { at in
      let one = Data(bytes[at..<at + Self.sightingSize])
      let milliseconds = one.prefix(8).reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
      return Heard(
        time: Date(timeIntervalSince1970: Double(milliseconds) / 1000),
        identifier: Data(one[8..<24]), rssi: Int(Int8(bitPattern: one[26])),
        metadata: Data(one[28..<32]))
    }
  }

  func run(_ recording: Recording) async throws -> Run {
    let home = folder.appendingPathComponent("swift")
    let run = try await run(recording, in: home)
    try FileManager.default.removeItem(at: home)
    return run
  }

  private func run(_ recording: Recording, in home: URL) async throws -> Run {
    var configuration = Device.Configuration()
    configuration.durability = .lastMoments
    let device = try await Device(
      at: home, rootSecret: RootSecret(), configuration: configuration)
    let clock = ContinuousClock()
    let start = clock.now
    switch recording {
    case .onThisThread: try record(on: device)
    case .onItsQueue: for first in calls { try await device.record(try scans(from: first)) }
    }
    let recorded = clock.now
    var options = Match.Options()
    options.acceptUnverifiedLists = true
    let list = try await KeyList(contentsOf: folder.appendingPathComponent("list"))
    let report = try await device.match(list, verifiedBy: nil, options: options).finish()
    return Run(
      record: recorded - start, match: clock.now - recorded, exposures: report.exposures.count)
  }

  // Where nothing can be awaited, Swift takes the call that waits for the disk.
  private func record(on device: Device) throws {
    for first in calls { try device.record(try scans(from: first)) }
  }

  private var calls: StrideTo<Int> {
    stride(from: 0, to: heard.count, by: Self.scansACall * Self.sightingsAScan)
  }

  private func scans(from first: Int) throws -> [Scan] {
    try (0..<Self.scansACall).map { scan in
      let begin = first + scan * Self.sightingsAScan
      let sightings = try heard[begin..<begin + Self.sightingsAScan].map { one in
        try Sighting(
          .gaen, identifier: one.identifier, at: one.time, rssi: one.rssi, metadata: one.metadata)
      }
      return Scan(start: heard[begin].time, sightings: sightings)
    }
  }
}

func median<Value: Comparable>(_ values: [Value]) -> Value { values.sorted()[values.count / 2] }

func row(_ name: String, _ swift: [Duration], _ reference: [Duration]) -> String {
  let ratio = median(zip(swift, reference).map { $0 / $1 })
  let (ours, theirs) = (median(swift) / .milliseconds(1), median(reference) / .milliseconds(1))
  return String(
    format: #"  "%@": {"swift_ms": %.2f, "cpp_ms": %.2f, "median_of_ratios": %.4f}"#, name, ours,
    theirs, ratio)
}

@main enum Bench {
  private static let warmUp = 2

  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count > 1 else { exit(2) }
    let repetitions = arguments.count > 2 ? Int(arguments[2])! : 15
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }

    let reference = try Reference(arguments[1], in: folder)
    let work = try Work(in: folder)
    var runs: [(here: Run, queued: Run, cpp: Run)] = []
    for _ in 0..<repetitions + warmUp {
      let cpp = reference.run()
      let here = try await work.run(.onThisThread)
      let queued = try await work.run(.onItsQueue)
      precondition(
        [cpp, here, queued].allSatisfy { $0.exposures == 1 }, "one exposure was to be found")
      runs.append((here, queued, cpp))
    }
    runs.removeFirst(warmUp)
    let rows = [
      row("record_100000_sightings", runs.map(\.here.record), runs.map(\.cpp.record)),
      row("record_100000_sightings_async", runs.map(\.queued.record), runs.map(\.cpp.record)),
      row("match_100000_keys", runs.map(\.here.match), runs.map(\.cpp.match)),
    ]
    print("{\n  \"repetitions\": \(repetitions),\n" + rows.joined(separator: ",\n") + "\n}")
  }
}
