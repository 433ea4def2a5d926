"""Starts a program that dies with its parent: `launch.py PARENT SIGNAL UID GID PROGRAM ARGUMENT…`.

It is run by its path with `python -I -S`, so that it starts in milliseconds, and replaces itself by PROGRAM. It is not
a `preexec_fn`: Python code between fork and exec is unsafe in a process with threads, and warned about from 3.12 on.
UID and GID are `-` where the program keeps those of its parent. Only Linux tells a child of its parent's death; on
other systems the program is started all the same.

Source: prctl(2), PR_SET_PDEATHSIG.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, signal_number, uid, gid, *argv = sys.argv[1:]
    if uid != "-":
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    if sys.platform == "linux":
        # After setuid, which forgets the request.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal_number))
        if os.getppid() != int(parent):
            sys.exit("the parent died before its child had started")
    os.execv(argv[0], argv)  # noqa: S606 - a program of our own choice, without a shell


if __name__ == "__main__":
    main()
