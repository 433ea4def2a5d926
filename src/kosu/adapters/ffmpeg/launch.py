"""Starts a program that is nicer than its parent and dies with it: `launch.py PARENT NICENESS PROGRAM ARGUMENT…`.

It is run by its path with `python -I -S`, so that it starts in milliseconds, and replaces itself by PROGRAM. It is not
a `preexec_fn`: Python code between fork and exec is unsafe in a process with threads. Only Linux tells a child of its
parent's death; on other systems the program is started all the same.

Source: prctl(2), PR_SET_PDEATHSIG.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, niceness, *argv = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if os.getppid() != int(parent):
            sys.exit("the parent died before its child had started")
    os.nice(int(niceness))
    os.execv(argv[0], argv)  # noqa: S606 - a program of our own choice, without a shell


if __name__ == "__main__":
    main()
