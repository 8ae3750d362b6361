/** What needs parts of Java that Android lacks before API level 26. */
package org.nearzone.desktop;
