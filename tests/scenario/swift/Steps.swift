import Foundation
import NearZone

/// What a scenario has made so far, and its steps.
final class Life {
  private let folder: URL
  private var phones: [Substring: Device] = [:]
  private var lists: [Substring: KeyList] = [:]
  private var publicKeys: [Substring: [Data]] = [:]
  private let radio = RadioSteps()
  private var indexes: [Substring: FollowedIndex] = [:]
  private var request: UploadRequest?

  init(in folder: URL) {
    self.folder = folder
  }

  func run(_ verb: Substring, _ a: [Substring]) async throws {
    switch verb {
    case "identifiers": try identifiers(a)
    case "report":
      for sent in try PublishedKey.broadcasts(ofReport: Data(hex: a[0])) {
        row(sent.identifier.hex)
      }
    case "open": try await open(a)
    case "close": phones[a[0]] = nil
    case "time": try await phones[a[0]]!.setSimulatedTime(Date(milliseconds: a[1]))
    case "advertisement": try await advertisement(a)
    case "record": try await record(a)
    case "meet": try await meet(a)
    case "list": try await list(a)
    case "signature": try signature(a)
    case "refusal": try refusal(a)
    case "keys": for try await key in lists[a[0]]!.keys { show(key) }
    case "public_key": try addPublicKey(a)
    case "calibration":
      let names = a[1...].map { $0 == "-" ? "" : String($0) }
      let found = try Calibration(
        in: Data(hex: a[0]), maker: names[0], device: names[1], model: names[2])
      row(
        found.rssiCorrectionDB, found.transmitPowerDBm, found.confidence, found.source.rawValue)
    case "verify": try await verify(a)
    case "match": try await match(a)
    case "follow": try await follow(a)
    case "unfollow": indexes[a[0]] = nil
    case "fetch", "index_answer", "list_handled", "index_status":
      try await runIndex(verb, indexes[a[0]]!, a)
    case _ where verb.hasPrefix("upload_"): try await runUpload(verb, phones[a[0]]!, a)
    case "transmission", "abilities", "decode": try await onAir(verb, a)
    case "planner", "tell", "drive", "ask", "answered": try radio.run(verb, a)
    default: try await runOwnRecord(verb, phones[a[0]]!, a)
    }
  }

  private func runOwnRecord(_ verb: Substring, _ phone: Device, _ a: [Substring]) async throws {
    switch verb {
    case "exposures": show(try await phone.exposures())
    case "windows": show(try await phone.exposureWindows())
    case "summaries":
      var options = DailySummary.Options()
      options.attenuationThresholdsDB = a[2].split(separator: ",").map { Int($0)! }
      options.attenuationWeights = a[3].split(separator: ",").map { Double($0)! / 100 }
      let windows = try await phone.exposureWindows()
      let today = Day(number: Int32(a[1])!)
      show(try DailySummary.summaries(of: windows, options: options, today: today))
    case "statistics":
      let all = try await phone.statistics()
      row(truth(all.clockInDoubt), all.scans, all.sightings)
    case "days": show(try await phone.days())
    case "local_days": show(try await phone.days(aheadOfUTC: .milliseconds(Int64(a[1])!)))
    case "losses":
      guard let kind = LossKind(rawValue: Int32(a[1])!) else { throw Failure.invalid("kind") }
      show(try await phone.losses(kind))
    case "export":
      for try await piece in phone.export(LogExport.Format(rawValue: Int32(a[1])!)!) {
        print(String(decoding: piece, as: UTF8.self), terminator: "")
      }
    case "purge": row(try await phone.purge())
    case "compact": while try await phone.compact(for: .zero) {}
    case "erase_day": try await phone.erase(Day(number: Int32(a[1])!))
    case "erase_all": try await phone.eraseAll()
    case "suspend": try await phone.suspend()
    case "resume": try await phone.resume()
    case "counter": row(try await phone.counter)
    case "disclose":
      // In Swift there is no asking without consent: it does not compile.
      if a[1] == "no" { throw Failure(name: "consent_required", field: "consent") }
      let redactions = stride(from: 3, to: a.count, by: 2).map {
        DateInterval(start: Date(milliseconds: a[$0]), end: Date(milliseconds: a[$0 + 1]))
      }
      let disclosure = try await phone.disclose(
        PersonConsents(), days: Int(a[2])!, leavingOut: redactions)
      for key in try disclosure.takeKeys() { show(key, key.report.hex) }
    case "begin_upload":
      if a[1] == "no" { throw Failure(name: "consent_required", field: "consent") }
      try await phone.beginUpload(PersonConsents(), days: Int(a[2])!)
    case "discard_upload": try await phone.discardUpload()
    default: fatalError("no such step: \(verb)")
    }
  }

  private func uploadOptions(_ a: [Substring]) -> Device.UploadOptions {
    var options = Device.UploadOptions(healthAuthority: text(a[1]))
    options.chaffGap = .milliseconds(Int64(a[2])!)
    return options
  }

  private func runUpload(_ verb: Substring, _ phone: Device, _ a: [Substring]) async throws {
    switch verb {
    case "upload_code": try await phone.enterUploadCode(String(a[1]))
    case "upload_status":
      let status = try await phone.uploadStatus()
      row(
        status.state.rawValue, status.problem.rawValue, truth(status.isPartlyRefused),
        status.reportType.rawValue, status.keys, status.keysInserted,
        status.consentedAt.milliseconds, status.wakeAt.milliseconds)
    case "upload_request":
      guard let next = try await phone.uploadRequest(uploadOptions(a)) else { return row("-") }
      request = next
      row(
        next.step.rawValue, next.server.rawValue, truth(next.isChaff), next.path,
        next.markingHeader, next.body.count, next.body.prefix(96).hex)
    case "upload_answer":
      try await phone.uploadAnswered(
        request!, httpStatus: Int(a[3])!, body: Data(hex: a[5]), retryAfter: wait(a[4]),
        options: uploadOptions(a))
    case "upload_wake_at": row(known(try await phone.uploadWakeAt(uploadOptions(a))?.milliseconds))
    default: fatalError("no such step: \(verb)")
    }
  }

  private func follow(_ a: [Substring]) async throws {
    var options = FollowedIndex.Options()
    options.path = text(a[3])
    options.suffix = text(a[4])
    options.gap = .milliseconds(Int64(a[5])!)
    options.mostListBytes = UInt64(a[6])!
    indexes[a[0]] = try await phones[a[1]]!.followIndex(of: String(a[2]), options: options)
  }

  private func runIndex(_ verb: Substring, _ index: FollowedIndex, _ a: [Substring]) async throws {
    switch verb {
    case "fetch":
      guard let next = try await index.next() else { return row("-") }
      row(truth(next.isIndex), next.path, next.etag ?? "-", next.mostBytes)
    case "index_answer":
      try await index.answered(
        httpStatus: Int(a[1])!, body: Data(hex: a[4]), etag: text(a[2]), retryAfter: wait(a[3]))
    case "list_handled":
      try await index.listHandled(
        String(a[1]), ListOutcome(rawValue: Int32(a[2])!)!, retryAfter: wait(a[3]))
    default:
      let status = try await index.status()
      row(status.listed, status.waiting, status.givenUp, status.wakeAt.milliseconds)
    }
  }

  private func identifiers(_ a: [Substring]) throws {
    let key = try PublishedKey(
      Scheme(word: a[0]), bytes: Data(hex: a[1]), validFrom: Date(milliseconds: a[2]),
      validTo: Date(milliseconds: a[3]), identifiersPerDay: Int(a[4])!,
      releasedAt: a[5] == "0" ? nil : Date(milliseconds: a[5]))
    for sent in try key.broadcasts() {
      row(sent.start.milliseconds, sent.end.milliseconds, sent.identifier.hex)
    }
  }

  private func open(_ a: [Substring]) async throws {
    var configuration = Device.Configuration()
    configuration.ownScheme = Scheme(word: a[4])
    configuration.retentionDays = Int(a[5])!
    configuration.deduplication = Device.Deduplication(rawValue: Int32(a[6])!)!
    let phone = try await Device(
      simulatedAt: folder.appendingPathComponent(String(a[0])),
      rootSecret: RootSecret(Data(hex: a[1])), configuration: configuration,
      time: Date(milliseconds: a[3]), seed: UInt64(a[2])!)
    row(
      truth(phone.opening.repaired), truth(phone.opening.olderFolder), phone.opening.statesLost)
    phones[a[0]] = phone
  }

  private func advertisement(_ a: [Substring]) async throws {
    let air = try await phones[a[0]]!.advertisement()
    row(air.scheme.word, air.identifier.hex, air.metadata.hex, air.validUntil.milliseconds)
  }

  private func record(_ a: [Substring]) async throws {
    var scan = Scan(start: Date(milliseconds: a[1]))
    if a[2] != "-" { scan.previousStart = Date(milliseconds: a[2]) }
    for (index, told) in a[3...].enumerated() {
      let word = told.split(separator: ",")
      guard let heardBy = HeardBy(rawValue: Int32(word[4])!) else {
        throw Failure.invalid("heard_by", record: Int64(index))
      }
      scan.sightings.append(
        try Sighting(
          Scheme(word: word[0]), identifier: Data(hex: word[1]), at: Date(milliseconds: word[2]),
          rssi: Int(word[3])!, heardBy: heardBy, metadata: Data(hex: word[5])))
    }
    try await phones[a[0]]!.record(scan)
  }

  private func meet(_ a: [Substring]) async throws {
    let (phone, other) = (phones[a[0]]!, phones[a[1]]!)
    for i in 0..<Int(a[3])! {
      let time = Date(milliseconds: a[2]).addingTimeInterval(60 * Double(i))
      try await phone.setSimulatedTime(time)
      try await other.setSimulatedTime(time)
      let air = try await other.advertisement()
      let heard = try Sighting(
        air.scheme, identifier: air.identifier, at: time, rssi: -60 - i % 10,
        metadata: air.metadata)
      try await phone.record(
        Scan(start: time, previousStart: time.addingTimeInterval(-60), sightings: [heard]))
    }
  }

  private func list(_ a: [Substring]) async throws {
    let list = try await KeyList(Data(hex: a[1]))
    let info = list.info
    row(
      info.format.rawValue, info.keys, info.revisedKeys, info.refusedKeys, info.start.milliseconds,
      info.end.milliseconds, info.batchNumber, info.batchSize, info.listID, info.sequence,
      info.signatures.count, info.region, info.contentDigest.hex)
    lists[a[0]] = list
  }

  private func signature(_ a: [Substring]) throws {
    let signatures = lists[a[0]]!.info.signatures
    guard let index = Int(a[1]), signatures.indices.contains(index) else {
      throw Failure(name: "not_found", field: "index")
    }
    row(signatures[index].keyID, signatures[index].keyVersion, signatures[index].algorithm)
  }

  private func refusal(_ a: [Substring]) throws {
    let refusals = try lists[a[0]]!.refusals
    guard let index = Int(a[1]), refusals.indices.contains(index) else {
      throw Failure(name: "not_found", field: "index")
    }
    Failure(refusals[index]).show()
  }

  private func addPublicKey(_ a: [Substring]) throws {
    let keys = publicKeys[a[0], default: []] + [Data(hex: a[1])]
    _ = try PublicKeys(keys)
    publicKeys[a[0]] = keys
  }

  private func verify(_ a: [Substring]) async throws {
    let report = try await lists[a[0]]!.verify(with: PublicKeys(publicKeys[a[1]]!))
    row(report.outcome.rawValue, report.publicKey, report.signature)
  }

  private func match(_ a: [Substring]) async throws {
    var options = Match.Options()
    options.bluezoneWindows = Match.BluezoneWindows(rawValue: Int32(a[3])!)!
    options.acceptUnverifiedLists = a[4] == "yes"
    let keys = a[2] == "-" ? nil : try PublicKeys(publicKeys[a[2]]!)
    let match = try await phones[a[0]]!.match(lists[a[1]]!, verifiedBy: keys, options: options)
    var left = Int(a[6])!
    for try await _ in match.progress(every: Int(a[5])!) {
      left -= 1
      if left == 0 { break }
    }
    try await match.save()
    let report = try await match.report
    row(
      truth(report.isDone), truth(report.isKnown), report.signature.rawValue, report.keysInList,
      report.keysTried, report.keysRefused)
    show(report.exposures)
  }

  private func onAir(_ verb: Substring, _ a: [Substring]) async throws {
    switch verb {
    case "transmission":
      let air = try AirIdentity(word: a[1])
      let sent = try await phones[a[0]]!.transmission(air, on: value(a[2], "system"))
      row(
        sent.carrier.rawValue, sent.company, truth(sent.isConnectable), sent.service.bytes.hex,
        sent.payload.hex, sent.advertisement.hex)
    case "abilities":
      for system in PhoneSystem.allCases {
        for state in AppState.allCases {
          for act in Act.allCases {
            let answer = try AirIdentity(word: a[0]).can(act, on: system, in: state)
            row(answer.ability.rawValue, answer.note)
          }
        }
      }
    default:
      show(try AirIdentity(word: a[0]).decode(Data(hex: a[2]), as: value(a[1], "form")))
    }
  }
}
