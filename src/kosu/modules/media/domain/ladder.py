"""The ladder: which sizes a video is encoded in, so that every connection finds one that flows."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

TALLEST = 1080
# A rung close below the top would cost an encode and help nobody.
_STEP_DOWN = Fraction(4, 5)


@dataclass(frozen=True, slots=True)
class Quality:
    """`crf` is x264's constant quality, lower is better; `max_kbps` caps what a hard scene may cost."""

    short_side: int
    max_kbps: int
    crf: int


QUALITIES = (
    Quality(1080, 5000, 21),
    Quality(720, 2800, 22),
    Quality(480, 1400, 23),
    Quality(360, 800, 23),
    Quality(240, 400, 24),
)


@dataclass(frozen=True, slots=True)
class Rung:
    """One size. Named by the short side, so that a portrait 720p is a 720p too."""

    name: str
    width: int
    height: int
    max_kbps: int
    crf: int


def ladder_for(width: int, height: int) -> tuple[Rung, ...]:
    """The rungs for a source of this size as shown, largest first; never larger than the source, all sides even.

    What has no size has no rung.
    """
    short = min(width, height)
    if short == 0:
        return ()
    top = min(short, TALLEST)
    rungs = [_rung(width, height, top, next(q for q in reversed(QUALITIES) if q.short_side >= top))]
    rungs += [_rung(width, height, q.short_side, q) for q in QUALITIES if q.short_side <= _STEP_DOWN * top]
    return tuple(rungs)


def _rung(width: int, height: int, short_side: int, quality: Quality) -> Rung:
    scale = Fraction(short_side, min(width, height))
    return Rung(
        name=f"{_even(short_side)}p",
        width=_even(width * scale),
        height=_even(height * scale),
        max_kbps=quality.max_kbps,
        crf=quality.crf,
    )


def _even(length: int | Fraction) -> int:
    """The next even length downwards, 2 or more: 4:2:0 chroma has no half pixels."""
    return max(2, int(length) // 2 * 2)
