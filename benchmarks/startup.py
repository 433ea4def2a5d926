"""How long `kosu up` takes until everything is healthy: with an empty home, and again with one that is there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PATIENCE_SECONDS = 180


def start(home: Path, ready_file: Path) -> float:
    """Seconds from the start of the command until the ready file is there; the stack is stopped again."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "entrypoints.cli", "up", "--no-web", "--home", str(home), "--port", "0"]
    with subprocess.Popen(
        [*command, "--ready-file", str(ready_file)], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    ) as stack:
        while not ready_file.exists():
            if stack.poll() is not None or time.perf_counter() - began > PATIENCE_SECONDS:
                msg = "the stack was not ready"
                raise SystemExit(msg)
            time.sleep(0.02)
        seconds = time.perf_counter() - began
        stack.send_signal(signal.SIGINT)
    return seconds


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kosu-bench-") as folder:
        home, ready_file = Path(folder) / "home", Path(folder) / "ready.json"
        print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
        print(f"empty home: {start(home, ready_file):5.1f} s")
        for _ in range(3):
            print(f"warm:       {start(home, ready_file):5.1f} s")


if __name__ == "__main__":
    main()
