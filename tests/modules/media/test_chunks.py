"""The plan of chunks, and the proof that they make one whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kosu.ids import RunId
from kosu.modules.media.domain.chunks import (
    CHUNK_SEGMENTS,
    Chunk,
    EncodedChunk,
    Part,
    plan_chunks,
    prove_seams,
    segment_start,
)
from kosu.modules.media.domain.sources import SourceFacts
from kosu.modules.media.errors import ChunksUnfit

NTSC = Fraction(30000, 1001)
RATES = (Fraction(24000, 1001), NTSC, Fraction(60000, 1001), *map(Fraction, (1, 15, 24, 25, 30, 50, 60)))
HOUR_MS = 3_600_000
RUNGS = ("360p", "240p")


def facts(
    duration_ms: int = HOUR_MS,
    fps: Fraction = NTSC,
    *,
    video_stream: int | None = 0,
    hold_ms: int = 0,
    lead_us: int = 0,
) -> SourceFacts:
    return SourceFacts(
        duration_ms=duration_ms,
        width=640,
        height=360,
        fps_numerator=fps.numerator,
        fps_denominator=fps.denominator,
        video_stream=video_stream,
        audio_stream=None,
        hold_ms=hold_ms,
        lead_us=lead_us,
    )


@given(
    duration_ms=st.integers(min_value=1, max_value=3 * HOUR_MS),
    fps=st.sampled_from(RATES),
    chunk_segments=st.integers(min_value=1, max_value=CHUNK_SEGMENTS),
)
def test_plan_covers_every_frame_once_and_cuts_where_a_single_pass_does(
    duration_ms: int, fps: Fraction, chunk_segments: int
) -> None:
    source = facts(duration_ms, fps)

    spans = plan_chunks(source, threshold_seconds=1, chunk_segments=chunk_segments)

    if not spans:
        assert duration_ms <= 6000 * (chunk_segments + 1)
        return
    assert spans[0].first_frame == 0
    assert all(left.end_frame == right.first_frame for left, right in pairwise(spans))
    assert spans[-1].end_frame == source.frame_count
    assert [span.is_last for span in spans] == [*[False] * (len(spans) - 1), True]
    lengths = [len(span.segment_starts) for span in spans]
    assert max(lengths) <= chunk_segments
    assert max(lengths) - min(lengths) <= 1
    starts = [start for span in spans for start in span.segment_starts]
    assert starts == [segment_start(segment, fps) for segment in range(len(starts))]
    assert [span.first_segment for span in spans] == [starts.index(span.first_frame) for span in spans]


@given(segment=st.integers(min_value=0, max_value=10_000), fps=st.sampled_from(RATES))
def test_segment_begins_at_the_first_frame_that_is_not_before_its_time(segment: int, fps: Fraction) -> None:
    start = segment_start(segment, fps)

    assert start / fps >= 6 * segment
    assert (start - 1) / fps < 6 * segment


def test_hour_is_cut_into_pieces_of_three_minutes() -> None:
    assert [len(span.segment_starts) for span in plan_chunks(facts(), threshold_seconds=1200)] == [30] * 20


@pytest.mark.parametrize(
    ("source", "threshold_seconds"),
    [
        pytest.param(facts(1_199_999), 1200, id="shorter than the threshold"),
        pytest.param(facts(), 0, id="switched off"),
        pytest.param(facts(video_stream=None), 1200, id="no picture"),
        pytest.param(facts(lead_us=16_000), 1200, id="it begins between two frames"),
        pytest.param(facts(hold_ms=6001), 1200, id="the last picture is held for long"),
        pytest.param(facts(60_000), 30, id="shorter than two chunks"),
    ],
)
def test_not_every_video_is_cut(source: SourceFacts, threshold_seconds: int) -> None:
    assert plan_chunks(source, threshold_seconds=threshold_seconds) == ()


def encoded(chunk: Chunk) -> Chunk:
    """A chunk just as it was planned, whose decoding runs two frames ahead."""
    span = chunk.span
    parts = [
        Part(
            name=name,
            init_digest=f"init of {name}",
            segment_starts=span.segment_starts,
            end_frame=span.end_frame,
            first_decoded=span.first_frame - 2,
            last_decoded=span.end_frame - 3,
        )
        for name in RUNGS
    ]
    return chunk.done(EncodedChunk(tuple(parts), complaints=1), [])


def three_chunks() -> list[Chunk]:
    spans = plan_chunks(facts(60_000), threshold_seconds=1, chunk_segments=4)
    run_id = RunId(UUID(int=1))
    return [encoded(Chunk(run_id=run_id, index=index, span=span)) for index, span in enumerate(spans)]


def changed(chunk: Chunk, part: int, **changes: object) -> Chunk:
    assert chunk.encoded is not None
    parts = list(chunk.encoded.parts)
    parts[part] = replace(parts[part], **changes)  # type: ignore[arg-type]
    return replace(chunk, encoded=replace(chunk.encoded, parts=tuple(parts)))


def prove(chunks: Sequence[Chunk]) -> None:
    prove_seams(chunks, rungs=RUNGS, tolerated=3)


def test_chunks_as_planned_make_one_whole() -> None:
    prove(three_chunks())


def test_source_may_end_a_little_before_or_after_what_was_measured() -> None:
    *others, last = three_chunks()
    end = last.span.end_frame

    def ending(frames: int) -> Chunk:
        starts = [segment_start(segment, NTSC) for segment in range(6, 14)]
        chunk = last
        for part in range(len(RUNGS)):
            there = tuple(start for start in starts if start < end + frames)
            chunk = changed(chunk, part, end_frame=end + frames, segment_starts=there)
        return chunk

    for frames in (-190, -40, 3, 170):
        prove([*others, ending(frames)])
    for frames in (-370, 370):
        with pytest.raises(ChunksUnfit, match="segments begin"):
            prove([*others, ending(frames)])


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (lambda chunk: changed(chunk, 1, init_digest="another"), "initialisation"),
        (lambda chunk: changed(chunk, 1, end_frame=chunk.span.end_frame - 1), "end at different frames"),
        (lambda chunk: changed(changed(chunk, 0, end_frame=1), 1, end_frame=1), "ends before frame 1"),
        (lambda chunk: changed(chunk, 0, segment_starts=chunk.span.segment_starts[1:]), "segments begin"),
        (lambda chunk: changed(chunk, 0, segment_starts=chunk.span.segment_starts[:-1]), "segments begin"),
        (lambda chunk: changed(chunk, 0, first_decoded=chunk.span.first_frame - 1), "gap or an overlap"),
        (lambda chunk: changed(chunk, 0, name="144p"), "other rungs"),
        (lambda chunk: replace(chunk, encoded=None), "not encoded"),
        (lambda chunk: replace(chunk, encoded=replace(chunk.encoded, complaints=2)), "4 errors"),
    ],
)
def test_chunks_that_do_not_fit_are_refused(broken: Callable[[Chunk], Chunk], reason: str) -> None:
    first, second, third = three_chunks()

    with pytest.raises(ChunksUnfit, match=reason):
        prove([first, broken(second), third])
