import Foundation

/// A UTC day.
public struct Day: Hashable, Sendable {
  /// Days since 1970-01-01.
  public let number: Int32

  /// The day of that number.
  public init(number: Int32) {
    self.number = number
  }

  /// The day that a time lies in. The first or the last of all days stands for times beyond them.
  public init(containing time: Date) {
    let days = (time.timeIntervalSince1970 / Self.seconds).rounded(.down)
    number = Int32(exactly: days) ?? (days < 0 ? .min : .max)
  }

  /// When it begins.
  public var start: Date {
    Date(timeIntervalSince1970: Double(number) * Self.seconds)
  }

  private static let seconds = 86_400.0
}

extension Day: Comparable {
  public static func < (left: Day, right: Day) -> Bool { left.number < right.number }
}

extension Day: CustomStringConvertible {
  /// As "2026-11-01".
  public var description: String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let date = calendar.dateComponents([.year, .month, .day], from: start)
    return String(format: "%04d-%02d-%02d", date.year ?? 0, date.month ?? 0, date.day ?? 0)
  }
}
