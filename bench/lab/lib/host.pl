#!/usr/bin/perl
# host.pl KIND LAB-FOLDER INIT MEMORY-FOLDER MEBIBYTES CPUS SECONDS COMMAND [ARGUMENT...]
#
# Starts the virtual machine, by start-KIND beside this file, and connects the command that runs in it (by guest.pl)
# with this process: its streams, the signals, the exit status.
#
# All goes over one serial line in frames: a type (one character), the payload's length (32 bits, big-endian), the
# payload. To the guest:
#     H  what to run: length-prefixed strings, see below
#     D  data for standard input        E  its end
#     A  stream, number of bytes: that many more may be sent of standard output (O) or error (F)
#     C  stream: nobody reads it any more
#     S  number of a signal for the command
# From the guest:
#     R  ready for H
#     O  standard output                F  standard error
#     A  number of bytes: that many more of standard input may be sent
#     L  number of bytes: that many were read from the line
#     X  the exit status; nothing follows
# What is sent ahead is limited for each stream by itself, so a stream that nobody reads stops neither the others
# nor the signals.

use strict;
use warnings;
use Errno qw(EAGAIN EINTR EIO);
use Fcntl qw(F_GETFL F_SETFD F_SETFL LOCK_EX LOCK_NB O_NONBLOCK O_RDONLY);
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use FindBin qw($RealBin);
use POSIX ();

use constant {
    STATUS_CRASHED => 123,
    STATUS_TIMEOUT => 124,
    STATUS_FAILED  => 125,

    # What the guest has not read from the line yet must never fill its terminal buffer of 4 KiB: user-mode Linux then
    # stops listening to the line for good.
    LINE_WINDOW => 3 * 1024,
    INPUT_WINDOW => 128 * 1024,
    # Two of these fit into the pipe that the line ends in, so the guest never waits for it.
    OUTPUT_WINDOW => 24 * 1024,
    # A pipe that is reported writable takes this much without blocking.
    PIECE => 4096,
    CONSOLE_TAIL => 16 * 1024,

    BOOT_SECONDS  => 120,
    GRACE_SECONDS => 5,
    LOOK_SECONDS  => 10,

    SYS_PRCTL         => 157,
    SYS_PRLIMIT64     => 302,
    PR_SET_PDEATHSIG  => 1,
    PR_SET_SUBREAPER  => 36,
    RLIMIT_CORE       => 4,
    RLIMIT_NOFILE     => 7,
};

my ($kind, $lab, $init, $memory, $mebibytes, $cpus, $limit, @command) = @ARGV;
my $start = "$RealBin/start-$kind";
my $session_name = 'xfrm4j-lab.';

sub say_error { print STDERR 'bench/lab/run: ', @_, "\n" }

sub fail {
    say_error(@_);
    exit STATUS_FAILED;
}

sub make_pipe {
    pipe my $read, my $write or fail("pipe: $!");
    return ($read, $write);
}

sub non_blocking {
    my ($fh) = @_;
    fcntl $fh, F_SETFL, fcntl($fh, F_GETFL, 0) | O_NONBLOCK;
}

# ---- The session's folder: the guest's memory file, and what user-mode Linux keeps beside -------------------------

# It is locked while in use. One that nobody locks was left by a session that was killed with all its processes.
sub remove_stale {
    for my $folder (glob "\Q$memory\E/${session_name}*") {
        next if !-d $folder || !-o _;
        sysopen my $fh, $folder, O_RDONLY or next;
        # Not one that was made a moment ago and is about to be locked.
        next if time - (stat $fh)[9] < 60;
        remove_tree($folder) if flock $fh, LOCK_EX | LOCK_NB;
    }
}

remove_stale();
my $session = eval { tempdir("${session_name}XXXXXX", DIR => $memory) } or fail("cannot make a folder in $memory: $@");
sysopen my $session_lock, $session, O_RDONLY or fail("$session: $!");
flock $session_lock, LOCK_EX;

# The guest mounts something of its own over this, see guest.pl; its user is always root.
my $perfdata = '/tmp/hsperfdata_' . (getpwuid(0) // 'root');
my $made_perfdata = mkdir $perfdata, 0755;

# ---- The machine --------------------------------------------------------------------------------------------------

my ($guest_in, $to_guest) = make_pipe();
my ($from_guest, $guest_out) = make_pipe();
my ($console, $console_out) = make_pipe();
my ($life_read, $life) = make_pipe();

# Between this process and the machine stands a keeper. It lives in a session of its own, out of reach of a
# terminal's signals, and cleans up however this process ends, SIGKILL included: then its pipe closes.
defined(my $keeper = fork) or fail("fork: $!");
if (!$keeper) {
    POSIX::setsid();
    $SIG{$_} = 'IGNORE' for qw(INT TERM HUP QUIT USR1 USR2 PIPE);
    open STDIN, '<', '/dev/null';
    open STDOUT, '>', '/dev/null';
    open STDERR, '>', '/dev/null';
    close $_ for $to_guest, $from_guest, $console, $life;
    syscall SYS_PRCTL, PR_SET_SUBREAPER, 1, 0, 0, 0;

    my $machine = fork;
    POSIX::_exit(1) if !defined $machine;
    if (!$machine) {
        $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP QUIT USR1 USR2 PIPE);
        syscall SYS_PRCTL, PR_SET_PDEATHSIG, POSIX::SIGKILL, 0, 0, 0;
        my $none = pack 'QQ', 0, 0;
        syscall SYS_PRLIMIT64, 0, RLIMIT_CORE, $none, 0;    # a panic aborts
        POSIX::setpgid(0, 0);
        POSIX::dup2(fileno $console_out, 1);
        POSIX::dup2(fileno $console_out, 2);
        fcntl $_, F_SETFD, 0 for $guest_in, $guest_out;
        %ENV = (PATH => $ENV{PATH} // '/usr/bin:/bin', HOME => $session, TMPDIR => $session);
        exec { $start } $start, $lab, $session, $mebibytes, $cpus, $init, fileno $guest_in, fileno $guest_out
            or POSIX::_exit(127);
    }
    POSIX::setpgid($machine, $machine);    # whoever of the two comes first
    close $_ for $guest_in, $guest_out, $console_out;

    # Nothing is ever written to this pipe. This process's parent closes it when it is done, also with a machine that
    # has crashed.
    sysread $life_read, my $nothing, 1;
    kill 'KILL', $machine, -$machine;
    # The processes that carry the guest's die with their kernel; they are this process's now.
    local $SIG{ALRM} = sub { POSIX::_exit(1) };
    alarm 10;
    1 while waitpid(-1, 0) > 0;
    remove_tree($session);
    rmdir $perfdata if $made_perfdata;
    POSIX::_exit(0);
}
close $_ for $guest_in, $guest_out, $console_out, $life_read;
non_blocking($_) for $to_guest, $from_guest, $console;

sub end_machine {
    close $life;
    waitpid $keeper, 0;
    remove_tree($session) if -d $session;    # the keeper was killed
}

# ---- Mappings -----------------------------------------------------------------------------------------------------

# User-mode Linux carries each of its processes by one of the host, whose memory it maps piece by piece, as pieces of the
# guest's lie. A process of the host may have only so many (vm.max_map_count). One that has them all gets no page any
# more and faults for ever: it would hang in silence.
my $most_mappings = do {
    my $fh;
    open($fh, '<', '/proc/sys/vm/max_map_count') && <$fh> =~ /(\d+)/ ? $1 : 0;
};
my $next_look = 0;

# Whether a process of the machine has all the mappings that it may have. The machine runs in the keeper's session.
sub is_out_of_mappings {
    return 0 if $kind ne 'uml' || !$most_mappings || time < $next_look;
    $next_look = time + LOOK_SECONDS;
    for my $stat (glob '/proc/[0-9]*/stat') {
        open my $fh, '<', $stat or next;
        my ($session) = (<$fh> // '') =~ /.*\) \S \d+ \d+ (\d+)/ or next;
        next if $session != $keeper;
        open my $maps, '<', $stat =~ s/stat\z/maps/r or next;
        my $count = 0;
        while (read $maps, my $text, 1 << 16) { $count += $text =~ tr/\n// }
        return 1 if $count > $most_mappings;
    }
    return 0;
}

# ---- Signals ------------------------------------------------------------------------------------------------------

my ($signal_read, $signal_write) = make_pipe();
non_blocking($signal_write);
my %number;
@number{qw(HUP INT QUIT USR1 USR2 TERM)} = (1, 2, 3, 10, 12, 15);
for my $name (keys %number) {
    # One that is ignored, as nohup or a background job's shell have it, stays so.
    next if ($SIG{$name} // '') eq 'IGNORE';
    $SIG{$name} = sub { syswrite $signal_write, chr $number{$name} };
}
$SIG{PIPE} = 'IGNORE';

# ---- The pump -----------------------------------------------------------------------------------------------------

my $sending = '';     # to the guest
my $received = '';    # from the guest
my $console_tail = '';
my $complaints = '';  # what the kernel has printed since the command was started: errors
my %output = (
    O => { fh => \*STDOUT, data => '', written => 0 },
    F => { fh => \*STDERR, data => '', written => 0 },
);
my $line_credit = LINE_WINDOW;
my $input_credit = INPUT_WINDOW;
my $input_open = 1;
my $ready;
my $status;           # the command's
my $ended_by;         # the status of what ended it before its time
my $deadline = time + BOOT_SECONDS;
my $time_limit;

sub send_frame {
    my ($type, $payload) = @_;
    $sending .= pack 'a N/a*', $type, $payload;
}

sub header {
    my $files = "\0" x 16;
    syscall SYS_PRLIMIT64, 0, RLIMIT_NOFILE, 0, $files;
    my ($soft, $hard) = map { $_ > 1048576 ? 1048576 : $_ } unpack 'QQ', $files;
    my @environment = map { "$_=$ENV{$_}" } sort keys %ENV;
    return pack '(N/a*)*', "$lab/modprobe", (POSIX::uname())[1], POSIX::getcwd() // '/', sprintf('%o', umask), $soft,
        $hard, scalar @environment, @environment, @command;
}

sub handle_frame {
    my ($type, $payload) = @_;
    if (my $stream = $output{$type}) {
        $stream->{data} .= $payload if $stream->{fh};
    } elsif ($type eq 'A') {
        $input_credit += unpack 'N', $payload;
    } elsif ($type eq 'L') {
        $line_credit += unpack 'N', $payload;
    } elsif ($type eq 'X') {
        $status = unpack 'C', $payload;
    } elsif ($type eq 'R') {
        $ready = 1;
        $deadline = undef;
        $time_limit = time + $limit if $limit;
        send_frame('H', header());
        send_frame('A', pack 'a N', $_, OUTPUT_WINDOW) for keys %output;
    }
}

sub handle_signal {
    my ($signal) = @_;
    my $ends = grep { $signal == $number{$_} } qw(HUP INT TERM);
    # The second one, or one before the command runs, does not wait for it.
    if ($ends && ($ended_by || !$ready)) {
        end_machine();
        exit 128 + $signal;
    }
    send_frame('S', chr $signal) if $ready;
    if ($ends) {
        $ended_by = 128 + $signal;
        $deadline = time + GRACE_SECONDS;
    }
}

# A job in the background would be stopped by reading from its terminal, whether or not the command reads.
sub may_read_input {
    return 1 if !-t STDIN;
    my $foreground = POSIX::tcgetpgrp(0);
    return !defined $foreground || $foreground < 0 || $foreground == getpgrp;
}

my $line_open = 1;
while (1) {
    last if defined $status && !grep { length $_->{data} } values %output;
    last if !$line_open && !grep { length $_->{data} } values %output;

    my ($readable, $writable) = ('', '');
    vec($readable, fileno $signal_read, 1) = 1;
    vec($readable, fileno $from_guest, 1) = 1 if $line_open;
    vec($readable, fileno $console, 1) = 1 if $console;
    my $input = $ready && $input_open && $input_credit > 0 && !defined $status && may_read_input();
    vec($readable, 0, 1) = 1 if $input;
    vec($writable, fileno $to_guest, 1) = 1 if length $sending && $line_open && $line_credit > 0;
    for my $stream (values %output) {
        vec($writable, fileno $stream->{fh}, 1) = 1 if length $stream->{data};
    }
    my $found = select $readable, $writable, undef, 0.5;

    if ($deadline && time >= $deadline) {
        if ($ended_by) {
            end_machine();
            exit $ended_by;
        }
        say_error('the machine did not start within ', BOOT_SECONDS, ' seconds');
        last;
    }
    if ($time_limit && time >= $time_limit && !$ended_by && !defined $status) {
        say_error("the time limit of $limit seconds was reached");
        send_frame('S', chr $number{TERM});
        $ended_by = STATUS_TIMEOUT;
        $deadline = time + GRACE_SECONDS;
    }
    if ($ready && !defined $status && is_out_of_mappings()) {
        say_error('a process in the machine has its memory in more pieces than this system lets one map',
            " (vm.max_map_count, $most_mappings), and hangs; as root: sysctl vm.max_map_count=1000000");
        end_machine();
        exit STATUS_CRASHED;
    }
    next if $found <= 0;

    if (vec $readable, fileno $signal_read, 1) {
        sysread $signal_read, my $signals, 64;
        handle_signal(ord) for split //, $signals;
    }
    if ($console && vec $readable, fileno $console, 1) {
        my $n = sysread $console, $console_tail, 65536, length $console_tail;
        undef $console if defined $n && !$n;
        $complaints .= substr $console_tail, -$n if $n && $ready && length $complaints < CONSOLE_TAIL;
        $console_tail = substr $console_tail, -CONSOLE_TAIL if length $console_tail > CONSOLE_TAIL;
    }
    if ($line_open && vec $readable, fileno $from_guest, 1) {
        my $n = sysread $from_guest, $received, 1 << 20, length $received;
        $line_open = 0 if defined $n && !$n;
        my $at = 0;
        while (length($received) - $at >= 5) {
            my ($type, $length) = unpack 'a N', substr $received, $at, 5;
            last if length($received) - $at < 5 + $length;
            handle_frame($type, substr $received, $at + 5, $length);
            $at += 5 + $length;
        }
        substr($received, 0, $at) = '' if $at;
    }
    if (length $sending && $line_open && $line_credit > 0) {
        my $n = syswrite $to_guest, $sending, $line_credit;
        if ($n) {
            substr($sending, 0, $n) = '';
            $line_credit -= $n;
        }
        $line_open = 0 if !defined $n && $!{EPIPE};
    }
    if ($input && vec $readable, 0, 1) {
        my $n = sysread STDIN, my $data, $input_credit < 65536 ? $input_credit : 65536;
        if ($n) {
            $input_credit -= $n;
            send_frame('D', $data);
        } elsif (defined $n || !$!{EAGAIN} && !$!{EINTR}) {
            $input_open = 0;
            send_frame('E', '');
        }
    }
    for my $type (keys %output) {
        my $stream = $output{$type};
        next if !$stream->{fh} || !length $stream->{data} || !vec $writable, fileno $stream->{fh}, 1;
        my $n = syswrite $stream->{fh}, $stream->{data}, PIECE;
        if (defined $n) {
            substr($stream->{data}, 0, $n) = '';
            $stream->{written} += $n;
            if ($stream->{written} >= OUTPUT_WINDOW / 4 || !length $stream->{data}) {
                send_frame('A', pack 'a N', $type, $stream->{written});
                $stream->{written} = 0;
            }
        } elsif (!$!{EAGAIN} && !$!{EINTR}) {
            delete $stream->{fh};
            $stream->{data} = '';
            send_frame('C', $type);
        }
    }
}

sub print_console {
    my ($text) = @_;
    $text =~ s/\r//g;
    my @lines = grep { length } split /\n/, $text;
    print STDERR map { "    $_\n" } @lines > 100 ? @lines[-100 .. -1] : @lines;
}

end_machine();
if (defined $status && $status > 128 && $complaints =~ /\S/) {
    say_error('a signal ended the command; what the kernel printed meanwhile:');
    print_console($complaints);
}
exit($ended_by && $ended_by == STATUS_TIMEOUT ? STATUS_TIMEOUT : $status) if defined $status;
exit $ended_by if $ended_by;
if ($console) {
    while (sysread $console, $console_tail, 65536, length $console_tail) { }
}
say_error($ready ? 'the machine crashed' : 'the machine did not start', '; the end of its console:');
print_console($console_tail);
exit($ready ? STATUS_CRASHED : STATUS_FAILED);
