"""Chunks: a long video in pieces that several workers encode, and the proof that the pieces make one whole.

All is counted in frames of the encode: frame n is shown at n / fps. A segment begins at the first frame at or after a
multiple of six seconds, whoever encodes it, so that a chunk of whole segments is found again in a single pass. With
NTSC rates that frame comes up to one frame later than the six seconds, and segments differ by a frame.

A chunk is held as a run is: under a lease and a fence, by one worker at a time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from kosu.ids import RunId
from kosu.modules.media.domain.runs import LEASE, MAX_ATTEMPTS
from kosu.modules.media.domain.sources import SourceFacts
from kosu.modules.media.errors import ChunksUnfit

SEGMENT_SECONDS = 6
# Three minutes: what a dead worker costs at most, and what beginning anew costs hardly shows.
CHUNK_SEGMENTS = 30
_BACKOFF = (timedelta(seconds=15), timedelta(seconds=60))


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Some segments of a video. Of the last one `frame_count` is about right only: decoding tells where a source ends.

    `segment_starts` are frames.
    """

    first_segment: int
    segment_starts: tuple[int, ...]
    frame_count: int
    is_last: bool

    @property
    def first_frame(self) -> int:
        return self.segment_starts[0]

    @property
    def end_frame(self) -> int:
        """The frame after the last."""
        return self.first_frame + self.frame_count


def segment_start(segment: int, fps: Fraction) -> int:
    """The frame that a segment begins with."""
    return math.ceil(segment * SEGMENT_SECONDS * fps)


def plan_chunks(
    facts: SourceFacts, *, threshold_seconds: int, chunk_segments: int = CHUNK_SEGMENTS
) -> tuple[Span, ...]:
    """The chunks of a video, of about the same length and at most so many segments each.

    None where cutting is not worth it or not wanted: the video is shorter than the threshold, which 0 switches off, it
    has no picture, begins between two frames, or its last picture is held for long.
    """
    too_short = not threshold_seconds or facts.duration_ms < threshold_seconds * 1000
    if too_short or not facts.has_picture or facts.lead_us or facts.hold_ms > SEGMENT_SECONDS * 1000:
        return ()
    starts = [0]
    while (start := segment_start(len(starts), facts.fps)) < facts.frame_count:
        starts.append(start)
    count = math.ceil(len(starts) / chunk_segments)
    if count < 2:
        return ()
    edges = [chunk * len(starts) // count for chunk in range(count + 1)]
    ends = [*(starts[edge] for edge in edges[1:-1]), facts.frame_count]
    return tuple(
        Span(
            first_segment=first,
            segment_starts=tuple(starts[first:last]),
            frame_count=end - starts[first],
            is_last=last == len(starts),
        )
        for (first, last), end in zip(pairwise(edges), ends, strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One rung of an encoded chunk, as its packets tell: every frame once, each segment from a key frame on.

    `end_frame` is the frame after the last; decoding times are in frames too.
    """

    name: str
    init_digest: str
    segment_starts: tuple[int, ...]
    end_frame: int
    first_decoded: int
    last_decoded: int


@dataclass(frozen=True, slots=True)
class EncodedChunk:
    """What became of a chunk. `complaints` is how often the decoder found something wrong with the source."""

    parts: tuple[Part, ...]
    complaints: int


@dataclass(frozen=True, slots=True)
class ChunkFile:
    name: str
    size_bytes: int


class ChunkState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A chunk of a run. While one of them is failed, the run is for a single pass.

    Waiting includes being encoded: `lease_until` is until when nobody else may begin. `frames` are encoded so far.
    """

    run_id: RunId
    index: int
    span: Span
    state: ChunkState = ChunkState.WAITING
    attempt: int = 0
    fence: int = 0
    lease_until: datetime | None = None
    frames: int = 0
    encoded: EncodedChunk | None = None
    files: tuple[ChunkFile, ...] = ()

    @property
    def prefix(self) -> str:
        """Where the files of this claim lie in the store: below nothing that is delivered."""
        return f"{chunks_prefix(self.run_id)}{self.index}/{self.fence}/"

    def is_held(self, at: datetime) -> bool:
        return self.lease_until is not None and self.lease_until > at

    def is_claimable(self, at: datetime) -> bool:
        return self.state is ChunkState.WAITING and self.attempt < MAX_ATTEMPTS and not self.is_held(at)

    def is_given_up(self, at: datetime) -> bool:
        """Whether it failed, or was tried often enough by workers that left no word."""
        exhausted = self.state is ChunkState.WAITING and self.attempt >= MAX_ATTEMPTS and not self.is_held(at)
        return exhausted or self.state is ChunkState.FAILED

    def claimed(self, at: datetime) -> Chunk:
        """A worker takes it, under a new fence."""
        return replace(self, attempt=self.attempt + 1, fence=self.fence + 1, frames=0, lease_until=at + LEASE)

    def renewed(self, frames: int, at: datetime) -> Chunk:
        return replace(self, frames=max(self.frames, frames), lease_until=at + LEASE)

    def released(self) -> Chunk:
        """The worker shuts down in good order: this does not count as an attempt."""
        return replace(self, attempt=self.attempt - 1, frames=0, lease_until=None)

    def postponed(self, at: datetime) -> Chunk:
        """It failed on our side and is tried again later, unless it was tried often enough."""
        if self.attempt >= MAX_ATTEMPTS:
            return self.failed()
        return replace(self, frames=0, lease_until=at + _BACKOFF[self.attempt - 1])

    def failed(self) -> Chunk:
        return replace(self, state=ChunkState.FAILED, lease_until=None)

    def done(self, encoded: EncodedChunk, files: Sequence[ChunkFile]) -> Chunk:
        return replace(
            self,
            state=ChunkState.DONE,
            frames=self.span.frame_count,
            lease_until=None,
            encoded=encoded,
            files=tuple(files),
        )


def chunks_prefix(run_id: RunId) -> str:
    return f"chunks/{run_id}/"


def prove_fit(span: Span, encoded: EncodedChunk) -> None:
    """Prove that a chunk is what was planned, in each of its rungs.

    Raises:
        ChunksUnfit
    """
    if len({part.end_frame for part in encoded.parts}) != 1:
        msg = f"the rungs from frame {span.first_frame} on end at different frames"
        raise ChunksUnfit(msg)
    for part in encoded.parts:
        where = f"{part.name} from frame {span.first_frame} on"
        starts, planned = part.segment_starts, span.segment_starts
        # A source may end a little before or after what was measured.
        tolerated = 1 if span.is_last else 0
        if starts[: len(planned)] != planned[: len(starts)] or abs(len(starts) - len(planned)) > tolerated:
            msg = f"{where}: segments begin at {starts}, not at {planned}"
            raise ChunksUnfit(msg)
        if part.end_frame != span.end_frame and not span.is_last:
            msg = f"{where}: ends before frame {part.end_frame}, not {span.end_frame}"
            raise ChunksUnfit(msg)


def prove_seams(chunks: Sequence[Chunk], *, rungs: Sequence[str], tolerated: int) -> None:
    """Prove that all chunks of a run, in order, make one whole: no frame is missing or doubled, nothing starts anew.

    `rungs` are names; the source may have been complained about `tolerated` times.

    Raises:
        ChunksUnfit
    """
    encoded = [chunk.encoded for chunk in chunks if chunk.encoded is not None]
    if len(encoded) != len(chunks):
        msg = f"{len(chunks) - len(encoded)} chunk(s) are not encoded"
        raise ChunksUnfit(msg)
    for chunk, made in zip(chunks, encoded, strict=True):
        if [part.name for part in made.parts] != list(rungs):
            msg = f"chunk {chunk.index} has other rungs than {', '.join(rungs)}"
            raise ChunksUnfit(msg)
        prove_fit(chunk.span, made)
    for before, after in pairwise(encoded):
        for left, right in zip(before.parts, after.parts, strict=True):
            if left.init_digest != right.init_digest:
                msg = f"{left.name}: the initialisation changes at frame {left.end_frame}"
                raise ChunksUnfit(msg)
            if right.segment_starts[0] != left.end_frame or right.first_decoded != left.last_decoded + 1:
                msg = f"{left.name}: a gap or an overlap at frame {left.end_frame}"
                raise ChunksUnfit(msg)
    complaints = sum(made.complaints for made in encoded)
    if complaints > tolerated:
        msg = f"{complaints} errors while decoding, {tolerated} are tolerated"
        raise ChunksUnfit(msg)
