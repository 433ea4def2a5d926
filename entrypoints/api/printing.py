"""Making PDFs: one at a time, and beside the event loop, for one costs more than a hundred other answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

_printer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pdf")


async def printed(make: Callable[[], bytes]) -> bytes:
    return await asyncio.get_running_loop().run_in_executor(_printer, make)
