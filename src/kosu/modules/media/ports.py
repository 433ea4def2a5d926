"""What media needs from the outside: its records, the two halves of transcoding, scratch space, who owns a lesson."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from kosu.ids import AssetId, CourseId, LessonId, RunId, UploadId, UserId
from kosu.modules.media.domain.assets import Asset, AssetSnapshot, AssetState, Publication, RetiredRevision
from kosu.modules.media.domain.board import RunsUnderWay
from kosu.modules.media.domain.captions import Caption, PublishedCaption
from kosu.modules.media.domain.chunks import Chunk, EncodedChunk, Span
from kosu.modules.media.domain.hls import MASTER, Rendition
from kosu.modules.media.domain.key_frames import KeyFrames
from kosu.modules.media.domain.ladder import Rung
from kosu.modules.media.domain.runs import Run, StepName
from kosu.modules.media.domain.sources import SourceFacts
from kosu.modules.media.domain.storyboard import Storyboard
from kosu.modules.media.domain.uploads import UploadSession
from kosu.paging import Cursor
from kosu.ports.unit_of_work import OpenTransaction


class Uploads(Protocol):
    async def add_or_resume(self, session: UploadSession) -> UploadSession:
        """Add a session, unless its owner has an open one with the same fingerprint: that one is the answer then."""
        ...

    async def lock_used_bytes(self, owner_id: UserId) -> int:
        """What an owner has in the store, as `domain.quota` counts it.

        Nobody else gets an answer for this owner before the transaction ends.
        """
        ...

    async def lock(self, upload_id: UploadId) -> UploadSession:
        """The session, locked until the transaction ends.

        Raises:
            UploadNotFound
        """
        ...

    async def save(self, session: UploadSession) -> None:
        """Write a session that this transaction has locked."""
        ...

    async def lock_expired(self, *, at: datetime, limit: int) -> Sequence[UploadSession]:
        """Open sessions whose time is over, oldest first, locked; those that others hold are left out."""
        ...


class Assets(Protocol):
    async def add_or_get(self, asset: Asset) -> Asset:
        """Add an asset, unless its lesson has one already: that one is the answer then."""
        ...

    async def next_revision(self, asset_id: AssetId) -> int:
        """A revision number that was never given before, from 1."""
        ...

    async def publish(self, asset_id: AssetId, publication: Publication) -> bool:
        """Move the pointer to a revision; False, and nothing moved, when it is at a later one already.

        The revision that it was at before is noted as retired at `published_at`.
        """
        ...

    async def forget_retired(self, retired: RetiredRevision) -> None:
        """Its files are deleted; no error when it was forgotten before."""
        ...

    async def publish_captions(self, asset_id: AssetId, publication: Publication) -> bool:
        """Replace the publication by one of the same revision with newer captions; False when it is not that."""
        ...


class Captions(Protocol):
    async def lock(self, asset_id: AssetId) -> frozenset[str]:
        """The languages of an asset's captions. Nobody else changes them before the transaction ends."""
        ...

    async def put(self, asset_id: AssetId, caption: Caption) -> bool:
        """Add captions to an asset that this transaction has locked, or replace those in the same language.

        A change counts the asset's `captions_version` up; False when the text was the same already.
        """
        ...

    async def remove(self, asset_id: AssetId, lang: str) -> bool:
        """As `put`; False when there were none in this language."""
        ...


class Runs(Protocol):
    async def add(self, run: Run) -> None: ...

    async def lock(self, run_id: RunId) -> Run | None:
        """The run, locked until the transaction ends."""
        ...

    async def lock_active(self, asset_id: AssetId) -> Sequence[Run]:
        """The runs of an asset that are queued or processing, oldest first, locked until the transaction ends."""
        ...

    async def claim(self, run_id: RunId, *, at: datetime) -> Run | None:
        """Take an active run that nobody holds, as `Run.claimed`; None when it is held, over or unknown."""
        ...

    async def save(self, run: Run, *, fence: int) -> None:
        """Write a run if its fence in the database still is `fence`.

        Raises:
            LeaseLost: it is not; nothing was written.
        """
        ...

    async def lock_due(self, *, at: datetime, limit: int) -> Sequence[Run]:
        """Active runs whose `wake_at` has come, oldest first, locked; those that others hold are left out."""
        ...


class Chunks(Protocol):
    async def add(self, chunks: Sequence[Chunk]) -> None: ...

    async def of(self, run_id: RunId) -> Sequence[Chunk]:
        """The chunks of a run, in order; none where it was not cut."""
        ...

    async def frames(self, run_id: RunId) -> int:
        """How many frames of a run are encoded so far, in all of its chunks."""
        ...

    async def claim(self, run_id: RunId, *, at: datetime) -> Chunk | None:
        """Take the first chunk that can be claimed, as `Chunk.claimed`; None when there is none, or the run is over."""
        ...

    async def save(self, chunk: Chunk, *, fence: int) -> None:
        """Write a waiting chunk if its fence in the database still is `fence` and its run is active.

        Raises:
            LeaseLost: nothing was written.
        """
        ...

    async def give_up(self, run_id: RunId) -> None:
        """Mark all chunks of a run as failed, under new fences: it is for a single pass from now on."""
        ...

    async def remove(self, run_id: RunId) -> None:
        """Delete all chunks of a run; no error when there is none."""
        ...


class MediaRecords(OpenTransaction, Protocol):
    @property
    def uploads(self) -> Uploads: ...

    @property
    def assets(self) -> Assets: ...

    @property
    def runs(self) -> Runs: ...

    @property
    def captions(self) -> Captions: ...

    @property
    def chunks(self) -> Chunks: ...


@dataclass(frozen=True, slots=True)
class PublishedMedia:
    """The revision that plays."""

    asset_id: AssetId
    revision: int
    duration_ms: int
    storyboard: bool = False
    master: str = MASTER
    captions: tuple[PublishedCaption, ...] = ()


@dataclass(frozen=True, slots=True)
class CaptionedAsset:
    """An asset and its captions as of one moment, by language."""

    asset: Asset
    captions: tuple[Caption, ...]


@dataclass(frozen=True, slots=True)
class LessonAsset:
    """What a lesson's asset is at, and the languages of its captions in their order."""

    snapshot: AssetSnapshot
    languages: tuple[str, ...]


class MediaQueries(Protocol):
    """Reads, each a single statement outside of any transaction block."""

    async def upload(self, upload_id: UploadId) -> UploadSession | None: ...

    async def open_upload(self, owner_id: UserId, fingerprint: str) -> UploadSession | None: ...

    async def discardable_uploads(self, *, ended_before: datetime, limit: int) -> Sequence[UploadSession]:
        """Sessions that are not purged and whose file nobody needs, oldest first.

        They were aborted, expired or rejected, or the only run of the file failed or was cancelled before
        `ended_before`.
        """
        ...

    async def snapshot(self, asset_id: AssetId) -> AssetSnapshot | None:
        """An asset with its latest run, and its latest upload session that was not aborted if there is one."""
        ...

    async def lesson_assets(self, lesson_ids: Collection[LessonId]) -> Mapping[LessonId, LessonAsset]:
        """The assets of these lessons, as `snapshot` shows each; lessons that never had one are left out."""
        ...

    async def retired_revisions(self, *, retired_before: datetime, limit: int) -> Sequence[RetiredRevision]:
        """Those that were replaced before then and not forgotten since, oldest first; never one that is published."""
        ...

    async def unpublished_revisions(self, upload_id: UploadId) -> Sequence[int]:
        """What the failed or cancelled run of an upload began to send to the store and never published."""
        ...

    async def captioned_asset(self, asset_id: AssetId) -> CaptionedAsset | None: ...

    async def runs_in_use(self, run_ids: Collection[RunId], *, ended_after: datetime) -> frozenset[RunId]:
        """Those of these runs that are active, or failed or were cancelled after `ended_after`."""
        ...

    async def runs_with_leftover_chunks(self, *, ended_before: datetime, limit: int) -> Sequence[RunId]:
        """Runs that have chunks and ended before that, oldest first."""
        ...

    async def published(self, lesson_ids: Collection[LessonId]) -> Mapping[LessonId, PublishedMedia]:
        """What plays in these lessons; those without a published revision are left out."""
        ...


class AssetBoard(Protocol):
    async def snapshots(
        self, *, state: AssetState | None, after: Cursor | None, at: datetime, limit: int
    ) -> Sequence[AssetSnapshot]:
        """Assets as `MediaQueries.snapshot` shows them, by `domain.board.URGENCY` and the newest first.

        `state` is theirs as of `at`; `after` is the last of the page before.
        """
        ...

    async def runs_under_way(self, *, at: datetime) -> RunsUnderWay:
        """How many runs wait, how many are worked on, and how many were left by their worker."""
        ...


@runtime_checkable
class Probe(Protocol):
    async def inspect(self, source: Path) -> SourceFacts:
        """Find out what a file really is, trusting neither its name nor what it declares.

        Raises:
            Verdict: it can become neither a video nor a sound recording.
        """
        ...


@runtime_checkable
class Transcoder(Protocol):
    """Makes files from a source that passed the probe. Each method either leaves checked, complete output or raises.

    Cancelling a call ends whatever it started.

    Raises:
        TranscoderFailed: died, stalled, or the output did not pass its checks; trying again may help.
    """

    async def poster(self, source: Path, facts: SourceFacts, *, target: Path) -> None:
        """A still picture as JPEG: of sound without a picture its cover, or its waveform."""
        ...

    async def encode_hls(
        self,
        source: Path,
        facts: SourceFacts,
        ladder: Sequence[Rung],
        *,
        folder: Path,
        on_frames: Callable[[int], None],
    ) -> Sequence[Rendition]:
        """Encode all rungs, and the sound on its own, as `{folder}/{name}/index.m3u8` with its segments.

        `on_frames` is told how many frames are encoded so far, of sound where there is no picture. Answers the rungs in
        their order, then the sound.

        Raises:
            Verdict: decoding showed what the probe could not see.
        """
        ...

    async def copy_key_frames(self, folder: Path, rendition: Rendition) -> KeyFrames:
        """Copy the key frames of a rendition in `folder` into one file, with `{folder}/iframes/index.m3u8`."""
        ...

    async def draw_storyboard(self, folder: Path, storyboard: Storyboard) -> None:
        """Draw the copied key frames in `folder` onto `{folder}/storyboard/sheet-001.jpg` and so on."""
        ...

    async def remux_mp4(self, folder: Path, renditions: Sequence[Rendition], *, target: Path) -> None:
        """Put the largest rung in `folder`, if any, and the sound into one MP4, without encoding anything."""
        ...


@runtime_checkable
class ChunkTranscoder(Protocol):
    """Makes of chunks what `Transcoder.encode_hls` makes at once, segment by segment the same.

    Cancelling a call ends whatever it started.

    Raises:
        TranscoderFailed: trying again may help.
        ChunksUnfit: it will not; in a single pass the source may well be encoded.
    """

    async def reaches(self, source: Path, facts: SourceFacts, spans: Sequence[Span]) -> bool:
        """Whether decoding can begin at each of these spans exactly, and without decoding much before it."""
        ...

    async def encode_chunk(
        self,
        source: Path,
        facts: SourceFacts,
        ladder: Sequence[Rung],
        span: Span,
        *,
        folder: Path,
        on_frames: Callable[[int], None],
    ) -> EncodedChunk:
        """Encode a span in all rungs into `{folder}/{name}/`, and prove that it is what was planned.

        `on_frames` is told how many frames are encoded so far. Parts are in the order of the rungs.
        """
        ...

    async def encode_sound(self, source: Path, facts: SourceFacts, *, folder: Path) -> None:
        """Encode all the sound into `{folder}/audio/`."""
        ...

    async def join(
        self,
        chunks: Sequence[Path],
        facts: SourceFacts,
        ladder: Sequence[Rung],
        *,
        sound: Path | None,
        folder: Path,
    ) -> Sequence[Rendition]:
        """Move the files of all chunks, in order, and of the sound into `folder`, and answer as `encode_hls` does."""
        ...


@runtime_checkable
class Scratch(Protocol):
    """Disk space of runs. Each claim works in a folder of its own, so that a worker which lost its lease does no harm.

    A step writes into `{folder}/{step}/` and seals it when it is complete.
    """

    async def open(self, run_id: RunId, fence: int) -> Path:
        """The folder of a claim, with an empty folder for each step."""
        ...

    async def seal(self, run_id: RunId, fence: int, step: StepName) -> None:
        """Note the files of a finished step and their sizes, so that a later claim can take them over."""
        ...

    async def adopt(self, run_id: RunId, fence: int, step: StepName) -> bool:
        """Take over what an earlier claim sealed; False when it is not there, or not as it was sealed."""
        ...

    def borrow(self, run_id: RunId) -> AbstractAsyncContextManager[Path]:
        """A further, empty folder for as long as the block runs: for helping with a run without holding it."""
        ...

    async def remove(self, run_id: RunId) -> None:
        """Delete all folders of a run; no error when there is none."""
        ...

    async def run_ids(self) -> Sequence[RunId]:
        """The runs that have folders here."""
        ...

    async def free_bytes(self) -> int: ...


@runtime_checkable
class LessonAuthors(Protocol):
    async def may_attach(self, *, user_id: UserId, lesson_id: LessonId) -> bool:
        """Whether the lesson exists, takes a video, and belongs to a course of this user."""
        ...

    async def video_lessons(self, course_id: CourseId, *, user_id: UserId, is_operator: bool) -> Sequence[LessonId]:
        """The lessons of a course that take a video, in order, for its instructor and for operators.

        Raises:
            NotFound, Forbidden
        """
        ...
