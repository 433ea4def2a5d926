"""Runs: one source on its way through seven steps, held by one worker at a time.

A run is claimed under a lease and a fence. The lease says until when nobody else may claim it; the fence counts the
claims, and every write names the fence it was made under, so that a worker which lost its lease cannot write any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kosu.errors import KosuError
from kosu.ids import AssetId, LessonId, RunId, UploadId
from kosu.modules.media.domain.hls import Rendition
from kosu.modules.media.domain.sources import SourceFacts
from kosu.modules.media.domain.waiting import Wait
from kosu.modules.media.errors import NothingToCancel, NotRetryable, Verdict

LEASE = timedelta(seconds=60)
# A run whose message was lost, or waits in a long queue, is asked for again after this.
PATIENCE = timedelta(minutes=15)
MAX_ATTEMPTS = 3
_BACKOFF = (timedelta(seconds=15), timedelta(seconds=60))
_DISK_WAIT = timedelta(minutes=1)


class StepName(StrEnum):
    DOWNLOAD = "download"
    INSPECT = "inspect"
    THUMBNAIL = "thumbnail"
    HLS = "hls"
    MP4 = "mp4"
    UPLOAD = "upload"
    CLEANUP = "cleanup"


WEIGHTS = {
    StepName.DOWNLOAD: 6,
    StepName.INSPECT: 1,
    StepName.THUMBNAIL: 1,
    StepName.HLS: 80,
    StepName.MP4: 2,
    StepName.UPLOAD: 9,
    StepName.CLEANUP: 1,
}
# Whose files a step reads: what must still be on disk when a run is resumed there.
INPUTS = {
    StepName.DOWNLOAD: frozenset[StepName](),
    StepName.INSPECT: frozenset({StepName.DOWNLOAD}),
    StepName.THUMBNAIL: frozenset({StepName.DOWNLOAD}),
    StepName.HLS: frozenset({StepName.DOWNLOAD}),
    StepName.MP4: frozenset({StepName.HLS}),
    StepName.UPLOAD: frozenset({StepName.THUMBNAIL, StepName.HLS, StepName.MP4}),
    StepName.CLEANUP: frozenset[StepName](),
}


class StepState(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class RunState(StrEnum):
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE_STATES = frozenset({RunState.QUEUED, RunState.PROCESSING})


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something failed, as its owner is told: a stable code, what to do, whether trying again can help."""

    code: str
    hint: str
    retryable: bool


def failure_of(error: KosuError) -> Failure:
    """What the owner is told: a verdict speaks for itself, everything else is on our side."""
    if isinstance(error, Verdict):
        return Failure(error.code, error.hint, error.retryable)
    return Failure(error.code, "Something failed on our side. Trying again continues where it stopped.", True)


WORKER_DIED = Failure("worker_died", "The step was interrupted again and again on our side. Try again later.", True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    name: StepName
    state: StepState = StepState.PENDING
    percent: int = 0
    attempt: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: Failure | None = None

    @property
    def is_over(self) -> bool:
        return self.state in {StepState.DONE, StepState.SKIPPED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run. `wake_at` is when somebody must look after it unless something happens before.

    `revisions` are the revisions that it began to upload, of which only the last can be the published one.
    """

    id: RunId
    asset_id: AssetId
    lesson_id: LessonId | None
    upload_id: UploadId
    source_key: str
    source_bytes: int
    created_at: datetime
    state: RunState = RunState.QUEUED
    steps: tuple[Step, ...] = tuple(Step(name=name) for name in StepName)
    percent: int = 0
    attempt: int = 1
    fence: int = 0
    lease_until: datetime | None = None
    wake_at: datetime | None = None
    facts: SourceFacts | None = None
    renditions: tuple[Rendition, ...] = ()
    revisions: tuple[int, ...] = ()
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: Failure | None = None
    waits_for: Wait | None = None

    # What it is like

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_STATES

    @property
    def is_published(self) -> bool:
        return self.step(StepName.UPLOAD).state is StepState.DONE

    @property
    def next_step(self) -> StepName | None:
        return next((step.name for step in self.steps if not step.is_over), None)

    @property
    def inspected(self) -> SourceFacts:
        """What inspecting told; only to be asked once that step is done."""
        if self.facts is None:
            msg = f"run {self.id} was not inspected"
            raise RuntimeError(msg)
        return self.facts

    def step(self, name: StepName) -> Step:
        return next(step for step in self.steps if step.name is name)

    def is_held(self, at: datetime) -> bool:
        """Whether a worker holds it by a lease that is still good."""
        return self.lease_until is not None and self.lease_until > at

    def is_exhausted(self, name: StepName) -> bool:
        return self.step(name).attempt >= MAX_ATTEMPTS

    def inputs_on_disk(self) -> frozenset[StepName]:
        """The finished steps whose files are still needed by a step to come."""
        needed = frozenset[StepName]().union(*(INPUTS[step.name] for step in self.steps if not step.is_over))
        return frozenset(name for name in needed if self.step(name).is_over)

    # Holding it

    def queued(self, at: datetime) -> Run:
        """A message asks for it."""
        return replace(self, wake_at=at + PATIENCE, waits_for=None)

    def claimed(self, at: datetime) -> Run:
        """A worker takes it, under a new fence."""
        started_at = self.started_at or at
        return replace(
            self, state=RunState.PROCESSING, fence=self.fence + 1, started_at=started_at, waits_for=None
        ).renewed(at)

    def renewed(self, at: datetime) -> Run:
        return replace(self, lease_until=at + LEASE, wake_at=at + LEASE)

    def released(self, at: datetime) -> Run:
        """The worker shuts down in good order: what it was at does not count as an attempt."""
        interrupted = [step for step in self.steps if step.state is StepState.RUNNING]
        run = self
        for step in interrupted:
            run = run._with(replace(step, state=StepState.PENDING, attempt=step.attempt - 1))
        return replace(run, lease_until=None, wake_at=at + PATIENCE)

    def waiting_for_disk(self, at: datetime) -> Run:
        """There is no room to begin; nothing was tried."""
        return replace(self, lease_until=None, wake_at=at + _DISK_WAIT, waits_for=Wait.DISK)

    # Steps

    def begun(self, name: StepName, at: datetime) -> Run:
        step = self.step(name)
        return self._with(
            replace(step, state=StepState.RUNNING, percent=0, attempt=step.attempt + 1, started_at=at, error=None)
        )

    def progressed(self, name: StepName, percent: int) -> Run:
        step = self.step(name)
        return self._with(replace(step, percent=max(step.percent, min(percent, 99))))

    def done(self, name: StepName, at: datetime) -> Run:
        """A checkpoint: whatever happens later, the step is not repeated unless its files are lost."""
        return self._with(replace(self.step(name), state=StepState.DONE, percent=100, finished_at=at, error=None))

    def reopened(self, names: Iterable[StepName]) -> Run:
        """The files of these finished steps are lost: they have to be made again."""
        run = self
        for name in names:
            run = run._with(Step(name=name))
        return run

    def postponed(self, name: StepName, failure: Failure, at: datetime) -> Run:
        """The step failed on our side and is tried again later, or given up when it was tried often enough."""
        if self.is_exhausted(name):
            return self.given_up(name, failure, at)
        step = self.step(name)
        run = self._with(replace(step, state=StepState.PENDING, error=failure))
        return replace(run, lease_until=None, wake_at=at + _BACKOFF[step.attempt - 1], waits_for=Wait.RETRY)

    def given_up(self, name: StepName, failure: Failure, at: datetime) -> Run:
        """The step failed for good, and the run with it; what is published already stays published."""
        run = self._with(replace(self.step(name), state=StepState.FAILED, finished_at=at, error=failure))
        if run.is_published:
            return run.completed(at)
        return replace(run, state=RunState.FAILED, error=failure, finished_at=at, lease_until=None, wake_at=None)

    def completed(self, at: datetime) -> Run:
        return replace(self, state=RunState.COMPLETED, percent=100, finished_at=at, lease_until=None, wake_at=None)

    # By its owner

    def retried(self, at: datetime) -> Run:
        """Try again from the step that failed.

        Raises:
            NotRetryable: it neither failed nor was cancelled, or the source itself is at fault.
        """
        if self.state not in {RunState.FAILED, RunState.CANCELLED}:
            msg = "There is nothing to try again."
            raise NotRetryable(msg)
        if self.error is not None and not self.error.retryable:
            msg = "Trying again would end the same way: the file itself is at fault."
            raise NotRetryable(msg)
        steps = tuple(step if step.is_over else Step(name=step.name) for step in self.steps)
        return replace(
            self, state=RunState.QUEUED, steps=steps, attempt=self.attempt + 1, error=None, finished_at=None
        ).queued(at)

    def cancelled(self, at: datetime) -> Run:
        """End it under a new fence, so that whoever holds it cannot write any more.

        Raises:
            NothingToCancel: it is over, or its revision is published.
        """
        if not self.is_active or self.is_published:
            msg = "There is nothing to cancel."
            raise NothingToCancel(msg)
        steps = (
            replace(step, state=StepState.PENDING) if step.state is StepState.RUNNING else step for step in self.steps
        )
        return replace(
            self,
            state=RunState.CANCELLED,
            steps=tuple(steps),
            fence=self.fence + 1,
            finished_at=at,
            lease_until=None,
            wake_at=None,
        )

    def _with(self, changed: Step) -> Run:
        """The percentage never falls, and reaches 100 only when the run is completed."""
        steps = tuple(changed if step.name is changed.name else step for step in self.steps)
        weighted = sum(WEIGHTS[step.name] * (100 if step.is_over else step.percent) for step in steps)
        return replace(self, steps=steps, percent=max(self.percent, min(weighted // 100, 99)))


def eta_seconds(run: Run, at: datetime) -> int | None:
    """How long a run may still take, by the mean speed of the step it is at; None while that tells too little."""
    running = next((step for step in run.steps if step.state is StepState.RUNNING), None)
    if running is None or running.started_at is None or running.percent < 1 or running.name is StepName.DOWNLOAD:
        return None
    elapsed = (at - running.started_at).total_seconds()
    done = WEIGHTS[running.name] * running.percent
    left = sum(WEIGHTS[step.name] * (100 - step.percent) for step in run.steps if not step.is_over)
    return round(elapsed * left / done)
