"""Nobody watches faster than time passes, by more than four: and nobody who is honest loses anything by that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from kosu.ids import DeviceId
from kosu.modules.learning.domain.intervals import Interval, clip, covered, first, union
from kosu.modules.learning.domain.progress import FASTEST, Beat, Heard, Progress, fold
from tests.support.learning import LAPTOP, PHONE, beat, no_progress

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DURATION = 600_000


def folded(*beats: Beat, progress: Progress | None = None) -> Progress:
    return fold(progress or no_progress(), beats, duration_ms=DURATION)


def test_twice_the_speed_keeps_everything() -> None:
    beats = [beat(n, (n * 20_000, n * 20_000 + 20_000), at=NOW + n * 10 * SECOND) for n in range(20)]
    assert folded(*beats).watched == ((0, 400_000),)


def test_of_more_than_four_times_the_time_the_lowest_positions_count() -> None:
    started = folded(beat(1, at=NOW))
    claim = beat(2, (300_000, 330_000), (0, 30_000), (10_000, 40_000), at=NOW + 11 * SECOND)
    assert folded(claim, progress=started).watched == ((0, 40_000), (300_000, 304_000))


def test_the_first_beat_of_a_device_counts_as_a_whole_and_leaves_nothing() -> None:
    progress = folded(beat(1, (0, 100_000), at=NOW), beat(2, (100_000, 200_000), at=NOW))
    assert progress.watched == ((0, 100_000),)
    assert folded(beat(1, (300_000, 400_000), at=NOW, device_id=PHONE), progress=progress).watched == (
        (0, 100_000),
        (300_000, 400_000),
    )


def test_a_client_that_was_offline_tells_of_all_of_it_at_once() -> None:
    started = folded(beat(1, (0, 1_000), at=NOW))
    assert folded(beat(2, (1_000, 500_000), at=NOW + 500 * SECOND), progress=started).watched == ((0, 500_000),)


def test_beats_that_were_held_up_share_the_time_before_the_first_of_them() -> None:
    beats = [beat(n, (n * 10_000, n * 10_000 + 10_000), at=NOW + 60 * SECOND + n * SECOND / 10) for n in range(1, 7)]
    assert folded(beat(0, (0, 10_000), at=NOW), *beats).watched == ((0, 70_000),)


def test_time_that_was_left_is_not_saved_up() -> None:
    beats = [beat(n, (n, n + 1), at=NOW + n * 10 * SECOND) for n in range(10)]
    assert covered(folded(*beats, beat(10, (100_000, 600_000), at=NOW + 100 * SECOND)).watched) == 10 + 40_000


def test_a_beat_again_or_late_neither_uses_time_nor_gives_any() -> None:
    beats = [beat(5, (0, 1_000), at=NOW), beat(6, (1_000, 2_000), at=NOW + SECOND)]
    again = [beat(5, (0, 1_000), at=NOW + 50 * SECOND), beat(6, (1_000, 2_000), at=NOW + 50 * SECOND)]
    last = beat(7, (2_000, 300_000), at=NOW + 51 * SECOND)
    assert folded(*beats, *again, last) == folded(*beats, last)
    assert folded(*beats, last).watched == ((0, 202_000),)


def test_an_earlier_moment_gives_no_time_and_does_not_turn_the_clock_back() -> None:
    progress = folded(beat(1, at=NOW + 100 * SECOND), beat(2, (0, 50_000), at=NOW))
    assert progress.watched == ()
    assert progress.devices == (Heard(LAPTOP, 2, NOW + 100 * SECOND, 0),)


def test_a_device_of_which_only_the_number_is_known_is_believed_once() -> None:
    """Its row is from before the moment was kept."""
    old = Progress(user_id=no_progress().user_id, lesson_id=no_progress().lesson_id, course_id=no_progress().course_id,
                   devices=(Heard(LAPTOP, 4),))  # fmt: skip
    assert folded(beat(4, (0, 9), at=NOW), progress=old) == old
    assert folded(beat(5, (0, 90_000), at=NOW), progress=old).watched == ((0, 90_000),)


bits = 160
spans = st.tuples(st.integers(0, bits), st.integers(0, bits))


def bitmap(intervals: list[Interval]) -> int:
    """The milliseconds one by one, as the bits of a number."""
    total = 0
    for start, end in intervals:
        for at in range(start, end):
            total |= 1 << at
    return total


@settings(max_examples=100, deadline=None)
@given(st.lists(spans, max_size=12), st.integers(0, bits), st.integers(-5, bits))
def test_sets_of_intervals_agree_with_a_bitmap(some: list[Interval], end: int, length: int) -> None:
    whole = bitmap(some)
    assert bitmap(list(union(some))) == whole
    assert all(a[1] < b[0] for a, b in zip(union(some), union(some)[1:], strict=False))
    assert covered(union(some)) == whole.bit_count()
    assert bitmap(list(clip(some, end))) == whole & ((1 << end) - 1)
    kept = bitmap(list(first(union(some), length)))
    assert kept.bit_count() == min(max(length, 0), whole.bit_count())
    # The lowest ones: nothing that was left lies below what was kept.
    assert kept & whole == kept
    assert (whole & ~kept) & ((1 << kept.bit_length()) - 1) == 0


@st.composite
def histories(draw: st.DrawFn) -> list[Beat]:
    """Heartbeats of three devices, in any order and with repetitions, each with a moment of its own."""
    beats = [
        beat(
            draw(st.integers(0, 8)),
            *((min(span), max(span)) for span in draw(st.lists(spans, max_size=3))),
            at=NOW + timedelta(milliseconds=draw(st.integers(0, 30))),
            position_ms=draw(st.integers(0, bits)),
            device_id=DeviceId(UUID(int=draw(st.integers(1, 3)))),
        )
        for _ in range(draw(st.integers(0, 10)))
    ]
    repeated = draw(st.lists(st.sampled_from(beats), max_size=5)) if beats else []
    return draw(st.permutations([*beats, *repeated]))


def brute_force(beats: list[Beat], duration_ms: int) -> int:
    """What is watched, by a bitmap and by the rule as it is told: in time, and the lowest first."""
    watched, last = 0, dict[DeviceId, tuple[int, datetime, int]]()
    for each in beats:
        told = bitmap(list(each.watched)) & ((1 << duration_ms) - 1)
        spare = 0
        moment = each.at
        if each.device_id in last:
            seq, before, left = last[each.device_id]
            if each.seq <= seq:
                continue
            spare = FASTEST * max(0, (each.at - before) // timedelta(milliseconds=1)) + left
            moment = max(before, each.at)
            while told.bit_count() > spare:
                told ^= 1 << (told.bit_length() - 1)
            spare -= told.bit_count()
        last[each.device_id] = (each.seq, moment, spare)
        watched |= told
    return watched


@settings(max_examples=150, deadline=None)
@given(histories(), st.integers(1, bits))
def test_any_history_agrees_with_brute_force_and_never_falls(beats: list[Beat], duration_ms: int) -> None:
    progress, before = no_progress(), no_progress()
    for each in beats:
        progress = fold(before, [each], duration_ms=duration_ms)
        assert before.percent(duration_ms) <= progress.percent(duration_ms) <= 100
        assert before.completed_at is None or progress.completed_at is not None
        before = progress
    assert bitmap(list(progress.watched)) == brute_force(beats, duration_ms)
    assert fold(no_progress(), beats, duration_ms=duration_ms) == progress
    # Again, in any order: all of it is known.
    assert fold(progress, reversed(beats), duration_ms=duration_ms) == progress


@settings(max_examples=60, deadline=None)
@given(histories(), histories(), st.randoms(use_true_random=False))
def test_devices_do_not_disturb_one_another(some: list[Beat], more: list[Beat], random: object) -> None:
    """However what two devices send is mixed, the same was watched."""
    of_laptop = [beat(b.seq, *b.watched, at=b.at, device_id=LAPTOP) for b in some]
    of_phone = [beat(b.seq, *b.watched, at=b.at, device_id=PHONE) for b in more]
    one_after_the_other = fold(no_progress(), [*of_laptop, *of_phone], duration_ms=bits)
    mixed: list[Beat] = []
    left, right = list(of_laptop), list(of_phone)
    while left or right:
        mixed.append((left if left and (not right or random.random() < 0.5) else right).pop(0))  # type: ignore[attr-defined]
    assert fold(no_progress(), mixed, duration_ms=bits).watched == one_after_the_other.watched
