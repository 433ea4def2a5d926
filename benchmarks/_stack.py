"""An embedded stack for a benchmark, in a temporary folder."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_SECONDS = 180


@contextmanager
def own_stack() -> Iterator[dict[str, Any]]:
    """A running stack; yields what its ready file says, its `home` and the `pid` of its supervisor."""
    with tempfile.TemporaryDirectory(prefix="kosu-bench-") as folder:
        ready_file = Path(folder) / "ready.json"
        options = ["--no-web", "--quiet-demo", "--home", folder, "--port", "0"]
        command = [sys.executable, "-m", "entrypoints.cli", "up", *options]
        with (Path(folder) / "up.log").open("w") as log:
            stack = subprocess.Popen([*command, "--ready-file", str(ready_file)], stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + START_SECONDS
            while not ready_file.exists():
                if stack.poll() is not None or time.monotonic() > deadline:
                    sys.exit("the stack did not start:\n" + (Path(folder) / "up.log").read_text())
                time.sleep(0.1)
            ready: dict[str, Any] = json.loads(ready_file.read_text())
            yield ready | {"home": folder, "pid": stack.pid}
        finally:
            stack.send_signal(signal.SIGINT)
            stack.wait(timeout=60)
