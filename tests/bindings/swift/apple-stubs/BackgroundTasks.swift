// As much of Apple's module as the example uses, so that the example is compiled where there is none.
import Foundation

public class BGTask: NSObject {
  public var expirationHandler: (() -> Void)?
  public func setTaskCompleted(success: Bool) {}
}
public class BGTaskRequest: NSObject {
  public var earliestBeginDate: Date?
}
public class BGProcessingTaskRequest: BGTaskRequest {
  public init(identifier: String) {}
  public var requiresNetworkConnectivity = false
}
public class BGTaskScheduler: NSObject, @unchecked Sendable {
  public static let shared = BGTaskScheduler()
  @discardableResult public func register(
    forTaskWithIdentifier: String, using queue: DispatchQueue?,
    launchHandler: @escaping (BGTask) -> Void
  ) -> Bool { true }
  public func submit(_ request: BGTaskRequest) throws {}
}
