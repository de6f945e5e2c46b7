package org.xfrm4j.cli;

/** The command line says something that cannot be meant. Nothing was done; the message names the word. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
