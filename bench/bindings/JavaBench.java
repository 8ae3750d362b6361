import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Locale;
import org.nearzone.Device;
import org.nearzone.DeviceConfig;
import org.nearzone.Durability;
import org.nearzone.HeardBy;
import org.nearzone.KeyList;
import org.nearzone.Match;
import org.nearzone.MatchConfig;
import org.nearzone.MatchResult;
import org.nearzone.Scan;
import org.nearzone.Scheme;
import org.nearzone.SightingBatch;

/**
 * Records 10^5 sightings and matches 10^5 keys through Java, in turns with the same through C++,
 * which bindings_reference does; prints medians and their ratio as JSON.
 *
 * <p>java ... JavaBench REFERENCE_PROGRAM [REPETITIONS]
 */
final class JavaBench {
  private static final int SCANS_A_CALL = 100;
  private static final int SIGHTINGS_A_SCAN = 10;
  private static final int SIGHTING_SIZE = 32;
  /** Java's compiler has made machine code of what matters by then. */
  private static final int WARM_UP = 5;

  private final File folder;
  private final long[] times;
  private final byte[][] identifiers;
  private final byte[][] metadata;
  private final byte[] rssi;

  private JavaBench(File folder) throws IOException {
    this.folder = folder;
    byte[] bytes = Files.readAllBytes(new File(folder, "sightings").toPath());
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    int count = bytes.length / SIGHTING_SIZE;
    times = new long[count];
    identifiers = new byte[count][16];
    metadata = new byte[count][4];
    rssi = new byte[count];
    for (int i = 0; i < count; ++i) {
      times[i] = in.getLong();
      in.get(identifiers[i]);
      in.getShort(); // Scheme and way, which are always the same.
      rssi[i] = in.get();
      in.get();
      in.get(metadata[i]);
    }
  }

  /** What one repetition took, in nanoseconds, and what it found. */
  private static final class Run {
    final long record;
    final long match;
    final long exposures;

    Run(long record, long match, long exposures) {
      this.record = record;
      this.match = match;
      this.exposures = exposures;
    }
  }

  private Run run() throws Exception {
    File home = new File(folder, "java");
    DeviceConfig config = DeviceConfig.builder().durability(Durability.LAST_MOMENTS).build();
    Run run;
    try (Device device = Device.open(home, new byte[Device.ROOT_SECRET_SIZE], config)) {
      long start = System.nanoTime();
      record(device);
      long recorded = System.nanoTime();
      MatchConfig any = MatchConfig.builder().acceptUnverifiedLists(true).build();
      try (KeyList list = KeyList.open(new File(folder, "list"));
           Match match = device.match(list, null, any, null)) {
        MatchResult result = match.finish(null);
        run = new Run(recorded - start, System.nanoTime() - recorded, result.getExposures().size());
      }
    }
    delete(home);
    return run;
  }

  private void record(Device device) throws Exception {
    SightingBatch batch = new SightingBatch(SCANS_A_CALL * SIGHTINGS_A_SCAN);
    int scans = 0;
    for (int i = 0; i < times.length; ++i) {
      if (i % SIGHTINGS_A_SCAN == 0) {
        if (scans == SCANS_A_CALL) {
          device.record(batch);
          batch.clear();
          scans = 0;
        }
        batch.beginScan(times[i], Scan.UNKNOWN_TIME);
        ++scans;
      }
      batch.add(Scheme.GAEN, identifiers[i], times[i], rssi[i], HeardBy.ADVERTISEMENT, metadata[i]);
    }
    device.record(batch);
  }

  private static void delete(File file) throws IOException {
    File[] inside = file.listFiles();
    if (inside != null) {
      for (File each : inside) {
        delete(each);
      }
    }
    Files.delete(file.toPath());
  }

  /** The C++ program, which works when it is told to. */
  private static final class Reference implements AutoCloseable {
    private final Process process;
    private final BufferedReader said;
    private final OutputStream orders;

    Reference(String program, File folder) throws IOException {
      process = new ProcessBuilder(program, folder.getPath())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
      said = new BufferedReader(
          new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
      orders = process.getOutputStream();
      next();
    }

    private String next() throws IOException {
      String line = said.readLine();
      if (line == null) {
        throw new IOException("the reference program ended");
      }
      return line;
    }

    Run run() throws IOException {
      orders.write('\n');
      orders.flush();
      String[] fields = next().split(" ");
      return new Run(
          Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2]));
    }

    @Override
    public void close() {
      process.destroy();
    }
  }

  private static double medianMillis(long[] nanoseconds) {
    long[] sorted = nanoseconds.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2] / 1e6;
  }

  private static String row(String name, long[] java, long[] reference) {
    double[] ratios = new double[java.length];
    for (int i = 0; i < ratios.length; ++i) {
      ratios[i] = (double) java[i] / reference[i];
    }
    Arrays.sort(ratios);
    return String.format(Locale.ROOT,
        "  \"%s\": {\"java_ms\": %.2f, \"cpp_ms\": %.2f, \"median_of_ratios\": %.4f}", name,
        medianMillis(java), medianMillis(reference), ratios[ratios.length / 2]);
  }

  public static void main(String[] arguments) throws Exception {
    int repetitions = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 101;
    File folder = Files.createTempDirectory("nearzone-bench").toFile();
    long[][] times = new long[4][repetitions];
    try (Reference reference = new Reference(arguments[0], folder)) {
      JavaBench bench = new JavaBench(folder);
      for (int i = -WARM_UP; i < repetitions; ++i) {
        // Who comes first changes: the machine may be slower for the second.
        Run first = i % 2 == 0 ? reference.run() : bench.run();
        Run second = i % 2 == 0 ? bench.run() : reference.run();
        Run java = i % 2 == 0 ? second : first;
        Run cpp = i % 2 == 0 ? first : second;
        if (java.exposures != 1 || cpp.exposures != 1) {
          throw new AssertionError("one exposure was to be found");
        }
        if (i >= 0) {
          times[0][i] = java.record;
          times[1][i] = cpp.record;
          times[2][i] = java.match;
          times[3][i] = cpp.match;
        }
      }
    } finally {
      delete(folder);
    }
    System.out.println("{\n  \"repetitions\": " + repetitions + ",\n"
        + row("record_100000_sightings", times[0], times[1]) + ",\n"
        + row("match_100000_keys", times[2], times[3]) + "\n}");
  }
}
