# usage: memory.pl prctl|seccomp COMMAND [ARGUMENT...]
# Runs a command whose memory can never become executable: by prctl(2), as newer systemd does it for
# MemoryDenyWriteExecute=, or by the filter of system calls with which systemd 252 does it. Ends with 77 where it cannot.
use strict;
use POSIX ();
use constant {PRCTL => 157, PR_SET_SECCOMP => 22, PR_SET_NO_NEW_PRIVS => 38, PR_SET_MDWE => 65};
use constant {LOAD => 0x20, AND => 0x54, IF_EQUAL => 0x15, RETURN => 0x06};
use constant {NUMBER => 0, THIRD_ARGUMENT => 32, PROT_EXEC => 4, PROT_WRITE => 2};
use constant {MMAP => 9, MPROTECT => 10, PKEY_MPROTECT => 329, EPERM => 0x00050001, ALLOW => 0x7fff0000};

# On other machines the calls have other numbers.
exit 77 if (POSIX::uname())[4] ne 'x86_64';
my $way = shift;
if ($way eq 'prctl') {
  syscall(PRCTL, PR_SET_MDWE, 1, 0, 0, 0) == 0 or exit 77;
} else {
  # Each with its two jumps, in instructions.
  my @filter = (
    [LOAD, 0, 0, NUMBER],
    [IF_EQUAL, 0, 3, MMAP],
    [LOAD, 0, 0, THIRD_ARGUMENT],
    [AND, 0, 0, PROT_WRITE | PROT_EXEC],
    [IF_EQUAL, 5, 6, PROT_WRITE | PROT_EXEC],
    [IF_EQUAL, 1, 0, MPROTECT],
    [IF_EQUAL, 0, 4, PKEY_MPROTECT],
    [LOAD, 0, 0, THIRD_ARGUMENT],
    [AND, 0, 0, PROT_EXEC],
    [IF_EQUAL, 0, 1, PROT_EXEC],
    [RETURN, 0, 0, EPERM],
    [RETURN, 0, 0, ALLOW],
  );
  my $code = join '', map {pack 'SCCL', @$_} @filter;
  syscall(PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 or die "$!\n";
  syscall(PRCTL, PR_SET_SECCOMP, 2, pack('S x6 P', scalar @filter, $code)) == 0 or die "$!\n";
}
exec @ARGV or die "$ARGV[0]: $!\n";
