import Foundation
import NearZone

/// The planners of a scenario, and their steps.
final class RadioSteps {
  private var planners: [Substring: Planner] = [:]

  func run(_ verb: Substring, _ a: [Substring]) throws {
    switch verb {
    case "planner": try planner(a)
    case "tell": try tell(planners[a[0]]!, a[1], a[2])
    case "drive": try drive(a)
    case "ask":
      show(
        try planners[a[0]]!.heard(
          UUID(hex: a[1]), rssi: Int(a[2])!, at: Date(milliseconds: a[3]), uptime: duration(a[4])))
    default:
      let heard =
        a[2] == "-" ? nil : try AirIdentity(word: a[2]).decode(Data(hex: a[3]), as: .gattValue)
      try planners[a[0]]!.answered(
        UUID(hex: a[1]), heard, at: Date(milliseconds: a[4]), uptime: duration(a[5]))
    }
  }

  private func duration(_ word: Substring) -> Duration { .milliseconds(Int64(word)!) }

  private func planner(_ a: [Substring]) throws {
    let scheme = Scheme(word: a[1])
    var plan = try Plan(of: scheme, on: value(a[2], "system"))
    for word in a.dropFirst(4) { plan = try changed(plan, word) }
    planners[a[0]] = try Planner(simulatedFor: scheme, following: plan, seed: UInt64(a[3])!)
    for state in AppState.allCases {
      let seconds = try plan.secondsADay(in: state)
      row(seconds.advertising, seconds.scanning)
    }
  }

  private func changed(_ plan: Plan, _ word: Substring) throws -> Plan {
    let part = word.split(separator: ",")
    switch part[0] {
    case "slots": return try plan.withSlots(of: duration(part[1]))
    case "random": return try plan.withRandomRotation(after: duration(part[1])...duration(part[2]))
    case "battery": return try plan.withBattery(low: Int(part[1])!, critical: Int(part[2])!)
    default:
      let state: AppState = try value(part[1], "state")
      let (on, pause) = (duration(part[2]), duration(part[3])...duration(part[4]))
      return part[0] == "scan"
        ? try plan.withScanning(in: state, on: on, pause: pause)
        : try plan.withAdvertising(in: state, on: on, pause: pause)
    }
  }

  private func tell(_ planner: Planner, _ what: Substring, _ word: Substring) throws {
    switch what {
    case "state": try planner.set(value(word, "state"))
    case "battery": try planner.setBattery(percent: Int(word)!, isCharging: false)
    case "radio": try planner.setRadio(isOn: word != "0")
    default: try planner.renew()
    }
  }

  private func drive(_ a: [Substring]) throws {
    var passed = Duration.zero
    while passed < duration(a[3]) {
      let now = Int64(a[1])! + passed.wholeMilliseconds
      let todo = try planners[a[0]]!.advance(
        to: Date(milliseconds: Substring(String(now))), uptime: duration(a[2]) + passed)
      for action in todo.actions {
        let peer = Data(action.peer)
        row(
          now, action.kind.rawValue, action.lasts.wholeMilliseconds,
          peer.allSatisfy { $0 == 0 } ? "-" : peer.hex)
      }
      passed += todo.pause
    }
  }
}
