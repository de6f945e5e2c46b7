package org.xfrm4j.cli;

/** What was asked for was not done, for a reason that is told in the message and is no fault of the command line's. */
final class NotDoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What the process ends with. */
    private final int status;

    NotDoneException(String message) {
        this(message, ExitStatus.NOT_ALL);
    }

    NotDoneException(String message, int status) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
