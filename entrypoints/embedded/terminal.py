"""The supervisor at a terminal: a line of progress per stage with its time, and failures in plain words."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable

from entrypoints.embedded.errors import StackError
from entrypoints.embedded.runtimes import Addresses, Blueprint, kosu
from entrypoints.embedded.stack import Options, up


def run_up(options: Options, blueprint: Callable[[Addresses], Blueprint] = kosu) -> int:
    """Run a stack until it is asked to stop; answers the exit status, 1 after a failure."""
    started = time.monotonic()

    def say(text: str) -> None:
        # The terminal may be gone: that must not keep us from stopping in order.
        with contextlib.suppress(OSError):
            print(f"[{time.monotonic() - started:5.1f} s] {text}", flush=True)  # noqa: T201 - the command's output

    try:
        up(options, say, blueprint=blueprint)
    except (StackError, OSError) as error:
        print(f"kosu up: {error}", file=sys.stderr, flush=True)  # noqa: T201 - the command's output
        return 1
    return 0
