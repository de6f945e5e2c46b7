#!/usr/bin/perl
# The first process inside of the virtual machine: sets it up, runs the command, and carries its streams and its
# exit status over a serial line to host.pl, which documents what goes over that line.

use strict;
use warnings;
use Errno qw(EAGAIN EINTR ENOENT ENOTDIR);
use Fcntl qw(F_GETFL F_SETFL O_NOCTTY O_NONBLOCK O_RDWR);
use POSIX ();
use Socket qw(AF_INET SOCK_DGRAM);

use constant {
    PIECE      => 16 * 1024,
    SYS_SYNC   => 162,
    SYS_REBOOT => 169,
    SYS_PRLIMIT64 => 302,
};

$ENV{PATH} = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

# A first process must not end, or the kernel panics; that is how host.pl learns of an error here.
sub run { system(@_) == 0 or die "guest: @_ failed\n" }

sub put {
    my ($file, $text) = @_;
    open my $fh, '>', $file or die "guest: $file: $!\n";
    print $fh $text;
    close $fh or die "guest: $file: $!\n";
}

# ---- File systems. Some kernels have mounted devtmpfs by themselves -------------------------------------------------

run(qw(mount -t proc proc /proc));
run(qw(mount -t sysfs sysfs /sys));
open my $mounts, '<', '/proc/mounts' or die "guest: /proc/mounts: $!\n";
run(qw(mount -t devtmpfs devtmpfs /dev)) if !grep { m{^\S+ /dev devtmpfs } } <$mounts>;
close $mounts;
mkdir "/dev/$_" for qw(pts shm);
run(qw(mount -t devpts -o mode=620 -o ptmxmode=666 devpts /dev/pts));
run(qw(mount -t tmpfs -o mode=1777 tmpfs /dev/shm));
symlink '/proc/self/fd', '/dev/fd';
symlink "/proc/self/fd/$_->[0]", "/dev/$_->[1]" for [0, 'stdin'], [1, 'stdout'], [2, 'stderr'];

# ---- The line ---------------------------------------------------------------------------------------------------

# A port of a virtio device where there is one, which has no terminal's ways; else a serial port.
my ($port) = map { m{([^/]+)/name\z} } glob '/sys/class/virtio-ports/*/name';
my $device = '/dev/' . ($port // 'ttyS0');
sysopen my $line, $device, O_RDWR | O_NOCTTY or die "guest: $device: $!\n";
if (!$port) {
    my $termios = POSIX::Termios->new;
    $termios->getattr(fileno $line);
    $termios->setiflag(0);
    $termios->setoflag(0);
    $termios->setlflag(0);
    $termios->setcflag(&POSIX::CS8 | &POSIX::CREAD | &POSIX::CLOCAL);
    $termios->setcc(&POSIX::VMIN, 1);
    $termios->setcc(&POSIX::VTIME, 0);
    $termios->setattr(fileno $line, &POSIX::TCSANOW);
}

# The host always reads, so that this never waits for long.
sub send_frame {
    my ($type, $payload) = @_;
    my $frame = pack 'a N/a*', $type, $payload;
    my $done = 0;
    while ($done < length $frame) {
        my $n = syswrite $line, $frame, length($frame) - $done, $done;
        if (defined $n) { $done += $n }
        elsif (!$!{EINTR}) { power_off() }
    }
}

my $received = '';

sub receive {
    my $n = sysread $line, $received, 65536, length $received;
    # The line is hung up when the host's end is gone.
    power_off() if defined $n ? $n == 0 : !$!{EINTR} && !$!{EAGAIN};
    send_frame('L', pack 'N', $n) if $n;
}

sub next_frame {
    return if length $received < 5;
    my ($type, $length) = unpack 'a N', $received;
    return if length $received < 5 + $length;
    my $payload = substr $received, 5, $length;
    substr($received, 0, 5 + $length) = '';
    return ($type, $payload);
}

sub power_off {
    syscall SYS_REBOOT, 0xfee1dead, 672274793, 0x4321fedc, 0;
    die "guest: cannot power off: $!\n";
}

# ---- What to run ------------------------------------------------------------------------------------------------

send_frame('R', '');
my ($type, $header);
receive() until ($type, $header) = next_frame();
my ($modprobe, $hostname, $directory, $umask, $files_soft, $files_hard, $variables, @rest) =
    unpack '(N/a*)*', $header;
my @environment = splice @rest, 0, $variables;
my @command = @rest;

put('/proc/sys/kernel/modprobe', $modprobe);
put('/proc/sys/kernel/hostname', $hostname);
# Ciphers are loaded by the kernel when they are asked for.
system("'$modprobe' -qa xfrm_user esp4 esp6 ah4 ah6 2>/dev/null") if -x $modprobe && $modprobe !~ /'/;

socket my $socket, AF_INET, SOCK_DGRAM, 0 or die "guest: socket: $!\n";
my $ifreq = pack 'a16 s x14', 'lo', 0x41;    # IFF_UP | IFF_RUNNING
ioctl $socket, 0x8914, $ifreq or die "guest: lo: $!\n";    # SIOCSIFFLAGS
close $socket;

# JVMs keep files here by process number, and remove those of processes that they do not see. Process numbers here have
# nothing to do with the host's or another guest's, so this folder must not be shared. host.pl has made it.
my $perfdata = '/tmp/hsperfdata_' . (getpwuid($<) // 'root');
system(qw(mount -t tmpfs -o mode=755 tmpfs), $perfdata) if -d $perfdata || mkdir $perfdata, 0755;

# ---- Run it -----------------------------------------------------------------------------------------------------

pipe my $in_read, my $in_write or die "guest: pipe: $!\n";
pipe my $out_read, my $out_write or die "guest: pipe: $!\n";
pipe my $err_read, my $err_write or die "guest: pipe: $!\n";
pipe my $end_read, my $end_write or die "guest: pipe: $!\n";

defined(my $pid = fork) or die "guest: fork: $!\n";
if (!$pid) {
    POSIX::setsid();
    POSIX::dup2(fileno $in_read, 0);
    POSIX::dup2(fileno $out_write, 1);
    POSIX::dup2(fileno $err_write, 2);
    umask oct $umask;
    my $files = pack 'QQ', $files_soft, $files_hard;
    syscall SYS_PRLIMIT64, 0, 7, $files, 0;    # RLIMIT_NOFILE
    %ENV = map { /\A(.+?)=(.*)\z/s ? ($1, $2) : () } @environment;
    my $status = 126;
    if (chdir $directory) {
        no warnings 'exec';
        exec { $command[0] } @command;
        $status = 127 if $!{ENOENT} || $!{ENOTDIR};
        print STDERR "bench/lab/run: $command[0]: $!\n";
    } else {
        print STDERR "bench/lab/run: cannot enter $directory: $!\n";
    }
    close STDERR;
    POSIX::_exit($status);
}
close $_ for $in_read, $out_write, $err_write;

# This process does nothing but wait, for the command and for what it leaves behind; a child is the pump. A single
# one would need a handler for SIGCHLD, which Perl may run only after the next wait for data.
defined(my $pump = fork) or die "guest: fork: $!\n";
if ($pump) {
    close $_ for $in_write, $out_read, $err_read, $end_read;
    while ((my $dead = wait) > 0) {
        power_off() if $dead == $pump;
        syswrite $end_write, pack 'C', $? & 127 ? 128 + ($? & 127) : $? >> 8 if $dead == $pid;
    }
    power_off();
}

close $end_write;
$SIG{PIPE} = 'IGNORE';
for my $fh ($in_write, $out_read, $err_read) {
    fcntl $fh, F_SETFL, fcntl($fh, F_GETFL, 0) | O_NONBLOCK;
}

my %output = (
    O => { fh => $out_read, credit => 0 },
    F => { fh => $err_read, credit => 0 },
);
my $stdin = '';
my $stdin_ended;
my $status;

# Sends one piece of what the command has written. True if there may be more right now.
sub forward {
    my ($type) = @_;
    my $stream = $output{$type};
    my $n = sysread $stream->{fh}, my $data, $stream->{credit} < PIECE ? $stream->{credit} : PIECE;
    return !$!{EAGAIN} if !defined $n && ($!{EINTR} || $!{EAGAIN});
    if (!$n) {
        close delete $stream->{fh};
        return 0;
    }
    $stream->{credit} -= $n;
    send_frame($type, $data);
    return 1;
}

sub handle {
    my ($type, $payload) = @_;
    if ($type eq 'D') { $stdin .= $payload if $in_write }
    elsif ($type eq 'E') { $stdin_ended = 1 }
    elsif ($type eq 'S') { kill unpack('C', $payload), -$pid if !defined $status }
    elsif ($type eq 'A') {
        my ($stream, $bytes) = unpack 'a N', $payload;
        $output{$stream}{credit} += $bytes;
    }
    elsif ($type eq 'C' && $output{$payload}{fh}) {
        # So that the command's next write fails, as it would on a pipe that nobody reads.
        close delete $output{$payload}{fh};
    }
}

while (1) {
    while (my ($type, $payload) = next_frame()) { handle($type, $payload) }
    if ($in_write && $stdin_ended && !length $stdin) {
        close $in_write;
        undef $in_write;
    }

    my ($readable, $writable) = ('', '');
    vec($readable, fileno $line, 1) = 1;
    vec($readable, fileno $end_read, 1) = 1 if !defined $status;
    for my $stream (values %output) {
        vec($readable, fileno $stream->{fh}, 1) = 1 if $stream->{fh} && $stream->{credit} > 0;
    }
    vec($writable, fileno $in_write, 1) = 1 if $in_write && length $stdin;
    my $found = select $readable, $writable, undef, undef;
    next if $found < 0;

    receive() if vec $readable, fileno $line, 1;
    if ($in_write && length $stdin) {
        my $n = syswrite $in_write, $stdin;
        if (defined $n) {
            substr($stdin, 0, $n) = '';
            send_frame('A', pack 'N', $n);
        } elsif (!$!{EAGAIN} && !$!{EINTR}) {
            # Nobody will read it any more.
            close $in_write;
            undef $in_write;
        }
    }
    for my $type (keys %output) {
        my $fh = $output{$type}{fh};
        forward($type) if $fh && vec $readable, fileno $fh, 1;
    }
    if (!defined $status && vec $readable, fileno $end_read, 1) {
        sysread $end_read, my $end, 1 or next;
        $status = unpack 'C', $end;
    }
    if (defined $status) {
        # What the command wrote before it ended is still in the pipes. Processes that it left behind may hold them
        # open, so the end is where there is nothing more to read. With no credit left, it is read a round later.
        my $waiting = 0;
        for my $type (keys %output) {
            my $stream = $output{$type};
            1 while $stream->{fh} && $stream->{credit} > 0 && forward($type);
            $waiting = 1 if $stream->{fh} && $stream->{credit} <= 0;
        }
        last if !$waiting;
    }
}

# Files that are still open or mapped may have parts that the host has not seen yet.
syscall SYS_SYNC;
send_frame('X', pack 'C', $status);
# The host ends the machine when it has that, or ends itself, which hangs up the line.
receive() while 1;
