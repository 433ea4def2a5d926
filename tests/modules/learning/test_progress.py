"""The fold of heartbeats."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kosu.ids import DeviceId
from kosu.modules.learning.domain.intervals import Interval, union
from kosu.modules.learning.domain.progress import (
    MAX_DEVICES,
    MAX_POSITION_MS,
    Beat,
    Progress,
    course_percent,
    fold,
)
from kosu.modules.learning.errors import InvalidBeat
from tests.support.learning import LAPTOP, PHONE, beat, no_progress

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DURATION = 100


def test_overlapping_and_repeated_intervals_count_once() -> None:
    progress = fold(no_progress(), [beat(1, (0, 30), (20, 40), (0, 10), at=NOW)], duration_ms=DURATION)
    assert progress.watched == ((0, 40),)
    assert progress.percent(DURATION) == 40


def test_intervals_that_touch_become_one() -> None:
    assert union([(10, 20), (0, 10), (30, 30), (21, 25)]) == ((0, 20), (21, 25))


def test_a_seek_to_the_end_is_not_completion() -> None:
    progress = fold(no_progress(), [beat(1, (0, 1), at=NOW, position_ms=100)], duration_ms=DURATION)
    assert (progress.position_ms, progress.furthest_ms, progress.percent(DURATION)) == (100, 100, 1)
    assert progress.completed_at is None


@pytest.mark.parametrize(("end", "complete"), [(89, False), (90, True)])
def test_a_video_is_complete_at_ninety_percent(end: int, complete: bool) -> None:
    progress = fold(no_progress(), [beat(1, (0, end), at=NOW)], duration_ms=DURATION)
    assert (progress.completed_at == NOW) is complete


def test_completion_stays_when_the_video_becomes_longer() -> None:
    complete = fold(no_progress(), [beat(1, (0, 100), at=NOW)], duration_ms=100)
    longer = fold(complete, [beat(2, (100, 110), at=NOW + SECOND)], duration_ms=1_000)
    assert longer.completed_at == NOW
    assert longer.percent(1_000) == 11


def test_the_earlier_of_two_completions_stays() -> None:
    """A mark can reach the records before the heartbeat that completed the lesson does."""
    marked = no_progress().completed(at=NOW + SECOND)
    assert fold(marked, [beat(1, (0, 95), at=NOW)], duration_ms=DURATION).completed_at == NOW
    assert marked.completed(at=NOW + 2 * SECOND) == marked
    assert fold(marked, [beat(1, (0, 95), at=NOW + 2 * SECOND)], duration_ms=DURATION).completed_at == NOW + SECOND


def test_a_heartbeat_that_comes_late_does_not_move_the_completion() -> None:
    """It was complete when the last part that was needed had been seen."""
    complete = fold(no_progress(), [beat(1, (0, 95), at=NOW + SECOND)], duration_ms=DURATION)
    assert fold(complete, [beat(1, (0, 5), at=NOW, device_id=PHONE)], duration_ms=DURATION).completed_at == NOW + SECOND
    half = fold(no_progress(), [beat(1, (0, 50), at=NOW + SECOND)], duration_ms=DURATION)
    rest = fold(half, [beat(1, (50, 95), at=NOW, device_id=PHONE)], duration_ms=DURATION)
    assert rest.completed_at == NOW + SECOND


def test_an_old_number_of_the_same_device_is_ignored() -> None:
    beats = [beat(5, (0, 50), at=NOW), beat(4, (50, 60), at=NOW + SECOND), beat(5, (60, 70), at=NOW + SECOND)]
    progress = fold(no_progress(), beats, duration_ms=DURATION)
    assert (progress.position_ms, progress.watched) == (50, ((0, 50),))


def test_two_devices_count_their_beats_by_themselves() -> None:
    beats = [beat(9, (0, 10), at=NOW), beat(1, (40, 50), at=NOW + SECOND, device_id=PHONE)]
    progress = fold(no_progress(), beats, duration_ms=DURATION)
    assert (progress.position_ms, progress.watched) == (50, ((0, 10), (40, 50)))


def test_the_position_is_that_of_the_newest_arrival() -> None:
    late = fold(no_progress(), [beat(1, (0, 30), at=NOW + SECOND)], duration_ms=DURATION)
    progress = fold(late, [beat(1, (40, 50), at=NOW, device_id=PHONE)], duration_ms=DURATION)
    assert (progress.position_ms, progress.updated_at) == (30, NOW + SECOND)


def test_what_lies_outside_of_the_video_is_cut_off() -> None:
    progress = fold(no_progress(), [beat(1, (90, 5_000), at=NOW)], duration_ms=DURATION)
    assert (progress.watched, progress.position_ms) == (((90, 100),), 100)


def test_a_shorter_revision_never_makes_more_than_a_hundred_percent() -> None:
    progress = fold(no_progress(), [beat(1, (0, 100), at=NOW)], duration_ms=100)
    assert progress.percent(40) == 100


def test_devices_that_were_not_heard_for_long_are_forgotten() -> None:
    beats = [beat(1, at=NOW, device_id=DeviceId(UUID(int=number))) for number in range(MAX_DEVICES + 5)]
    progress = fold(no_progress(), beats, duration_ms=DURATION)
    assert len(progress.devices) == MAX_DEVICES
    assert progress.devices[-1].device_id == DeviceId(UUID(int=MAX_DEVICES + 4))


@pytest.mark.parametrize(
    ("field", "fault"),
    [
        ("position_ms", {"position_ms": -1}),
        ("position_ms", {"position_ms": MAX_POSITION_MS + 1}),
        ("seq", {"seq": -1}),
        ("seq", {"seq": 2**53}),
        ("media_revision", {"media_revision": -1}),
        ("watched", {"watched": ((-1, 5),)}),
        ("watched", {"watched": ((5, 4),)}),
        ("watched", {"watched": ((0, MAX_POSITION_MS + 1),)}),
        ("watched", {"watched": ((0, 1),) * 201}),
    ],
)
def test_a_beat_that_no_player_sends_is_refused_by_name(field: str, fault: dict[str, object]) -> None:
    values: dict[str, object] = {
        "device_id": LAPTOP,
        "seq": 1,
        "at": NOW,
        "position_ms": 0,
        "watched": (),
        "media_revision": 1,
    }
    with pytest.raises(InvalidBeat) as refusal:
        Beat(**(values | fault))  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_a_course_is_complete_when_every_lesson_is() -> None:
    watched = fold(no_progress(), [beat(1, (0, 95), at=NOW)], duration_ms=DURATION)
    half = fold(no_progress(), [beat(1, (0, 50), at=NOW)], duration_ms=DURATION)
    text = no_progress().completed(at=NOW)
    assert course_percent([(DURATION, watched), (None, text)]) == 100
    assert course_percent([(DURATION, half), (None, None)]) == 25
    assert course_percent([]) == 0


intervals = st.tuples(st.integers(0, 140), st.integers(0, 140)).map(lambda pair: (min(pair), max(pair)))


@st.composite
def arrivals(draw: st.DrawFn) -> list[Beat]:
    """Heartbeats of three devices in the order of their arrival, with numbers that repeat and go backwards."""
    count = draw(st.integers(0, 12))
    return [
        beat(
            draw(st.integers(0, 6)),
            *draw(st.lists(intervals, max_size=4)),
            at=NOW + number * SECOND,
            position_ms=draw(st.integers(0, 140)),
            device_id=DeviceId(UUID(int=draw(st.integers(1, 3)))),
        )
        for number in range(count)
    ]


def brute_force(beats: list[Beat]) -> tuple[set[int], int]:
    """The watched milliseconds one by one, and the position."""
    watched: set[int] = set()
    position, newest = 0, dict[DeviceId, int]()
    for each in beats:
        if each.seq > newest.get(each.device_id, -1):
            newest[each.device_id] = each.seq
            position = min(each.position_ms, DURATION)
            watched |= {ms for start, end in each.watched for ms in range(start, end) if ms < DURATION}
    return watched, position


@settings(max_examples=60, deadline=None)
@given(arrivals())
def test_the_fold_agrees_with_counting_milliseconds_one_by_one(beats: list[Beat]) -> None:
    progress = fold(no_progress(), beats, duration_ms=DURATION)
    watched, position = brute_force(beats)
    assert {ms for start, end in progress.watched for ms in range(start, end)} == watched
    assert progress.watched == union(progress.watched)
    assert progress.position_ms == position
    assert progress.percent(DURATION) == len(watched) <= 100
    assert (progress.completed_at is not None) == (len(watched) >= 90)


@settings(max_examples=60, deadline=None)
@given(arrivals(), st.integers(0, 12))
def test_folding_in_two_steps_or_again_changes_nothing(beats: list[Beat], cut: int) -> None:
    whole = fold(no_progress(), beats, duration_ms=DURATION)
    in_steps = fold(fold(no_progress(), beats[:cut], duration_ms=DURATION), beats[cut:], duration_ms=DURATION)
    assert in_steps == whole
    assert fold(whole, beats, duration_ms=DURATION) == whole


@settings(max_examples=60, deadline=None)
@given(st.lists(intervals, max_size=8), st.lists(intervals, max_size=8))
def test_a_union_is_the_same_in_any_order(some: list[Interval], more: list[Interval]) -> None:
    assert union(some + more) == union(more + some) == union((*union(some), *union(more)))


def test_a_text_lesson_has_all_or_nothing() -> None:
    progress: Progress = no_progress()
    assert (progress.percent(None), progress.completed(at=NOW).percent(None)) == (0, 100)
