#if canImport(BackgroundTasks)
  @preconcurrency import BackgroundTasks
  import Foundation

  /// Has iOS run the check twice a day, while the phone charges or lies still.
  public struct BackgroundCheck: Sendable {
    /// Belongs into Info.plist, under BGTaskSchedulerPermittedIdentifiers.
    public static let identifier = "org.nearzone.example.check"
    private static let period: TimeInterval = 12 * 3600

    private let check: ListCheck

    public init(_ check: ListCheck) {
      self.check = check
    }

    /// To be called before the app has finished launching.
    public func register() {
      BGTaskScheduler.shared.register(forTaskWithIdentifier: Self.identifier, using: nil) { task in
        run(task)
      }
    }

    public static func schedule() throws {
      let request = BGProcessingTaskRequest(identifier: identifier)
      request.requiresNetworkConnectivity = true
      request.earliestBeginDate = Date(timeIntervalSinceNow: period)
      try BGTaskScheduler.shared.submit(request)
    }

    private func run(_ task: BGTask) {
      try? Self.schedule()
      let work = Task {
        let report = try? await check.run()
        task.setTaskCompleted(success: report?.isDone ?? false)
      }
      // What is left is done by the next run.
      task.expirationHandler = { work.cancel() }
    }
  }
#endif
