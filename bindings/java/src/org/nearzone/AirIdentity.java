package org.nearzone;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * A deployment's numbers on the air, and what they make of bytes: immutable, and made of
 * {@link #own}, {@link #builder} or {@link #published}.
 *
 * <pre>{@code
 * AirIdentity air = AirIdentity.own(SERVICE, CHARACTERISTIC, true);
 * Heard heard = air.decode(Form.SCAN_RECORD, result.getScanRecord().getBytes());
 * }</pre>
 */
public final class AirIdentity {
  private static final int METADATA_SIZE = 4;
  private static final int UUID_SIZE = 16;

  // Packed: scheme, carrier, metadata size, company, overflow bit, and three UUIDs.
  final byte[] packed;

  private AirIdentity(byte[] packed) {
    this.packed = packed;
  }

  /**
   * The numbers of a scheme's published system, for interoperation and tests: they belong to
   * others.
   *
   * @param scheme the scheme
   * @return its identity
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public static @NotNull AirIdentity published(@NotNull Scheme scheme) throws NearZoneException {
    return new AirIdentity(Native.airPublished(scheme.number()));
  }

  /**
   * NearZone's own profile under UUIDs of one's own.
   *
   * @param service what is advertised; without a form of 16 bits, identifiers are read over
   *     connections only
   * @param characteristic what is read there
   * @param metadata whether sealed metadata, with the transmit power, follow the identifier
   * @return the identity
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   * @throws IllegalArgumentException where a UUID is nil
   */
  public static @NotNull AirIdentity own(@NotNull UUID service, @NotNull UUID characteristic,
      boolean metadata) throws NearZoneException {
    return new AirIdentity(Native.airOwn(bytes(service), bytes(characteristic), metadata));
  }

  /**
   * For a deployment of any scheme under numbers of its own.
   *
   * @param scheme whose identifiers it carries
   * @param carrier what holds the identifier in an Android phone's advertisement
   * @param service what is advertised
   * @return a builder without anything else
   */
  public static @NotNull Builder builder(@NotNull Scheme scheme, @NotNull Carrier carrier,
      @NotNull UUID service) {
    return new Builder(scheme, carrier, service);
  }

  /** Makes an {@link AirIdentity}. */
  public static final class Builder {
    private static final UUID NONE = new UUID(0, 0);

    private final Scheme scheme;
    private final Carrier carrier;
    private final UUID service;
    private UUID iosService;
    private UUID characteristic = NONE;
    private int company;
    private int metadataSize;
    private int overflowBit = -1;

    private Builder(Scheme scheme, Carrier carrier, UUID service) {
      this.scheme = scheme;
      this.carrier = carrier;
      this.service = service;
      iosService = service;
    }

    /**
     * What an iPhone advertises, where it is another service.
     *
     * @param value the service
     * @return this
     */
    public @NotNull Builder iosService(@NotNull UUID value) {
      iosService = value;
      return this;
    }

    /**
     * What is read over a connection. Without one, no iPhone can send.
     *
     * @param value the characteristic of the iPhone's service
     * @return this
     */
    public @NotNull Builder characteristic(@NotNull UUID value) {
      characteristic = value;
      return this;
    }

    /**
     * Whose data the identifier is, with {@link Carrier#MANUFACTURER_DATA}.
     *
     * @param value the company identifier, of 16 bits
     * @return this
     */
    public @NotNull Builder company(int value) {
      company = value;
      return this;
    }

    /**
     * Whether sealed metadata, with the transmit power, follow the identifier: of
     * {@link Scheme#GAEN} only.
     *
     * @param value whether
     * @return this
     */
    public @NotNull Builder metadata(boolean value) {
      metadataSize = value ? METADATA_SIZE : 0;
      return this;
    }

    /**
     * The bit that the iPhone's service sets in iOS's overflow area while the app is in the
     * background.
     *
     * @param value 0 to 127, the highest of the first byte being 0; -1 where it is not known
     * @return this
     */
    public @NotNull Builder overflowBit(int value) {
      overflowBit = value;
      return this;
    }

    /**
     * {@return the identity}
     *
     * @throws NearZoneException with {@link ErrorCode#INTERNAL}
     * @throws IllegalArgumentException where nothing can be sent under it
     */
    public @NotNull AirIdentity build() throws NearZoneException {
      byte[] packed = new Packed(5 * Integer.BYTES + 3 * UUID_SIZE)
                          .int32(scheme.number())
                          .int32(carrier.number())
                          .int32(metadataSize)
                          .int32(company)
                          .int32(overflowBit)
                          .bytes(AirIdentity.bytes(service), UUID_SIZE)
                          .bytes(AirIdentity.bytes(iosService), UUID_SIZE)
                          .bytes(AirIdentity.bytes(characteristic), UUID_SIZE)
                          .array();
      AirIdentity air = new AirIdentity(packed);
      air.scanFilters(PhoneSystem.ANDROID);  // throws where it fails the check
      return air;
    }
  }

  /**
   * With the bit that its service sets in iOS's overflow area while the app is in the background.
   *
   * @param bit 0 to 127, the highest of the first byte being 0
   * @return the same with it
   */
  public @NotNull AirIdentity withOverflowBit(int bit) {
    if (bit < 0 || bit > 127) {
      throw new IllegalArgumentException("bit is not in 0 to 127");
    }
    ByteBuffer copy = ByteBuffer.wrap(packed.clone()).order(ByteOrder.nativeOrder());
    copy.putInt(16, bit);
    return new AirIdentity(copy.array());
  }

  private Unpacked at(int offset) {
    Unpacked in = new Unpacked(packed);
    in.skip(offset);
    return in;
  }

  /** {@return whose identifiers it carries} */
  public @NotNull Scheme getScheme() {
    return Scheme.of(at(0).int32());
  }

  /** {@return what holds the identifier in an Android phone's advertisement} */
  public @NotNull Carrier getCarrier() {
    return Carrier.of(at(4).int32());
  }

  /** {@return what an Android phone advertises} */
  public @NotNull UUID getService() {
    return Objects.requireNonNull(uuid(at(20).bytes(16)));
  }

  /** {@return what an iPhone advertises, and whose characteristic it serves} */
  public @NotNull UUID getIosService() {
    return Objects.requireNonNull(uuid(at(36).bytes(16)));
  }

  /** {@return what is read over a connection, or null} */
  public @Nullable UUID getCharacteristic() {
    return uuid(at(52).bytes(16));
  }

  /**
   * What an app may do with it.
   *
   * @param system on which system
   * @param state in which state
   * @param act what
   * @return whether, and why
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public @NotNull Answer can(@NotNull PhoneSystem system, @NotNull AppState state, @NotNull Act act)
      throws NearZoneException {
    return new Answer(
        new Unpacked(Native.airCan(packed, system.number(), state.number(), act.number())));
  }

  /**
   * What to let a scan through for.
   *
   * @param system on which system
   * @return any of several
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public @NotNull List<AirFilter> scanFilters(@NotNull PhoneSystem system)
      throws NearZoneException {
    Unpacked in = new Unpacked(Native.airScanFilters(packed, system.number()));
    List<AirFilter> filters = new ArrayList<>();
    while (in.hasMore()) {
      filters.add(new AirFilter(in));
    }
    return filters;
  }

  /**
   * Reads whatever bytes there are.
   *
   * @param form what they are
   * @param bytes as the system gave them
   * @return what they say; of malformed ones, {@link Finding#NOTHING}
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public @NotNull Heard decode(@NotNull Form form, byte @NotNull[] bytes)
      throws NearZoneException {
    return new Heard(getScheme(), Native.airDecode(packed, form.number(), bytes));
  }

  static byte[] bytes(UUID uuid) {
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  /** Null of zeros. */
  static @Nullable UUID uuid(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    UUID uuid = new UUID(in.getLong(), in.getLong());
    return uuid.getMostSignificantBits() == 0 && uuid.getLeastSignificantBits() == 0 ? null : uuid;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AirIdentity
        && Arrays.equals(packed, ((AirIdentity) other).packed);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(packed);
  }

  @Override
  public @NotNull String toString() {
    return "AirIdentity{scheme=" + getScheme() + ", service=" + getService() + "}";
  }
}
