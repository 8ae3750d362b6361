import Foundation

/// What one repetition took, and how many exposures it found.
struct Run {
  let record: Duration
  let match: Duration
  let exposures: Int
}

/// The C++ program, which works when it is told to.
final class Reference {
  private let process = Process()
  private let orders = Pipe()
  private let answers = Pipe()

  init(_ program: String, in folder: URL) throws {
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [folder.path]
    process.standardInput = orders
    process.standardOutput = answers
    try process.run()
    _ = nextLine()
  }

  deinit {
    try? orders.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  func run() -> Run {
    orders.fileHandleForWriting.write(Data("\n".utf8))
    let fields = nextLine().split(separator: " ").compactMap { Int64($0) }
    return Run(
      record: .nanoseconds(fields[0]), match: .nanoseconds(fields[1]), exposures: Int(fields[2]))
  }

  private func nextLine() -> String {
    var line = Data()
    while true {
      let read = answers.fileHandleForReading.readData(ofLength: 1)
      guard let byte = read.first else { fatalError("the reference program ended") }
      if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
  }
}
