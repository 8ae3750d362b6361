// Declares what the example uses of Android's class of this name, for compiling only.
package android.content;

public interface SharedPreferences {
  long getLong(String name, long other);

  String getString(String name, String other);

  Editor edit();

  interface Editor {
    Editor putLong(String name, long value);

    Editor putString(String name, String value);

    boolean commit();

    void apply();
  }
}
