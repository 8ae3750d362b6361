/**
 * Contact-exposure proximity tracing, matched on the phone. {@link org.nearzone.Device} is the
 * whole of it: what to send, what was heard, checking published lists, and giving keys away.
 *
 * <p>It runs on Android from API level 23. Times are milliseconds since 1970 UTC and days are UTC
 * days since then; {@link org.nearzone.desktop.Overloads} takes those of java.time where that
 * is to be had. No text of these classes holds an identifier or a key.
 */
package org.nearzone;
