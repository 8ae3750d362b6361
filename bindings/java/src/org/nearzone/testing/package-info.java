/** What an app's own tests need. */
package org.nearzone.testing;
