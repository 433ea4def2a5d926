"""Command lines of ffmpeg for chunks, as pure functions: those of arguments.py from a frame on, and for the sound.

Time stamps stay those of the whole source (`-copyts -start_at_zero`), so that `fps` puts every picture at the place
that it has in a single pass, and the wanted frames are cut out by their number. A second and more before them is
decoded along: the seek ends at the key frame before, and the deinterlacer looks back.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kosu.adapters.ffmpeg.arguments import (
    GOP_SECONDS,
    audio_arguments,
    output_arguments,
    picture_filters,
    scale_filters,
    video_arguments,
)
from kosu.adapters.ffmpeg.guards import INPUT_ARGUMENTS
from kosu.modules.media.domain.chunks import SEGMENT_SECONDS, Span
from kosu.modules.media.domain.hls import AUDIO_NAME
from kosu.modules.media.domain.ladder import Rung
from kosu.modules.media.domain.sources import SourceFacts

LOOK_BACK_SECONDS = 1
# The muxer counts from the first frame of the chunk, which with NTSC rates comes up to a frame late. So much earlier it
# looks for the next key frame, for each segment anew: by less than the two seconds to the wrong one after 38 segments.
_EARLY_SECONDS = 0.05


def chunk_arguments(source: Path, facts: SourceFacts, ladder: Sequence[Rung], span: Span) -> list[str]:
    """All rungs of a span, as `{name}/index.m3u8` with segments that are numbered as in a single pass."""
    arguments = ["-stats_period", "1"]
    if span.first_frame:
        arguments += ["-copyts", "-start_at_zero", "-noaccurate_seek", "-ss", f"{seek_seconds(facts, span):.6f}"]
    arguments += [*INPUT_ARGUMENTS, "-i", str(source)]
    graph = _filter_graph(facts, ladder, span)
    arguments += video_arguments(facts, ladder, graph=graph, key_frames=_key_frames(facts, span))
    variants = " ".join(f"v:{index},name:{rung.name}" for index, rung in enumerate(ladder))
    return [
        *arguments,
        *output_arguments(variants, first_segment=span.first_segment, segment_seconds=SEGMENT_SECONDS - _EARLY_SECONDS),
    ]


def sound_arguments(source: Path, facts: SourceFacts) -> list[str]:
    """All the sound, as `audio/index.m3u8`."""
    arguments = ["-stats_period", "1", *INPUT_ARGUMENTS, "-i", str(source), "-map", f"0:{facts.audio_stream}"]
    return [*arguments, *audio_arguments(facts), *output_arguments(f"a:0,name:{AUDIO_NAME}")]


def seek_seconds(facts: SourceFacts, span: Span) -> float:
    """From where on a span is decoded at the latest, in seconds from the start of the source."""
    return max(0.0, float(span.first_frame / facts.fps) - LOOK_BACK_SECONDS)


def _filter_graph(facts: SourceFacts, ladder: Sequence[Rung], span: Span) -> str:
    # Only the first span is filled up from zero; the others take the grid from their time stamps.
    rate = f"fps={facts.fps}" if span.first_frame else f"fps={facts.fps}:start_time=0"
    end = "" if span.is_last else f":end_pts={span.end_frame}"
    filters = [*picture_filters(facts), rate, f"trim=start_pts={span.first_frame}{end}"]
    if span.is_last and facts.hold_ms:
        filters.append(f"tpad=stop_mode=clone:stop_duration={facts.hold_ms}ms")
    return scale_filters(filters, facts, ladder)


def _key_frames(facts: SourceFacts, span: Span) -> str:
    """Those of a single pass. `n` counts from the first frame of the chunk, `n_forced` from its first key frame."""
    before = span.first_segment * SEGMENT_SECONDS // GOP_SECONDS
    frames, seconds = facts.fps.denominator, facts.fps.numerator * GOP_SECONDS
    return f"expr:gte((n+{span.first_frame})*{frames},(n_forced+{before})*{seconds})"
