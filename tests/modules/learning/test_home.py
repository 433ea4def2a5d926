"""The home page of the one who asks."""

from __future__ import annotations

import pytest

from kosu.ids import UserId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.learning.home_views import ContinueRow
from kosu.modules.learning.views import EnrolmentView
from tests.support.learning import LEARNER, OTHER_LEARNER, LearningInMemory


@pytest.fixture
def school() -> LearningInMemory:
    return LearningInMemory()


async def course(school: LearningInMemory, title: str) -> Course:
    """A course that the learner is enrolled in."""
    made = await school.catalog.course(title)
    await school.enrol(made)
    return made


async def begun(school: LearningInMemory, user_id: UserId | None = LEARNER) -> list[EnrolmentView]:
    home = await school.container.view_home()(user_id=user_id)
    rows = [row for row in home.rows if isinstance(row, ContinueRow)]
    assert len(rows) <= 1
    assert home.rows[: len(rows)] == rows
    return rows[0].items if rows else []


async def test_who_has_begun_nothing_sees_what_everybody_sees(school: LearningInMemory) -> None:
    await course(school, "Not begun")
    everybody = await school.container.view_home()(user_id=None)
    assert everybody.rows
    assert await school.container.view_home()(user_id=LEARNER) == everybody
    assert await school.container.view_home()(user_id=OTHER_LEARNER) == everybody


async def test_what_was_begun_comes_first_by_the_last_touch(school: LearningInMemory) -> None:
    one, two = await course(school, "One"), await course(school, "Two")
    await school.watch(one.lessons[0].id, (0, 25_000))
    await school.watch(two.lessons[0].id, (0, 50_000))
    assert [(each.title, each.percent, each.position_ms) for each in await begun(school)] == [
        ("Two", 50, 50_000),
        ("One", 25, 25_000),
    ]
    last = (await begun(school))[0].last_lesson
    assert last is not None
    assert last.id == two.lessons[0].id
    await school.container.flush_progress()()
    assert [each.title for each in await begun(school)] == ["Two", "One"]
    # What waits in the buffer was touched after all that is written down.
    await school.watch(one.lessons[0].id, (25_000, 30_000), seq=2)
    assert [(each.title, each.percent) for each in await begun(school)] == [("One", 30), ("Two", 50)]


async def test_two_that_wait_in_the_buffer_come_by_their_last_touch(school: LearningInMemory) -> None:
    one, two = await course(school, "One"), await course(school, "Two")
    for lesson in (two.lessons[0].id, one.lessons[0].id):
        await school.watch(lesson, (0, 25_000))
    assert [each.title for each in await begun(school)] == ["One", "Two"]


async def test_a_lesson_that_was_ticked_off_counts_as_begun(school: LearningInMemory) -> None:
    made = await course(school, "Ticked")
    await school.container.complete_lesson()(user_id=LEARNER, is_operator=False, lesson_id=made.lessons[0].id)
    assert [(each.title, each.percent) for each in await begun(school)] == [("Ticked", 100)]


async def test_what_access_has_ended_to_is_not_continued(school: LearningInMemory) -> None:
    made = await school.catalog.course("Refunded")
    source = await school.enrol(made)
    await school.watch(made.lessons[0].id, (0, 25_000))
    await school.revoke(source)
    assert await begun(school) == []


async def test_others_do_not_see_it(school: LearningInMemory) -> None:
    made = await course(school, "Mine")
    await school.watch(made.lessons[0].id, (0, 25_000))
    assert await begun(school, OTHER_LEARNER) == await begun(school, None) == []


async def test_the_row_is_as_long_as_the_others(school: LearningInMemory) -> None:
    for number in range(13):
        made = await course(school, f"{number}")
        await school.watch(made.lessons[0].id, (0, 25_000))
    assert [each.title for each in await begun(school)] == [f"{number}" for number in range(12, 0, -1)]


async def test_without_the_buffer_there_is_what_is_written_down(school: LearningInMemory) -> None:
    made = await course(school, "One")
    await school.watch(made.lessons[0].id, (0, 25_000))
    await school.container.flush_progress()()
    school.buffer.available = False
    assert [(each.title, each.percent) for each in await begun(school)] == [("One", 25)]
