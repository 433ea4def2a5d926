"""Garbage collection of long-lived processes."""

from __future__ import annotations

import gc


def settle() -> None:
    """Take the objects of the start out of collection, and look for garbage seldom; call it when all is up.

    Scanning the objects of the start again and again made pauses of 100 ms in the API, and a quarter of a worker's work
    on large batches.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
