"""How a runtime without HTTP says that it is ready: by touching the file that `KOSU_READY_FILE` names."""

from __future__ import annotations

import os
from pathlib import Path


def announce_ready() -> None:
    path = os.environ.get("KOSU_READY_FILE")
    if path:
        Path(path).touch()
