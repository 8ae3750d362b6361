package org.nearzone.example;

import android.content.Context;
import android.content.SharedPreferences;
import android.security.keystore.KeyGenParameterSpec;
import android.security.keystore.KeyProperties;
import android.util.Base64;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.spec.GCMParameterSpec;
import org.nearzone.Device;

/**
 * The root secret, wrapped by a key that never leaves the phone's key store. Without that key, on
 * another phone for instance, the log cannot be read; then the app has to begin a new one, which is
 * left to it, since everything heard is lost with the old one.
 */
final class KeyStoreSecret {
  private static final String ALIAS = "nearzone-root";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int TAG_BITS = 128;

  private final SharedPreferences preferences;

  KeyStoreSecret(Context context) {
    preferences = context.getSharedPreferences("nearzone", Context.MODE_PRIVATE);
  }

  byte[] rootSecret() throws GeneralSecurityException, IOException {
    String wrapped = preferences.getString("wrapped", null);
    return wrapped == null ? makeSecret() : unwrap(wrapped.split(" "));
  }

  private byte[] makeSecret() throws GeneralSecurityException, IOException {
    byte[] secret = new byte[Device.ROOT_SECRET_SIZE];
    new SecureRandom().nextBytes(secret);
    KeyGenerator generator =
        KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, "AndroidKeyStore");
    generator.init(
        new KeyGenParameterSpec
            .Builder(ALIAS, KeyProperties.PURPOSE_ENCRYPT | KeyProperties.PURPOSE_DECRYPT)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setKeySize(256)
            .build());
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(Cipher.ENCRYPT_MODE, generator.generateKey());
    byte[] sealed = cipher.doFinal(secret);
    String wrapped = Base64.encodeToString(cipher.getIV(), Base64.NO_WRAP) + " "
        + Base64.encodeToString(sealed, Base64.NO_WRAP);
    // Written before anything is sealed with it.
    if (!preferences.edit().putString("wrapped", wrapped).commit()) {
      throw new IOException("the wrapped secret could not be written");
    }
    return secret;
  }

  private static byte[] unwrap(String[] wrapped) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("AndroidKeyStore");
    store.load(null);
    Key key = store.getKey(ALIAS, null);
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(Cipher.DECRYPT_MODE, key,
        new GCMParameterSpec(TAG_BITS, Base64.decode(wrapped[0], Base64.NO_WRAP)));
    return cipher.doFinal(Base64.decode(wrapped[1], Base64.NO_WRAP));
  }

  long leastCounter() {
    return preferences.getLong("counter", 0);
  }

  void keepCounter(long counter) {
    preferences.edit().putLong("counter", counter).apply();
  }
}
