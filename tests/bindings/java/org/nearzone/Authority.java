package org.nearzone;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A health authority that signs Exposure Notification exports with a key of its own. */
final class Authority {
  private static final long TEN_MINUTES = 600_000;

  private final KeyPair pair;

  Authority() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    pair = generator.generateKeyPair();
  }

  PublicKeys publicKeys() throws NearZoneException {
    PublicKeys keys = new PublicKeys();
    keys.add(pair.getPublic().getEncoded());
    return keys;
  }

  /** An export of the keys, as its zip. */
  byte[] publish(List<PublishedKey> keys, long startMillis, long endMillis)
      throws GeneralSecurityException, IOException {
    byte[] signatureInfo =
        new Proto().text(3, "v1").text(4, "310").text(5, "1.2.840.10045.4.3.2").bytes();
    Proto export = new Proto();
    export.out.write("EK Export v1    ".getBytes(StandardCharsets.US_ASCII));
    export.fixed64(1, startMillis / 1000).fixed64(2, endMillis / 1000).text(3, "VN");
    export.varint(4, 1).varint(5, 1).field(6, signatureInfo);
    for (PublishedKey key : keys) {
      long start = key.getValidFromMillis() / TEN_MINUTES;
      export.field(7,
          new Proto()
              .field(1, key.getKey())
              .varint(3, start)
              .varint(4, key.getValidToMillis() / TEN_MINUTES - start)
              .varint(5, key.getReportType().number())
              .bytes());
    }
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(export.bytes());
    byte[] signed = new Proto()
                        .field(1, signatureInfo)
                        .varint(2, 1)
                        .varint(3, 1)
                        .field(4, signature.sign())
                        .bytes();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("export.bin"));
      zip.write(export.bytes());
      zip.putNextEntry(new ZipEntry("export.sig"));
      zip.write(new Proto().field(1, signed).bytes());
    }
    return out.toByteArray();
  }

  /** Fields of a protobuf message. */
  private static final class Proto {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Proto varint(int field, long value) {
      raw(field << 3);
      return raw(value);
    }

    Proto fixed64(int field, long value) {
      raw(field << 3 | 1);
      for (int shift = 0; shift < 64; shift += 8) {
        out.write((int) (value >>> shift));
      }
      return this;
    }

    Proto field(int field, byte[] value) {
      raw(field << 3 | 2).raw(value.length);
      out.write(value, 0, value.length);
      return this;
    }

    Proto text(int field, String value) {
      return field(field, value.getBytes(StandardCharsets.UTF_8));
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private Proto raw(long value) {
      while (value > 0x7f) {
        out.write((int) (value & 0x7f | 0x80));
        value >>>= 7;
      }
      out.write((int) value);
      return this;
    }
  }
}
