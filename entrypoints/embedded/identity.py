"""As whom PostgreSQL runs: it refuses to be root, and on a fresh machine or in a container root may be all there is."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """`wrapper` is put before the command; `uid` and `gid` are set only where the process changes to another user."""

    name: str
    wrapper: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    @property
    def owner(self) -> int:
        """The uid, as seen from here, that must own the files of the process."""
        return os.geteuid() if self.uid is None else self.uid


PLAIN = Identity("plain")


def unprivileged_identity() -> Identity:
    """This user where that is not root; else root as user 1000 of a user namespace; else `nobody`.

    The namespace comes first, since files keep their owner in it, and nothing has to be reachable for `nobody`.
    """
    if os.geteuid() != 0:
        return PLAIN
    unshare = shutil.which("unshare") if sys.platform == "linux" else None
    if unshare:
        wrapper = (unshare, "--user", "--map-user=1000", "--map-group=1000", "--")
        # Containers and hardened kernels often forbid user namespaces: only a trial tells.
        if subprocess.run([*wrapper, "true"], capture_output=True, check=False).returncode == 0:  # noqa: S603 - own argv
            return Identity("namespace", wrapper=wrapper)
    nobody = pwd.getpwnam("nobody")
    return Identity("nobody", uid=nobody.pw_uid, gid=nobody.pw_gid)
