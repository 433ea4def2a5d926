"""ffmpeg as a child process: watched while it runs, and gone when we are."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from kosu.modules.media.domain.sources import SOUND_FRAME_RATE
from kosu.modules.media.errors import TranscoderFailed

STALL_SECONDS = 120.0
GRACE_SECONDS = 10.0
NICENESS = 10
_LAUNCH = Path(__file__).with_name("launch.py")
_LINE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run of ffmpeg ended. `errors` is how many lines it complained in, `last_errors` the last few of them."""

    exit_code: int
    errors: int
    last_errors: str


class Ffmpeg:
    """`path` is the program, or empty for the one in imageio-ffmpeg's wheel."""

    def __init__(self, path: str = "", *, stall_seconds: float = STALL_SECONDS) -> None:
        self._path = path
        self._stall_seconds = stall_seconds

    async def run(
        self,
        arguments: Sequence[str],
        *,
        folder: Path,
        on_frames: Callable[[int], None] = lambda _: None,
        sound_only: bool = False,
    ) -> Outcome:
        """Run to the end in `folder`. `on_frames` is told the number of frames made so far, each time it grows.

        ffmpeg counts pictures only: where there is `sound_only`, its frames are told by the time that is encoded.

        Cancelling kills the child and all that belongs to it.

        Raises:
            TranscoderFailed: neither picture nor sound went on for too long; it was ended.
        """
        process = await self._start(arguments, folder)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._stall_seconds) as watchdog:

                def alive() -> None:
                    watchdog.reschedule(loop.time() + self._stall_seconds)

                _, (errors, last_errors) = await asyncio.gather(
                    _follow(process.stdout, on_frames, alive, sound_only=sound_only), _collect(process.stderr)
                )
                return Outcome(await process.wait(), errors, last_errors)
        except TimeoutError as error:
            await _end(process)
            msg = f"ffmpeg made no frame for {self._stall_seconds:g} s"
            raise TranscoderFailed(msg) from error
        finally:
            _signal_group(process, signal.SIGKILL)
            await process.wait()

    async def _start(self, arguments: Sequence[str], folder: Path) -> Process:
        common = ("-hide_banner", "-loglevel", "error", "-nostdin", "-nostats", "-progress", "pipe:1")
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(_LAUNCH), str(os.getpid()), str(NICENESS)),
            *(self._path or _wheel_program(), *common, *arguments),
            cwd=folder,
            env={"LC_ALL": "C"},  # It reads what strangers send us: nothing of our environment is for it.
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            limit=_LINE_BYTES,
            start_new_session=True,
        )


def _wheel_program() -> str:
    # Only where media is processed is it installed.
    from imageio_ffmpeg import get_ffmpeg_exe  # type: ignore[import-untyped]  # noqa: PLC0415 - see above

    path: str = get_ffmpeg_exe()
    return path


async def _follow(
    stdout: asyncio.StreamReader | None,
    advanced: Callable[[int], None],
    alive: Callable[[], None],
    *,
    sound_only: bool,
) -> None:
    """Read `-progress`. How far it is tells `frame`, not its time, which runs ahead of what is encoded of pictures."""
    most = dict.fromkeys(("frame", "out_time_us"), 0)
    counter, rate = ("out_time_us", SOUND_FRAME_RATE / 1_000_000) if sound_only else ("frame", Fraction(1))
    assert stdout is not None  # noqa: S101 - for the type checker: it was asked for
    async for line in stdout:
        key, _, value = line.decode(errors="replace").strip().partition("=")
        if key in most and value.isdigit() and int(value) > most[key]:
            most[key] = int(value)
            alive()
            if key == counter:
                advanced(math.ceil(most[key] * rate))


async def _collect(stderr: asyncio.StreamReader | None) -> tuple[int, str]:
    last: deque[str] = deque(maxlen=5)
    count = 0
    assert stderr is not None  # noqa: S101 - for the type checker: it was asked for
    async for line in stderr:
        count += 1
        last.append(line.decode(errors="replace").strip()[:300])
    return count, " | ".join(last)


async def _end(process: Process) -> None:
    """Ask it to stop, and give it some seconds to do so."""
    _signal_group(process, signal.SIGTERM)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), GRACE_SECONDS)


def _signal_group(process: Process, number: signal.Signals) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
