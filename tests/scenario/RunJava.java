import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.nearzone.Act;
import org.nearzone.Action;
import org.nearzone.Actions;
import org.nearzone.Advertisement;
import org.nearzone.AirIdentity;
import org.nearzone.Answer;
import org.nearzone.AppState;
import org.nearzone.BluezoneWindows;
import org.nearzone.Broadcast;
import org.nearzone.Carrier;
import org.nearzone.Consent;
import org.nearzone.Calibration;
import org.nearzone.DailySummary;
import org.nearzone.DailySummaryConfig;
import org.nearzone.DayCounts;
import org.nearzone.Deduplication;
import org.nearzone.DeviceConfig;
import org.nearzone.DiagnosisKeyMapping;
import org.nearzone.Disclosure;
import org.nearzone.ExportFormat;
import org.nearzone.Exposure;
import org.nearzone.ExposureWindow;
import org.nearzone.Fetch;
import org.nearzone.Finding;
import org.nearzone.FollowedIndex;
import org.nearzone.Form;
import org.nearzone.Heard;
import org.nearzone.HeardBy;
import org.nearzone.IndexConfig;
import org.nearzone.IndexStatus;
import org.nearzone.KeyList;
import org.nearzone.ListInfo;
import org.nearzone.ListOutcome;
import org.nearzone.LossKind;
import org.nearzone.Match;
import org.nearzone.MatchConfig;
import org.nearzone.MatchReport;
import org.nearzone.NearZoneException;
import org.nearzone.Opening;
import org.nearzone.PhoneSystem;
import org.nearzone.Plan;
import org.nearzone.Planner;
import org.nearzone.Power;
import org.nearzone.PublicKeys;
import org.nearzone.PublishedKey;
import org.nearzone.ReportType;
import org.nearzone.Scan;
import org.nearzone.ScanInstance;
import org.nearzone.Scheme;
import org.nearzone.Sighting;
import org.nearzone.SignatureInfo;
import org.nearzone.SignatureReport;
import org.nearzone.Statistics;
import org.nearzone.TimeRange;
import org.nearzone.Transmission;
import org.nearzone.UploadConfig;
import org.nearzone.UploadRequest;
import org.nearzone.UploadStatus;
import org.nearzone.testing.SimulatedDevice;

/** Runs a scenario through Java: RunJava SCENARIO FOLDER. README.md says what it prints. */
final class RunJava {
  private static final long MINUTE = 60_000;

  private final PrintStream out;
  private final File folder;
  private final Map<String, SimulatedDevice> phones = new HashMap<>();
  private final Map<String, KeyList> lists = new HashMap<>();
  private final Map<String, PublicKeys> publicKeys = new HashMap<>();
  private final Map<String, Planner> planners = new HashMap<>();
  private final Map<String, FollowedIndex> indexes = new HashMap<>();
  private UploadRequest request;

  private RunJava(PrintStream out, File folder) {
    this.out = out;
    this.folder = folder;
  }

  /** A failure that Java's types do not let one bring about, as the C interface has it. */
  private static final class CannotBe extends Exception {
    private static final long serialVersionUID = 1;

    CannotBe(String line) {
      super(line);
    }
  }

  /** Arguments from the first one on. */
  private interface Step {
    void run(String[] a) throws NearZoneException, IOException, CannotBe;
  }

  private static boolean truth(String word) {
    return word.equals("yes");
  }

  private static String truth(boolean value) {
    return value ? "yes" : "no";
  }

  private static Scheme scheme(String word) {
    for (Scheme scheme : Scheme.values()) {
      if (name(scheme).equals(word)) {
        return scheme;
      }
    }
    throw new IllegalArgumentException(word);
  }

  private static String name(Scheme scheme) {
    return scheme == Scheme.DP3T_LOW_COST ? "dp3t-lowcost"
                                          : scheme.name().toLowerCase().replace('_', '-');
  }

  private static byte[] bytes(String word) {
    byte[] bytes = new byte[word.equals("-") ? 0 : word.length() / 2];
    for (int i = 0; i < bytes.length; ++i) {
      bytes[i] = (byte) Integer.parseInt(word.substring(2 * i, 2 * i + 2), 16);
    }
    return bytes;
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length == 0 ? "-" : "");
    for (byte b : bytes) {
      text.append(String.format("%02x", b));
    }
    return text.toString();
  }

  private static String known(long value) {
    return value == -1 ? "-" : Long.toString(value);
  }

  private static Object known(Object value) {
    return value == null ? "-" : value;
  }

  private void row(Object... fields) {
    out.print(line(fields) + '\n');
  }

  private static String line(Object... fields) {
    StringBuilder line = new StringBuilder();
    for (Object field : fields) {
      line.append(line.length() == 0 ? "" : "\t").append(field);
    }
    return line.toString();
  }

  private void failure(NearZoneException failure) {
    row("! " + failure.getCode().name().toLowerCase(),
        failure.getField().isEmpty() ? "-" : failure.getField(), known(failure.getOffset()),
        known(failure.getRecord()));
  }

  private void keys(List<PublishedKey> keys) {
    for (PublishedKey key : keys) {
      row(key(key));
    }
  }

  private static String key(PublishedKey key) {
    long releasedAt = key.getReleasedAtMillis();
    return line(name(key.getScheme()), hex(key.getKey()), key.getValidFromMillis(),
        key.getValidToMillis(), key.getRecord(), key.getIdentifiersPerDay(),
        key.getReportType().number(), known(key.getDaysSinceOnset()),
        key.getTransmissionRiskLevel(), truth(key.isRevised()),
        releasedAt == 0 ? "-" : releasedAt);
  }

  private void exposures(List<Exposure> exposures) {
    for (Exposure exposure : exposures) {
      row(exposure.getDay(), exposure.getDurationMillis(),
          known(exposure.getMinimumAttenuationDb()), exposure.getReportType().number(),
          exposure.getBand().number(), exposure.getNearMillis(), exposure.getNearLowMillis(),
          exposure.getNearHighMillis(), exposure.getDoseMillis());
    }
  }

  private void days(List<DayCounts> days) {
    for (DayCounts day : days) {
      row(day.getDay(), day.getScans(), day.getSightings());
    }
  }

  private void identifiers(String[] a) throws NearZoneException {
    PublishedKey key = new PublishedKey(scheme(a[0]), bytes(a[1]), Long.parseLong(a[2]),
        Long.parseLong(a[3]), Integer.parseInt(a[4]), Long.parseLong(a[5]));
    for (Broadcast broadcast : key.deriveIdentifiers()) {
      row(broadcast.getStartMillis(), broadcast.getEndMillis(), hex(broadcast.getIdentifier()));
    }
  }

  private void report(String[] a) throws NearZoneException {
    for (Broadcast broadcast : PublishedKey.deriveIdentifiers(bytes(a[0]))) {
      row(hex(broadcast.getIdentifier()));
    }
  }

  private void open(String[] a) throws NearZoneException {
    DeviceConfig config = DeviceConfig.builder()
                              .ownScheme(scheme(a[4]))
                              .retentionDays(Integer.parseInt(a[5]))
                              .deduplication(Deduplication.values()[Integer.parseInt(a[6])])
                              .build();
    SimulatedDevice phone = new SimulatedDevice(new File(folder, a[0]), bytes(a[1]), config,
        Long.parseLong(a[3]), Long.parseUnsignedLong(a[2]));
    phones.put(a[0], phone);
    Opening opening = phone.opening();
    row(truth(opening.isRepaired()), truth(opening.isOlderFolder()), opening.getStatesLost());
  }

  private void advertisement(String[] a) throws NearZoneException {
    Advertisement air = phones.get(a[0]).advertisement();
    row(name(air.getScheme()), hex(air.getIdentifier()), hex(air.getMetadata()),
        air.getValidUntilMillis());
  }

  private void record(String[] a) throws NearZoneException, CannotBe {
    List<Sighting> sightings = new ArrayList<>();
    for (int i = 3; i < a.length; ++i) {
      String[] word = a[i].split(",");
      int heardBy = Integer.parseInt(word[4]);
      if (heardBy >= HeardBy.values().length) {
        throw new CannotBe("invalid_argument\theard_by\t-\t" + (i - 3));
      }
      sightings.add(new Sighting(scheme(word[0]), bytes(word[1]), Long.parseLong(word[2]),
          Integer.parseInt(word[3]), HeardBy.values()[heardBy], bytes(word[5])));
    }
    long previous = a[2].equals("-") ? Scan.UNKNOWN_TIME : Long.parseLong(a[2]);
    phones.get(a[0]).record(new Scan(Long.parseLong(a[1]), previous), sightings);
  }

  private void meet(String[] a) throws NearZoneException {
    SimulatedDevice phone = phones.get(a[0]);
    SimulatedDevice other = phones.get(a[1]);
    for (int i = 0; i < Integer.parseInt(a[3]); ++i) {
      long at = Long.parseLong(a[2]) + MINUTE * i;
      phone.setTimeMillis(at);
      other.setTimeMillis(at);
      Advertisement air = other.advertisement();
      phone.record(new Scan(at, at - MINUTE),
          Collections.singletonList(new Sighting(air.getScheme(), air.getIdentifier(), at,
              -60 - i % 10, HeardBy.ADVERTISEMENT, air.getMetadata())));
    }
  }

  private void list(String[] a) throws NearZoneException {
    KeyList list = KeyList.open(bytes(a[1]));
    lists.put(a[0], list);
    ListInfo info = list.info();
    row(info.getFormat().number(), info.getKeys(), info.getRevisedKeys(), info.getRefusedKeys(),
        info.getStartMillis(), info.getEndMillis(), info.getBatchNumber(), info.getBatchSize(),
        Long.toUnsignedString(info.getListId()), Long.toUnsignedString(info.getSequence()),
        info.getSignatures(), info.getRegion(), hex(info.getContentDigest()));
  }

  /** What Java gives as a whole, the C interface gives one by one. */
  private static <T> T at(List<T> all, String index) throws CannotBe {
    if (Integer.parseInt(index) >= all.size()) {
      throw new CannotBe("not_found\tindex\t-\t-");
    }
    return all.get(Integer.parseInt(index));
  }

  private void signature(String[] a) throws NearZoneException, CannotBe {
    SignatureInfo signature = at(lists.get(a[0]).signatures(), a[1]);
    row(signature.getKeyId(), signature.getKeyVersion(), signature.getAlgorithm());
  }

  private void keys(String[] a) throws NearZoneException {
    KeyList list = lists.get(a[0]);
    list.rewind();
    List<PublishedKey> some;
    do {
      some = list.readKeys(7);
      keys(some);
    } while (!some.isEmpty());
  }

  private void publicKey(String[] a) throws NearZoneException {
    publicKeys.computeIfAbsent(a[0], name -> new PublicKeys()).add(bytes(a[1]));
  }

  private void verify(String[] a) throws NearZoneException {
    SignatureReport report = lists.get(a[0]).verify(publicKeys.get(a[1]));
    row(report.getOutcome().number(), report.getPublicKey(), report.getSignature());
  }

  private void match(String[] a) throws NearZoneException {
    MatchConfig config = MatchConfig.builder()
                             .bluezoneWindows(BluezoneWindows.values()[Integer.parseInt(a[3])])
                             .acceptUnverifiedLists(truth(a[4]))
                             .build();
    try (Match match = phones.get(a[0]).match(
             lists.get(a[1]), a[2].equals("-") ? null : publicKeys.get(a[2]), config, null)) {
      int left = Integer.parseInt(a[6]);
      while (match.step(Long.parseLong(a[5])) && --left != 0) {
      }
      match.save();
      MatchReport report = match.report();
      row(truth(report.isDone()), truth(report.isKnown()), report.getSignature().number(),
          report.getKeysInList(), report.getKeysTried(), report.getKeysRefused());
      exposures(match.exposures());
    }
  }

  private void calibration(String[] a) throws NearZoneException {
    for (int i = 1; i < 4; ++i) {
      a[i] = a[i].equals("-") ? "" : a[i];
    }
    Calibration found = Calibration.lookUp(bytes(a[0]), a[1], a[2], a[3]);
    row(found.getRssiCorrectionDb(), found.getTransmitPowerDbm(), found.getConfidence(),
        found.getSource().number());
  }

  private void windows(String[] a) throws NearZoneException {
    int number = 0;
    for (ExposureWindow window :
        phones.get(a[0]).exposureWindows(DiagnosisKeyMapping.builder().build())) {
      for (ScanInstance scan : window.getScans()) {
        row(number, window.getDay(), window.getReportType().number(),
            window.getInfectiousness().number(), window.getCalibrationConfidence(),
            scan.getTypicalAttenuationDb(), scan.getMinimumAttenuationDb(),
            scan.getSinceLastScanMillis());
      }
      ++number;
    }
  }

  private void summaries(String[] a) throws NearZoneException {
    String[] thresholds = a[2].split(",");
    String[] weights = a[3].split(",");
    double[] parts = new double[weights.length];
    for (int i = 0; i < parts.length; ++i) {
      parts[i] = Integer.parseInt(weights[i]) / 100.0;
    }
    DailySummaryConfig config =
        DailySummaryConfig.builder()
            .attenuationThresholdsDb(Integer.parseInt(thresholds[0]),
                Integer.parseInt(thresholds[1]), Integer.parseInt(thresholds[2]))
            .attenuationWeights(parts)
            .build();
    List<ExposureWindow> windows =
        phones.get(a[0]).exposureWindows(DiagnosisKeyMapping.builder().build());
    for (DailySummary day : DailySummary.of(windows, config, Integer.parseInt(a[1]))) {
      summary(day.getDay(), "-", day.getTotal());
      for (ReportType type : ReportType.values()) {
        if (day.get(type) != null) {
          summary(day.getDay(), type.number(), day.get(type));
        }
      }
    }
  }

  private void summary(int day, Object type, DailySummary.Scores scores) {
    row(day, type, Math.round(1000 * scores.getMaximum()), Math.round(1000 * scores.getSum()),
        Math.round(1000 * scores.getWeightedDuration()));
  }

  private void statistics(String[] a) throws NearZoneException {
    Statistics all = phones.get(a[0]).statistics();
    row(truth(all.isClockInDoubt()), all.getScans(), all.getSightings());
  }

  private void losses(String[] a) throws NearZoneException, CannotBe {
    for (LossKind kind : LossKind.values()) {
      if (kind.number() == Integer.parseInt(a[1])) {
        days(phones.get(a[0]).losses(kind));
        return;
      }
    }
    throw new CannotBe("invalid_argument\tkind\t-\t-");
  }

  private void export(String[] a) throws NearZoneException, IOException {
    ExportFormat format = ExportFormat.values()[Integer.parseInt(a[1]) - 1];
    phones.get(a[0]).export((Appendable) out, format, null);
  }

  private void compact(String[] a) throws NearZoneException {
    while (phones.get(a[0]).compact(0)) {
    }
  }

  private void disclose(String[] a) throws NearZoneException, CannotBe {
    if (!truth(a[1])) {
      throw new CannotBe("consent_required\tconsent\t-\t-");
    }
    List<TimeRange> redactions = new ArrayList<>();
    for (int i = 3; i + 1 < a.length; i += 2) {
      redactions.add(new TimeRange(Long.parseLong(a[i]), Long.parseLong(a[i + 1])));
    }
    try (Disclosure disclosure = phones.get(a[0]).disclose(
             Consent.THE_PERSON_CONSENTS, Integer.parseInt(a[2]), redactions)) {
      for (PublishedKey key : disclosure.take()) {
        row(key(key), hex(key.getReport()));
      }
    }
  }

  private static String text(String word) {
    return word.equals("-") ? "" : word;
  }

  private static UploadConfig uploadConfig(String[] a) {
    return UploadConfig.builder(text(a[1])).chaffGapMillis(Long.parseLong(a[2])).build();
  }

  private void beginUpload(String[] a) throws NearZoneException, CannotBe {
    if (!truth(a[1])) {
      throw new CannotBe("consent_required\tconsent\t-\t-");
    }
    phones.get(a[0]).beginUpload(Consent.THE_PERSON_CONSENTS, Integer.parseInt(a[2]));
  }

  private void uploadStatus(String[] a) throws NearZoneException {
    UploadStatus status = phones.get(a[0]).uploadStatus();
    row(status.getState().number(), status.getProblem().number(), truth(status.isPartlyRefused()),
        status.getReportType().number(), status.getKeys(), status.getKeysInserted(),
        status.getConsentedAtMillis(), status.getWakeAtMillis());
  }

  private void uploadRequest(String[] a) throws NearZoneException {
    UploadRequest next = phones.get(a[0]).uploadRequest(uploadConfig(a));
    if (next == null) {
      row("-");
      return;
    }
    request = next;
    row(next.getStep().number(), next.getServer().number(), truth(next.isChaff()), next.getPath(),
        next.getMarkingHeader(), next.getBody().length, hex(Arrays.copyOf(next.getBody(), 96)));
  }

  private void uploadAnswer(String[] a) throws NearZoneException {
    phones.get(a[0]).uploadAnswered(
        uploadConfig(a), request, Integer.parseInt(a[3]), bytes(a[5]), Long.parseLong(a[4]));
  }

  private void follow(String[] a) throws NearZoneException {
    IndexConfig config = IndexConfig.builder()
                             .path(text(a[3]))
                             .suffix(text(a[4]))
                             .gapMillis(Long.parseLong(a[5]))
                             .mostListBytes(Long.parseLong(a[6]))
                             .build();
    indexes.put(a[0], phones.get(a[1]).followIndex(a[2], config));
  }

  private void fetch(String[] a) throws NearZoneException {
    Fetch next = indexes.get(a[0]).next();
    if (next == null) {
      row("-");
    } else {
      row(truth(next.isIndex()), next.getPath(), next.getEtag().isEmpty() ? "-" : next.getEtag(),
          next.getMostBytes());
    }
  }

  private void indexStatus(String[] a) throws NearZoneException {
    IndexStatus status = indexes.get(a[0]).status();
    row(status.getListed(), status.getWaiting(), status.getGivenUp(), status.getWakeAtMillis());
  }

  /** The value of a number; Java's types have no other. */
  private static <E> E value(E[] values, String number, String field) throws CannotBe {
    int index = Integer.parseInt(number) - 1;
    if (index < 0 || index >= values.length) {
      throw new CannotBe("invalid_argument\t" + field + "\t-\t-");
    }
    return values[index];
  }

  private static UUID uuid(String hex) {
    return UUID.fromString(
        hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
  }

  private static String hex(UUID uuid) {
    return uuid.toString().replace("-", "");
  }

  private static AirIdentity air(String word) throws NearZoneException {
    String[] part = word.split(",");
    if (part.length == 8) {
      AirIdentity.Builder builder =
          AirIdentity.builder(scheme(part[0]), Carrier.values()[Integer.parseInt(part[1]) - 1],
                  uuid(part[2]))
              .iosService(uuid(part[3]))
              .metadata(truth(part[5]))
              .company(Integer.parseInt(part[6]))
              .overflowBit(Integer.parseInt(part[7]));
      return (part[4].equals("-") ? builder : builder.characteristic(uuid(part[4]))).build();
    }
    return part.length == 1 ? AirIdentity.published(scheme(word))
                            : AirIdentity.own(uuid(part[0]), uuid(part[1]), truth(part[2]));
  }

  private void transmission(String[] a) throws NearZoneException, CannotBe {
    Transmission sent = phones.get(a[0]).transmission(
        air(a[1]), value(PhoneSystem.values(), a[2], "system"));
    row(sent.getCarrier().number(), sent.getCompany(), truth(sent.isConnectable()),
        hex(sent.getService()), hex(sent.getPayload()), hex(sent.getAdvertisement()));
  }

  private void abilities(String[] a) throws NearZoneException {
    for (PhoneSystem system : PhoneSystem.values()) {
      for (AppState state : AppState.values()) {
        for (Act act : Act.values()) {
          Answer answer = air(a[0]).can(system, state, act);
          row(answer.getAbility().number(), answer.getNote());
        }
      }
    }
  }

  private void heard(Heard heard) {
    row(heard.getFinding().number(),
        heard.getFinding() == Finding.IDENTIFIER ? hex(heard.getIdentifier()) : "-",
        hex(heard.getMetadata()));
  }

  private void decode(String[] a) throws NearZoneException, CannotBe {
    heard(air(a[0]).decode(value(Form.values(), a[1], "form"), bytes(a[2])));
  }

  private static Plan changed(Plan plan, String word) throws NearZoneException {
    String[] part = word.split(",");
    long[] at = new long[part.length];
    for (int i = 1; i < part.length; ++i) {
      at[i] = Long.parseLong(part[i]);
    }
    switch (part[0]) {
      case "slots":
        return plan.withSlots(at[1]);
      case "random":
        return plan.withRandomRotation(at[1], at[2]);
      case "battery":
        return plan.withBattery((int) at[1], (int) at[2]);
      case "scan":
        return plan.withScanning(AppState.values()[(int) at[1] - 1], at[2], at[3], at[4]);
      default:
        return plan.withAdvertising(AppState.values()[(int) at[1] - 1], at[2], at[3], at[4]);
    }
  }

  private void planner(String[] a) throws NearZoneException, CannotBe {
    Plan plan = Plan.of(scheme(a[1]), value(PhoneSystem.values(), a[2], "system"));
    for (int i = 4; i < a.length; ++i) {
      plan = changed(plan, a[i]);
    }
    planners.put(
        a[0], Planner.simulated(scheme(a[1]), plan, Long.parseUnsignedLong(a[3])));
    for (AppState state : AppState.values()) {
      row(plan.advertisingSecondsADay(state, Power.FULL),
          plan.scanningSecondsADay(state, Power.FULL));
    }
  }

  private void tell(String[] a) throws NearZoneException, CannotBe {
    Planner planner = planners.get(a[0]);
    switch (a[1]) {
      case "state":
        planner.setState(value(AppState.values(), a[2], "state"));
        break;
      case "battery":
        planner.setBattery(Integer.parseInt(a[2]), false);
        break;
      case "radio":
        planner.setRadio(!a[2].equals("0"));
        break;
      default:
        planner.renew();
    }
  }

  private void drive(String[] a) throws NearZoneException {
    long passed = 0;
    while (passed < Long.parseLong(a[3])) {
      long now = Long.parseLong(a[1]) + passed;
      Actions todo = planners.get(a[0]).advance(now, Long.parseLong(a[2]) + passed);
      for (Action action : todo.getActions()) {
        boolean nobody = Arrays.equals(action.getPeer(), new byte[Planner.PEER_SIZE]);
        row(now, action.getKind().number(), action.getLastsMillis(),
            nobody ? "-" : hex(action.getPeer()));
      }
      passed += todo.getPauseMillis();
    }
  }

  private void ask(String[] a) throws NearZoneException {
    heard(planners.get(a[0]).heard(
        bytes(a[1]), Integer.parseInt(a[2]), Long.parseLong(a[3]), Long.parseLong(a[4])));
  }

  private void answered(String[] a) throws NearZoneException {
    Heard heard = a[2].equals("-") ? null : air(a[2]).decode(Form.GATT_VALUE, bytes(a[3]));
    planners.get(a[0]).answered(
        bytes(a[1]), heard, Long.parseLong(a[4]), Long.parseLong(a[5]));
  }

  private Map<String, Step> steps() {
    Map<String, Step> steps = new HashMap<>();
    steps.put("identifiers", this::identifiers);
    steps.put("report", this::report);
    steps.put("open", this::open);
    steps.put("close", a -> phones.remove(a[0]).close());
    steps.put("time", a -> phones.get(a[0]).setTimeMillis(Long.parseLong(a[1])));
    steps.put("advertisement", this::advertisement);
    steps.put("record", this::record);
    steps.put("meet", this::meet);
    steps.put("list", this::list);
    steps.put("signature", this::signature);
    steps.put("refusal", a -> failure(at(lists.get(a[0]).refusals(), a[1])));
    steps.put("keys", this::keys);
    steps.put("public_key", this::publicKey);
    steps.put("verify", this::verify);
    steps.put("match", this::match);
    steps.put("exposures", a -> exposures(phones.get(a[0]).exposures()));
    steps.put("calibration", this::calibration);
    steps.put("windows", this::windows);
    steps.put("summaries", this::summaries);
    steps.put("statistics", this::statistics);
    steps.put("days", a -> days(phones.get(a[0]).days()));
    steps.put("local_days", a -> days(phones.get(a[0]).localDays(Long.parseLong(a[1]))));
    steps.put("losses", this::losses);
    steps.put("export", this::export);
    steps.put("purge", a -> row(phones.get(a[0]).purge()));
    steps.put("compact", this::compact);
    steps.put("erase_day", a -> phones.get(a[0]).eraseDay(Integer.parseInt(a[1])));
    steps.put("erase_all", a -> phones.get(a[0]).eraseAll());
    steps.put("suspend", a -> phones.get(a[0]).suspend());
    steps.put("resume", a -> phones.get(a[0]).resume());
    steps.put("counter", a -> row(phones.get(a[0]).counter()));
    steps.put("disclose", this::disclose);
    steps.put("begin_upload", this::beginUpload);
    steps.put("upload_code", a -> phones.get(a[0]).enterUploadCode(a[1]));
    steps.put("discard_upload", a -> phones.get(a[0]).discardUpload());
    steps.put("upload_status", this::uploadStatus);
    steps.put("upload_request", this::uploadRequest);
    steps.put("upload_answer", this::uploadAnswer);
    steps.put("upload_wake_at",
        a -> row(known((Object) phones.get(a[0]).uploadWakeAtMillis(uploadConfig(a)))));
    steps.put("follow", this::follow);
    steps.put("unfollow", a -> indexes.remove(a[0]).close());
    steps.put("fetch", this::fetch);
    steps.put("index_answer",
        a -> indexes.get(a[0]).answered(
            Integer.parseInt(a[1]), bytes(a[4]), text(a[2]), Long.parseLong(a[3])));
    steps.put("list_handled",
        a -> indexes.get(a[0]).listHandled(
            a[1], ListOutcome.values()[Integer.parseInt(a[2])], Long.parseLong(a[3])));
    steps.put("index_status", this::indexStatus);
    steps.put("transmission", this::transmission);
    steps.put("abilities", this::abilities);
    steps.put("decode", this::decode);
    steps.put("planner", this::planner);
    steps.put("tell", this::tell);
    steps.put("drive", this::drive);
    steps.put("ask", this::ask);
    steps.put("answered", this::answered);
    return steps;
  }

  private void run(Path scenario) throws IOException {
    Map<String, Step> steps = steps();
    for (String line : Files.readAllLines(scenario, StandardCharsets.UTF_8)) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split("\t");
      row("> " + words[0]);
      try {
        steps.get(words[0]).run(Arrays.copyOfRange(words, 1, words.length));
      } catch (NearZoneException failure) {
        failure(failure);
      } catch (IllegalArgumentException | IllegalStateException misuse) {
        if (!(misuse.getCause() instanceof NearZoneException)) {
          throw misuse;
        }
        failure((NearZoneException) misuse.getCause());
      } catch (CannotBe failure) {
        row("! " + failure.getMessage());
      }
    }
  }

  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    new RunJava(out, new File(arguments[1])).run(Paths.get(arguments[0]));
    out.flush();
  }
}
