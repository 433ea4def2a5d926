"""Assets: what a lesson plays, in numbered revisions of which one is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kosu.ids import AssetId, LessonId, UserId
from kosu.modules.media.domain.captions import PublishedCaption
from kosu.modules.media.domain.hls import MASTER, Rendition
from kosu.modules.media.domain.runs import Failure, Run, RunState, failure_of
from kosu.modules.media.domain.sources import SourceFacts
from kosu.modules.media.domain.uploads import UploadSession, UploadState
from kosu.modules.media.domain.waiting import Wait
from kosu.modules.media.errors import NotAVideo


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The revision that plays. Everything under its prefix is immutable; `storyboard` tells whether it has one.

    Captions join it as further files, which `master` names; `captions_version` is the asset's that they are of.
    """

    revision: int
    facts: SourceFacts
    renditions: tuple[Rendition, ...]
    published_at: datetime
    storyboard: bool = False
    master: str = MASTER
    captions: tuple[PublishedCaption, ...] = ()
    captions_version: int = 0


@dataclass(frozen=True, slots=True)
class RetiredRevision:
    """A revision that another one took the place of. Who plays it may go on for a day."""

    asset_id: AssetId
    revision: int

    @property
    def prefix(self) -> str:
        return revision_prefix(self.asset_id, self.revision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """The video of one lesson, or one that no lesson has yet.

    `last_revision` counts what was begun to upload, and `captions_version` the changes of its captions.
    """

    id: AssetId
    owner_id: UserId
    lesson_id: LessonId | None
    created_at: datetime
    last_revision: int = 0
    publication: Publication | None = None
    captions_version: int = 0


class AssetState(StrEnum):
    UPLOADING = "uploading"
    QUEUED = "queued"
    PROCESSING = "processing"
    STALLED = "stalled"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


def asset_prefix(asset_id: AssetId) -> str:
    return f"media/v/{asset_id}/"


def revision_prefix(asset_id: AssetId, revision: int) -> str:
    """Where a revision lies in the store, and its path on the media host."""
    return f"{asset_prefix(asset_id)}{revision}/"


UPLOAD_EXPIRED = Failure("upload_expired", "The upload was not finished in time. Start it again.", retryable=False)
UPLOAD_REJECTED = failure_of(NotAVideo())


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetSnapshot:
    """An asset with its latest upload session and its latest run."""

    asset: Asset
    upload: UploadSession | None
    run: Run | None

    def state(self, at: datetime) -> AssetState:
        """The state of what happened last. A discarded upload counts only where there was nothing before it."""
        if self.upload is not None and self.upload.is_open:
            return AssetState.UPLOADING
        if self.run is not None:
            return _state_of_run(self.run, at)
        if self.upload is not None and self.upload.state in {UploadState.EXPIRED, UploadState.REJECTED}:
            return AssetState.FAILED
        return AssetState.CANCELLED

    def waits(self, at: datetime) -> bool:
        """Whether there is a run that nobody works on."""
        return self.state(at) in {AssetState.QUEUED, AssetState.STALLED}

    def waits_for(self, at: datetime, *, worker_online: bool | None) -> Wait | None:
        """What keeps a run that waits; None also when it is only not its turn yet."""
        if self.run is None or not self.waits(at):
            return None
        return self.run.waits_for or (Wait.WORKER if worker_online is False else None)

    def error(self) -> Failure | None:
        if self.run is not None:
            return self.run.error
        match self.upload.state if self.upload is not None else None:
            case UploadState.EXPIRED:
                return UPLOAD_EXPIRED
            case UploadState.REJECTED:
                return UPLOAD_REJECTED
            case _:
                return None


def _state_of_run(run: Run, at: datetime) -> AssetState:
    match run.state:
        case RunState.QUEUED:
            return AssetState.QUEUED
        case RunState.PROCESSING:
            return AssetState.PROCESSING if run.is_held(at) else AssetState.STALLED
        case RunState.COMPLETED:
            return AssetState.READY
        case RunState.FAILED:
            return AssetState.FAILED
        case RunState.CANCELLED:
            return AssetState.CANCELLED
