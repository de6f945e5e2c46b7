/**
 * The command line: a small class for each command, and what several have in common as a mixin ({@code …Options}).
 * Nothing else of the library knows it, and its classes are not for use by others: the commands, what they print as
 * JSON, and their exit statuses are its interface, which stays.
 *
 * <p>Words in {@code ip}'s manner are read by {@code …Words}, text in {@code ip}'s manner is written by {@code …Text}.
 * Needs {@code info.picocli:picocli} and {@code tools.jackson.core:jackson-core}, which are optional dependencies of the
 * library.
 */
package org.xfrm4j.cli;
