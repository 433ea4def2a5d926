"""Starts a program that is nicer than its parent and dies with it: `launch.py PARENT NICENESS PROGRAM ARGUMENT…`.

It is run by its path with `python -I -S`, so that it starts in milliseconds, and replaces itself by PROGRAM. It is not
a `preexec_fn`: Python code between fork and exec is unsafe in a process with threads. Only Linux tells a child of its
parent's death; on other systems the program is started all the same.

On Linux the processes of a session mostly share one part of the processor, and niceness counts within that part alone:
the session itself has to be nice to the others.

Source: prctl(2), PR_SET_PDEATHSIG; sched(7), the autogroup feature.
"""

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, niceness, *argv = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if os.getppid() != int(parent):
            sys.exit("the parent died before its child had started")
        # Refused where the feature is off, or control groups do the same.
        with contextlib.suppress(OSError):
            Path("/proc/self/autogroup").write_text(niceness)
    os.nice(int(niceness))
    os.execv(argv[0], argv)  # noqa: S606 - a program of our own choice, without a shell


if __name__ == "__main__":
    main()
