package org.xfrm4j.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.xfrm4j.netlink.Errno;
import org.xfrm4j.netlink.NativeAccessException;
import org.xfrm4j.netlink.NetlinkException;
import picocli.CommandLine;

/** Tells of what went wrong: one line on standard error in a person's words, with the kernel's text; and the status. */
final class Failures implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        command.getOut().flush();
        int status = status(failure);
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + words(failure));
        if (status == ExitStatus.USAGE) {
            command.getErr().println("See " + name + " --help.");
        }
        if (Xfrm4j.of(command).isVerbose()) {
            failure.printStackTrace(command.getErr());
        }
        command.getErr().flush();
        return status;
    }

    @Override
    public int handleParseException(CommandLine.ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + wrong.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
        command.getErr().println("See " + name + " --help.");
        command.getErr().flush();
        return ExitStatus.USAGE;
    }

    static int status(Exception failure) {
        return switch (failure) {
            case NotDoneException notDone -> notDone.status();
            case UsageException usage -> ExitStatus.USAGE;
            // Values check themselves when they are made of what the command line says.
            case IllegalArgumentException usage -> ExitStatus.USAGE;
            case NativeAccessException access -> ExitStatus.UNSUPPORTED;
            case NetlinkException refused -> switch (refused.errno()) {
                case Errno.EPERM, Errno.EACCES, Errno.EPROTONOSUPPORT, Errno.EAFNOSUPPORT -> ExitStatus.UNSUPPORTED;
                default -> ExitStatus.NOT_ALL;
            };
            default -> ExitStatus.NOT_ALL;
        };
    }

    static String words(Exception failure) {
        return switch (failure) {
            case NativeAccessException access -> access.getMessage();
            case NetlinkException refused -> switch (refused.errno()) {
                case Errno.EPERM, Errno.EACCES -> "not permitted: CAP_NET_ADMIN in the network namespace is needed, "
                        + "which root has (" + refused.getMessage() + ")";
                case Errno.EPROTONOSUPPORT, Errno.EAFNOSUPPORT ->
                        "this kernel has no XFRM (" + refused.getMessage() + ")";
                default -> refused.getMessage();
            };
            case UncheckedIOException file -> words(file.getCause());
            case FileAlreadyExistsException file -> file.getMessage() + " exists already";
            case NoSuchFileException file -> "there is no file " + file.getMessage();
            case AccessDeniedException file -> "not permitted: " + file.getMessage();
            case IOException file -> file.getMessage();
            case NotDoneException told -> told.getMessage();
            case UsageException told -> told.getMessage();
            case IllegalArgumentException told -> told.getMessage();
            default -> failure.toString();
        };
    }
}
