"""What the media module answers, as it is serialised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from kosu.ids import AssetId, LessonId, UploadId
from kosu.modules.media.domain.assets import AssetSnapshot, AssetState
from kosu.modules.media.domain.captions import label_of
from kosu.modules.media.domain.runs import Failure, Run, Step, StepName, StepState, eta_seconds
from kosu.modules.media.domain.uploads import UploadSession, UploadState
from kosu.modules.media.domain.waiting import Wait
from kosu.ports.object_store import PresignedPart, StoredPart


class UploadedPartView(msgspec.Struct, frozen=True):
    part_number: int
    size_bytes: int


class UploadView(msgspec.Struct, frozen=True):
    """`uploaded_parts` are those that the store holds now; a session that has ended shows none."""

    id: UploadId
    asset_id: AssetId
    part_size_bytes: int
    part_count: int
    uploaded_parts: tuple[UploadedPartView, ...]
    state: UploadState
    expires_at: datetime


def upload_view(session: UploadSession, parts: Sequence[StoredPart] = ()) -> UploadView:
    return UploadView(
        id=session.id,
        asset_id=session.asset_id,
        part_size_bytes=session.part_size_bytes,
        part_count=session.plan.part_count,
        uploaded_parts=tuple(UploadedPartView(part.part_number, part.size_bytes) for part in parts),
        state=session.state,
        expires_at=session.expires_at,
    )


class PreviewView(msgspec.Struct, frozen=True):
    """What opens with the cookies that come along. One that is not published grows until its encode has ended."""

    hls_url: str
    is_published: bool
    expires_at: datetime


class PresignedPartView(msgspec.Struct, frozen=True):
    """Where and how the client sends one part, exactly these headers included."""

    part_number: int
    url: str
    method: str
    headers: dict[str, str]
    expires_at: datetime


class PresignedPartsView(msgspec.Struct, frozen=True):
    parts: tuple[PresignedPartView, ...]


def presigned_part_view(part: PresignedPart) -> PresignedPartView:
    return PresignedPartView(
        part_number=part.part_number,
        url=part.url,
        method="PUT",
        headers=dict(part.headers),
        expires_at=part.expires_at,
    )


class FailureView(msgspec.Struct, frozen=True):
    code: str
    hint: str
    retryable: bool


class StepView(msgspec.Struct, frozen=True):
    name: StepName
    state: StepState
    percent: int
    attempt: int
    started_at: datetime | None
    finished_at: datetime | None
    error: FailureView | None


class MediaFactsView(msgspec.Struct, frozen=True):
    """Sound without a picture has neither size nor frame rate."""

    duration_ms: int
    width: int | None
    height: int | None
    fps: float | None
    audio: bool


class RenditionView(msgspec.Struct, frozen=True):
    """`bitrate_bps` is the mean of the whole rendition; audio has no size."""

    name: str
    width: int | None
    height: int | None
    bitrate_bps: int


class AssetView(msgspec.Struct, frozen=True):
    """`playable`: a revision is published, be it this one or one before. `step` is where a run is or stopped.

    `waiting_for`: what keeps a run on which nobody works; null also when others are simply before it.
    """

    id: AssetId
    state: AssetState
    step: StepName | None
    steps: tuple[StepView, ...]
    percent: int
    eta_seconds: int | None
    playable: bool
    attempt: int
    error: FailureView | None
    media: MediaFactsView | None
    renditions: tuple[RenditionView, ...]
    waiting_for: Wait | None


def asset_view(snapshot: AssetSnapshot, at: datetime, *, worker_online: bool | None) -> AssetView:
    run, publication = snapshot.run, snapshot.asset.publication
    state = snapshot.state(at)
    if state is AssetState.UPLOADING:
        # A source on its way has not begun any step, whatever a run before it did.
        run = None
    facts = run.facts if run is not None else None
    renditions = run.renditions if run is not None else ()
    if publication is not None:
        facts = facts or publication.facts
        renditions = renditions or publication.renditions
    return AssetView(
        id=snapshot.asset.id,
        state=state,
        step=run.next_step if run is not None else None,
        steps=tuple(_step_view(step) for step in (run.steps if run is not None else _ALL_PENDING)),
        percent=run.percent if run is not None else 0,
        eta_seconds=_eta(run, state, at),
        playable=publication is not None,
        attempt=run.attempt if run is not None else 1,
        error=None if state is AssetState.UPLOADING else _failure_view(snapshot.error()),
        media=None
        if facts is None
        else MediaFactsView(
            duration_ms=facts.duration_ms,
            width=facts.width or None,
            height=facts.height or None,
            fps=round(float(facts.fps), 3) or None,
            audio=facts.has_audio,
        ),
        renditions=tuple(
            RenditionView(
                name=rendition.name,
                width=rendition.width or None,
                height=rendition.height or None,
                bitrate_bps=rendition.average_bps,
            )
            for rendition in renditions
        ),
        waiting_for=snapshot.waits_for(at, worker_online=worker_online),
    )


class CaptionLanguageView(msgspec.Struct, frozen=True):
    lang: str
    label: str


class LessonMediaView(msgspec.Struct, frozen=True):
    """A lesson's asset, and the name of the file that was sent last."""

    lesson_id: LessonId
    filename: str | None
    captions: tuple[CaptionLanguageView, ...]
    asset: AssetView


class CourseMediaView(msgspec.Struct, frozen=True):
    """In the curriculum's order; a lesson that never had a video is left out."""

    items: tuple[LessonMediaView, ...]


def lesson_media_view(
    lesson_id: LessonId, snapshot: AssetSnapshot, languages: Sequence[str], asset: AssetView
) -> LessonMediaView:
    return LessonMediaView(
        lesson_id=lesson_id,
        filename=None if snapshot.upload is None else snapshot.upload.filename,
        captions=tuple(CaptionLanguageView(lang, label_of(lang)) for lang in languages),
        asset=asset,
    )


_ALL_PENDING = tuple(Step(name=name) for name in StepName)


def _eta(run: Run | None, state: AssetState, at: datetime) -> int | None:
    return eta_seconds(run, at) if run is not None and state is AssetState.PROCESSING else None


def _step_view(step: Step) -> StepView:
    return StepView(
        name=step.name,
        state=step.state,
        percent=step.percent,
        attempt=step.attempt,
        started_at=step.started_at,
        finished_at=step.finished_at,
        error=_failure_view(step.error),
    )


def _failure_view(failure: Failure | None) -> FailureView | None:
    return None if failure is None else FailureView(failure.code, failure.hint, failure.retryable)
