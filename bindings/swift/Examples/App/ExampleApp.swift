import NearZone
import NearZoneExample
import SwiftUI

@main struct ExampleApp: App {
  @UIApplicationDelegateAdaptor private var delegate: Delegate

  @Environment(\.scenePhase) private var phase

  var body: some Scene {
    WindowGroup { ContentView(phone: delegate.phone, publish: delegate.publish) }
      .onChange(of: phase) { phase in
        if phase == .background { delegate.leave() }
        if phase == .active { delegate.comeBack() }
      }
  }
}

@MainActor final class Delegate: NSObject, UIApplicationDelegate {
  private static let support = URL.applicationSupportDirectory
  // The authority's.
  private static let list = URL(string: "https://lists.example.org/latest.zip")!

  let phone = Phone(
    folder: Delegate.support.appending(path: "NearZone"),
    secrets: KeychainStore(service: "org.nearzone.example"))
  private var radio: Radio?

  func application(
    _ application: UIApplication,
    didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]?
  ) -> Bool {
    try? FileManager.default.createDirectory(
      at: Self.support, withIntermediateDirectories: true,
      attributes: [.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication])
    radio = try? Radio(phone: phone)
    if let url = Bundle.main.url(forResource: "authority", withExtension: "pem"),
      let authority = try? Data(contentsOf: url)
    {
      let check = ListCheck(
        phone: phone, list: Self.list, authority: authority,
        folder: FileManager.default.temporaryDirectory)
      BackgroundCheck(check).register()
    }
    return true
  }

  func leave() {
    try? BackgroundCheck.schedule()
    let application = UIApplication.shared
    let task = application.beginBackgroundTask()
    Task {
      try? await radio?.set(.background)
      try? await radio?.record()
      try? await phone.enterBackground()
      application.endBackgroundTask(task)
    }
  }

  /// By the button with which the person agrees. What is sent from then on is derived from other keys.
  func publish() async {
    guard (try? await phone.publish()) != nil else { return }
    try? await radio?.renew()
  }

  func comeBack() {
    Task {
      await phone.enterForeground()
      try? await radio?.set(.foreground)
    }
  }
}

struct ContentView: View {
  let phone: Phone
  let publish: () async -> Void
  @State private var exposures: [Exposure] = []
  @State private var asks = false

  var body: some View {
    List {
      ForEach(exposures, id: \.self) { exposure in
        Text("\(exposure.day.description): \(exposure.duration.formatted())")
      }
      Button("I am ill, and want to warn others") { asks = true }
    }
    .confirmationDialog("Publish this phone's keys of 14 days?", isPresented: $asks) {
      Button("I agree") { Task { await publish() } }
    }
    .task { exposures = (try? await phone.use { try await $0.exposures() }) ?? [] }
  }
}
