import Foundation
import NearZone

/// Gathers what is heard in a scan, and records it at its end.
actor Ear {
  private let phone: Phone
  private var scan: Scan?
  private var previousStart: Date?

  init(phone: Phone) {
    self.phone = phone
  }

  func begin(at start: Date) {
    // What could not be recorded stays, to be recorded with the next one.
    if scan == nil { scan = Scan(start: start, previousStart: previousStart) }
  }

  func hear(_ sighting: Sighting) {
    if scan == nil { scan = Scan(start: sighting.time, previousStart: previousStart) }
    scan?.sightings.append(sighting)
  }

  /// Records what was gathered. To be called before the app is suspended, too.
  func record() async throws {
    guard let recorded = scan else { return }
    try await phone.use { try await $0.record(recorded) }
    previousStart = recorded.start
    // What was heard meanwhile belongs to the next one.
    let rest = scan?.sightings.dropFirst(recorded.sightings.count) ?? []
    scan = rest.first.map {
      Scan(start: $0.time, previousStart: recorded.start, sightings: Array(rest))
    }
  }
}
