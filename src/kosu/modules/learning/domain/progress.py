"""Watch progress: heartbeats of players, folded into what of a video was seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kosu.ids import CourseId, DeviceId, LessonId, UserId
from kosu.modules.learning.domain.intervals import Intervals, clip, covered, covered_below, first, union
from kosu.modules.learning.errors import InvalidBeat

MAX_POSITION_MS = 2**31 - 1  # 24 days: what int4multirange holds
MAX_SEQ = 2**53 - 1  # what a number of JavaScript counts exactly
MAX_INTERVALS = 200
MAX_DEVICES = 16
COMPLETE_PERCENT = 90
# As fast as the fastest players play, and twice that for clocks and networks.
FASTEST = 4
# What arrives so close together was held up: by a network that was stuck, or by a client that was offline.
TOGETHER = timedelta(seconds=1)
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One heartbeat: where the player is, and what was watched since its last one, as [from, to) intervals.

    `seq` counts up on each device by itself; `at` is when the beat arrived. Intervals are in any order and may overlap.
    """

    device_id: DeviceId
    seq: int
    at: datetime
    position_ms: int
    watched: Intervals
    media_revision: int

    def __post_init__(self) -> None:
        if not 0 <= self.seq <= MAX_SEQ:
            raise InvalidBeat("The sequence number is out of range.", field="seq")
        if not 0 <= self.position_ms <= MAX_POSITION_MS:
            raise InvalidBeat("The position is out of range.", field="position_ms")
        if not 0 <= self.media_revision <= MAX_POSITION_MS:
            raise InvalidBeat("The revision is out of range.", field="media_revision")
        if len(self.watched) > MAX_INTERVALS:
            raise InvalidBeat(f"At most {MAX_INTERVALS} intervals in one heartbeat.", field="watched")
        for start, end in self.watched:
            if not 0 <= start <= end <= MAX_POSITION_MS:
                raise InvalidBeat("An interval runs from a lower to a higher position.", field="watched")


@dataclass(frozen=True, slots=True)
class Heard:
    """The last heartbeat of a device, and what it left of the time that it might have told of.

    `at` is None where only the number is known, as it is of heartbeats from before the moment was kept.
    """

    device_id: DeviceId
    seq: int
    at: datetime | None = None
    spare_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a learner did with a lesson. `position_ms`, `furthest_ms` and `watched` are three things.

    `watched` is kept as it was seen, even when a later revision of the video is shorter. `updated_at` is when the
    newest heartbeat arrived. `devices` are the recent ones, the last heard last.
    """

    user_id: UserId
    lesson_id: LessonId
    course_id: CourseId
    position_ms: int = 0
    furthest_ms: int = 0
    watched: Intervals = ()
    completed_at: datetime | None = None
    updated_at: datetime | None = None
    media_revision: int = 0
    devices: tuple[Heard, ...] = ()

    def percent(self, duration_ms: int | None) -> int:
        """How much of the video was seen, 0 to 100, rounded down; without a video 100 once it is complete."""
        if not duration_ms:
            return 100 if self.completed_at is not None else 0
        return 100 * covered_below(self.watched, duration_ms) // duration_ms

    def completed(self, *, at: datetime) -> Progress:
        """Marked as complete; once is for ever, and the earliest moment counts, in whichever order they are told."""
        if self.completed_at is not None and self.completed_at <= at:
            return self
        return replace(self, completed_at=at)

    @property
    def touched_at(self) -> datetime | None:
        """When the learner was last here: the newest heartbeat, or the completion where it is later."""
        return max((at for at in (self.updated_at, self.completed_at) if at is not None), default=None)


def fold(progress: Progress, beats: Iterable[Beat], *, duration_ms: int) -> Progress:
    """The progress after these heartbeats, in the order of their arrival.

    A beat whose number is not above the last one heard of its device is ignored, so folding the same beats again
    changes nothing. What lies outside of the video is cut off, and so is what was watched faster than anybody can:
    see `credible`. The position is that of the newest arrival.
    """
    for beat in beats:
        progress = _with_beat(progress, beat, duration_ms)
    return progress


def credible(beat: Beat, last: Heard | None, *, duration_ms: int) -> tuple[Intervals, int]:
    """What of a beat's intervals counts, given the last beat of its device, and how many ms more would have counted.

    Time counts up to FASTEST times what has passed since the last beat, however long ago that was: a client that was
    offline tells of all of it at once. Of more than that the lowest positions of the video count, and the interval in
    which the time is used up counts in part. Overlapping intervals use their time once. Beats that arrive TOGETHER
    share the time that has passed before the first of them. The first beat of a device counts as a whole: when it
    began to play nobody knows, and it may have been offline since; but it leaves nothing to those after it.
    """
    told = clip(beat.watched, duration_ms)
    if last is None or last.at is None:
        return told, 0
    passed = beat.at - last.at if beat.at > last.at else timedelta()
    allowance_ms = FASTEST * passed // MILLISECOND + (last.spare_ms if passed < TOGETHER else 0)
    spare_ms = allowance_ms - covered(told)
    return (told, spare_ms) if spare_ms >= 0 else (first(told, allowance_ms), 0)


def _with_beat(progress: Progress, beat: Beat, duration_ms: int) -> Progress:
    last, others = _last_heard(progress.devices, beat.device_id)
    if last is not None and beat.seq <= last.seq:
        return progress
    watched, spare_ms = credible(beat, last, duration_ms=duration_ms)
    # The moment of a device never goes back: time that was used once is not given again.
    heard_at = beat.at if last is None or last.at is None else max(beat.at, last.at)
    position_ms = min(beat.position_ms, duration_ms)
    newest_at = beat.at if progress.updated_at is None else max(beat.at, progress.updated_at)
    is_newest = newest_at == beat.at
    # Not by `replace`, which costs more than all else here: whatever learners watch comes through this.
    changed = Progress(
        user_id=progress.user_id,
        lesson_id=progress.lesson_id,
        course_id=progress.course_id,
        position_ms=position_ms if is_newest else progress.position_ms,
        furthest_ms=max(progress.furthest_ms, position_ms),
        watched=union((*progress.watched, *watched)),
        completed_at=progress.completed_at,
        updated_at=newest_at,
        media_revision=beat.media_revision if is_newest else progress.media_revision,
        devices=(*others, Heard(beat.device_id, beat.seq, heard_at, spare_ms))[-MAX_DEVICES:],
    )
    if changed.percent(duration_ms) >= COMPLETE_PERCENT:
        # Not the beat's own moment: what another device sent after it was needed too.
        return changed.completed(at=newest_at)
    return changed


def _last_heard(devices: tuple[Heard, ...], device_id: DeviceId) -> tuple[Heard | None, tuple[Heard, ...]]:
    """What was last heard of a device, and all else that was heard."""
    for number, heard in enumerate(devices):
        if heard.device_id == device_id:
            return heard, devices[:number] + devices[number + 1 :]
    return None, devices


def course_percent(lessons: Iterable[tuple[int | None, Progress | None]]) -> int:
    """How far a learner is through a course: every lesson counts alike, a complete one in full.

    `lessons` holds each lesson's duration, None for a text, and the learner's progress, None before any.
    """
    percents = [
        0 if progress is None else 100 if progress.completed_at is not None else progress.percent(duration_ms)
        for duration_ms, progress in lessons
    ]
    return sum(percents) // len(percents) if percents else 0
