"""The sources of the web client: which files they are, what they amount to, and copies of them."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from entrypoints.embedded.node import node_version

_MADE_FOLDERS = {"node_modules", ".next", "coverage", "test-results"}
_MADE_FILES = ("next-env.d.ts", "*.tsbuildinfo", ".env*.local")
_INSTALLED_BY = ("package.json", "package-lock.json", ".npmrc")


@dataclass(frozen=True, slots=True)
class WebSources:
    folder: Path

    def exist(self) -> bool:
        """They are in a checkout, not in an installed package."""
        return (self.folder / "package.json").is_file()

    def fingerprint(self) -> str:
        """Of all that a build is made from: each file's path and content, and the Node that builds."""
        return _fingerprint(self.folder, self.files())

    def packages_fingerprint(self) -> str:
        """Of what `npm ci` installs by."""
        return _fingerprint(self.folder, (file for file in self.files() if str(file) in _INSTALLED_BY))

    def files(self) -> Iterator[Path]:
        """What somebody wrote, relative to the folder and in order; what tools made of it is left out."""
        for parent, folders, files in os.walk(self.folder):
            folders[:] = sorted(set(folders) - _MADE_FOLDERS)
            for name in sorted(files):
                file = Path(parent, name).relative_to(self.folder)
                if not any(file.match(pattern) for pattern in _MADE_FILES):
                    yield file

    def copy_to(self, folder: Path) -> None:
        """Make `folder` a copy; of what was there, only `node_modules` stays."""
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            if old.is_dir() and not old.is_symlink():
                if old.name != "node_modules":
                    shutil.rmtree(old)
            else:
                old.unlink()
        for file in self.files():
            copy = folder / file
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.folder / file, copy)


def _fingerprint(folder: Path, files: Iterable[Path]) -> str:
    total = sha256(f"{node_version()} {sys.platform} {platform.machine()}\n".encode())
    for file in files:
        content = sha256((folder / file).read_bytes()).hexdigest()
        total.update(f"{content} {file.as_posix()}\n".encode())
    return total.hexdigest()[:16]
