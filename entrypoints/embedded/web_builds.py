"""The web client, built once for each state of its sources and kept beside the data of the stack."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from entrypoints.embedded.child import Command, Pause, run
from entrypoints.embedded.errors import NoStandaloneServer
from entrypoints.embedded.lock import locked
from entrypoints.embedded.node import node_environment, npm_argv
from entrypoints.embedded.web_sources import WebSources

_STEP_SECONDS = 900
_SERVER = Path(".next/standalone/server.js")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebBuilds:
    """A folder of builds, which stacks may share.

    `<fingerprint>/` is a whole build, `workshop/` where the next one is made: it keeps `node_modules`, so that only
    another lock is installed anew. A build appears by one rename, under `lock`.
    """

    folder: Path
    sources: WebSources
    log: Path

    @contextmanager
    def obtained(self, environment: Mapping[str, str], *, say: Callable[[str], None], pause: Pause) -> Iterator[Path]:
        """The build of the sources as they are, made where there is none; nobody removes it while this is entered.

        Raises:
            StackError: it cannot be made. No part of it is left among the builds.
            OSError: likewise.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._alone(say, pause) as lock:
            build = self.folder / self.sources.fingerprint()
            if not build.exists():
                say("building the web client, which takes a minute or two")
                build = self._make(node_environment(environment), lock, pause)
                say("the web client is built")
            in_use = os.open(build, os.O_RDONLY)
            fcntl.flock(in_use, fcntl.LOCK_SH)
            self._remove_all_but(build)
        try:
            yield build
        finally:
            os.close(in_use)

    @property
    def workshop(self) -> Path:
        return self.folder / "workshop"

    @contextmanager
    def _alone(self, say: Callable[[str], None], pause: Pause) -> Iterator[int]:
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not locked(lock):
                say("waiting for another stack, which builds the web client")
                while not locked(lock):
                    pause(0.1)
            yield lock
        finally:
            os.close(lock)

    def _make(self, environment: Mapping[str, str], lock: int, pause: Pause) -> Path:
        self.log.unlink(missing_ok=True)
        self.sources.copy_to(self.workshop)
        # Of the copy, before tools touch it: somebody may be writing in the sources.
        copy = WebSources(self.workshop)
        fingerprint, packages = copy.fingerprint(), copy.packages_fingerprint()

        def npm(*arguments: str) -> None:
            # The lock goes along: what a killed supervisor has left of a build keeps others out until it has ended.
            command = Command(
                name=f"npm {' '.join(arguments)}",
                argv=npm_argv("--prefix", str(self.workshop), *arguments),
                environment=environment,
                log=self.log,
                inherited=(lock,),
            )
            run(command, timeout_seconds=_STEP_SECONDS, pause=pause)

        stamp = self.workshop / "node_modules/.installed-by-kosu"
        if not stamp.exists() or stamp.read_text() != packages:
            stamp.unlink(missing_ok=True)
            npm("ci", "--prefer-offline", "--no-audit", "--no-fund")
            stamp.parent.mkdir(exist_ok=True)
            stamp.write_text(packages)
        npm("run", "build")

        server = self.workshop / _SERVER
        if not server.exists():
            raise NoStandaloneServer(_SERVER)
        standalone = server.parent
        # Next leaves out what a CDN may serve; its own server serves it from these places.
        for made, place in ((".next/static", ".next/static"), ("public", "public")):
            if (self.workshop / made).exists():
                shutil.copytree(self.workshop / made, standalone / place, dirs_exist_ok=True)
        build = self.folder / fingerprint
        standalone.rename(build)
        return build

    def _remove_all_but(self, build: Path) -> None:
        """Remove what was built from older sources, unless a stack still serves it."""
        # Not under its own name: half a build must not look like one.
        removed = self.workshop / "removed"
        shutil.rmtree(removed, ignore_errors=True)
        removed.mkdir(parents=True)
        for other in self.folder.iterdir():
            if other.is_dir() and other not in {build, self.workshop}:
                descriptor = os.open(other, os.O_RDONLY)
                try:
                    if locked(descriptor):
                        shutil.rmtree(other.rename(removed / other.name))
                finally:
                    os.close(descriptor)
