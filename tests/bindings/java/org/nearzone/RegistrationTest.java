package org.nearzone;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Test;

/** What the native library looks up by name, what R8 is told to keep, and what is there agree. */
public class RegistrationTest {
  private static final File JNI = new File(System.getProperty("nearzone.jni"));
  private static final File JAR = new File(System.getProperty("nearzone.jar"));

  private static Set<String> matches(String pattern, String text) {
    Set<String> out = new TreeSet<>();
    for (Matcher found = Pattern.compile(pattern).matcher(text); found.find();) {
      assertTrue(found.group(1) + " stands there twice", out.add(found.group(1)));
    }
    return out;
  }

  private static String jniSources() throws IOException {
    StringBuilder out = new StringBuilder();
    for (File file : JNI.listFiles()) {
      if (file.getName().endsWith(".cc")) {
        out.append(new String(Files.readAllBytes(file.toPath()), StandardCharsets.UTF_8));
      }
    }
    return out.toString();
  }

  @Test
  public void registersEveryNativeMethodOnce() throws Exception {
    Set<String> declared = new TreeSet<>();
    for (Method method : Native.class.getDeclaredMethods()) {
      if (Modifier.isNative(method.getModifiers())) {
        assertTrue(declared.add(method.getName()));
      }
    }
    assertEquals(declared, matches("\\bmethod<\\w+>\\(\"(\\w+)\"\\)", jniSources()));
  }

  @Test
  public void keepsEveryClassThatIsLookedUp() throws Exception {
    Set<String> looked = matches("\"(org/nearzone/\\w+)\"", jniSources());
    try (JarFile jar = new JarFile(JAR)) {
      JarEntry rules = jar.getJarEntry("META-INF/proguard/nearzone.pro");
      String text = new String(readAll(jar.getInputStream(rules)), StandardCharsets.UTF_8);
      Set<String> kept = new TreeSet<>();
      for (String name : matches("-keep class ([\\w.]+)", text)) {
        kept.add(name.replace('.', '/'));
        assertTrue(jar.getEntry(name.replace('.', '/') + ".class") != null);
      }
      assertEquals(looked, kept);
      assertTrue(text.contains("native <methods>;"));
      assertTrue(text.contains("<init>(int, java.lang.String, java.lang.String, long, long);"));
    }
    NearZoneException.class.getDeclaredConstructor(
        int.class, String.class, String.class, long.class, long.class);
  }

  @Test
  public void hasNativeMethodsInOneClassOnly() throws Exception {
    try (JarFile jar = new JarFile(JAR)) {
      for (JarEntry entry : Collections.list(jar.entries())) {
        if (entry.getName().endsWith(".class") && !entry.getName().contains("package-info")) {
          String name = entry.getName().replace(".class", "").replace('/', '.');
          Class<?> type = Class.forName(name, false, Native.class.getClassLoader());
          for (Method method : type.getDeclaredMethods()) {
            assertTrue(type + " has a native method",
                type == Native.class || !Modifier.isNative(method.getModifiers()));
          }
        }
      }
    }
  }

  /** Classes that Android has from a later API level than 23, or not at all. */
  private static final Pattern TOO_NEW =
      Pattern.compile("^L?java/(time|nio/file|util/function|util/stream|lang/ref/Cleaner|"
          + "util/Optional|util/Base64|util/concurrent/CompletableFuture|awt|beans|rmi|sql/).*");

  @Test
  public void usesNothingThatAndroid23Lacks() throws Exception {
    try (JarFile jar = new JarFile(JAR)) {
      for (JarEntry entry : Collections.list(jar.entries())) {
        String name = entry.getName();
        if (name.endsWith(".class") && !name.startsWith("org/nearzone/desktop/")) {
          for (String constant : constants(jar.getInputStream(entry))) {
            assertFalse(name + " uses " + constant, TOO_NEW.matcher(constant).matches());
          }
        }
      }
    }
  }

  /** The texts of a class file, names of the classes that it uses among them. */
  private static Set<String> constants(InputStream in) throws IOException {
    Set<String> out = new TreeSet<>();
    try (DataInputStream data = new DataInputStream(in)) {
      data.readLong();
      int count = data.readUnsignedShort();
      for (int i = 1; i < count; ++i) {
        int tag = data.readUnsignedByte();
        if (tag == 1) {
          out.add(data.readUTF());
        } else if (tag == 5 || tag == 6) {
          data.readLong();
          ++i; // Those take two places.
        } else if (tag == 15) {
          data.skipBytes(3);
        } else {
          data.skipBytes(tag == 7 || tag == 8 || tag == 16 ? 2 : 4);
        }
      }
    }
    return out;
  }

  private static byte[] readAll(InputStream in) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      out.write(b);
    }
    return out.toByteArray();
  }
}
