"""The folder that holds all of an embedded stack: data, logs, secrets and sockets."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from entrypoints.embedded.errors import HomeUnusable

_LONGEST_SOCKET_FOLDER = 80
"""Bytes. A socket's whole path has 107 on Linux and 103 on macOS, and names such as `.s.PGSQL.5432.lock` follow."""


@dataclass(frozen=True, slots=True)
class Home:
    """`path` is absolute."""

    path: Path

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def sockets(self) -> Path:
        """`run`, or a folder in the temporary folder where that path is too long for a socket."""
        run = self.path / "run"
        if len(os.fsencode(run)) <= _LONGEST_SOCKET_FOLDER:
            return run
        return Path(tempfile.gettempdir()) / f"kosu-{sha256(os.fsencode(self.path)).hexdigest()[:12]}"

    @property
    def ready_files(self) -> Path:
        """Where runtimes without HTTP say that they are ready."""
        return self.path / "ready"

    @property
    def objects(self) -> Path:
        return self.path / "objects"

    @property
    def mail(self) -> Path:
        return self.path / "mail"

    @property
    def work(self) -> Path:
        """Scratch space of media runs."""
        return self.path / "work"

    @property
    def web_builds(self) -> Path:
        """The web client as built from its sources; where one is wanted, it is made."""
        return self.path / "web"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets.json"

    def prepare(self) -> None:
        """Make the folders that are missing.

        Raises:
            HomeUnusable: the folder for sockets belongs to somebody else.
        """
        # Searchable, not readable, for others: PostgreSQL may have to run as another user than root.
        self.path.mkdir(mode=0o711, parents=True, exist_ok=True)
        # What the runtimes put into the others is readable by its owner alone: mails, paid videos, sources.
        for folder in (self.logs, self.ready_files, self.sockets, self.objects, self.mail, self.work):
            folder.mkdir(mode=0o700, exist_ok=True)
        # In a shared temporary folder anybody could have made it first. Root passes: PostgreSQL's user may own it.
        if os.geteuid() not in {0, self.sockets.stat().st_uid}:
            raise HomeUnusable(f"{self.sockets} belongs to somebody else")

    def remove_sockets(self) -> None:
        """Remove the folder for sockets, which is not below `path` where that is long. No server may run."""
        shutil.rmtree(self.sockets, ignore_errors=True)
