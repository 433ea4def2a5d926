"""The courses that `kosu seed --courses` makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from entrypoints import cli
from entrypoints.large_catalogue import AlreadyMadeError, a_course, make_courses
from kosu.adapters.postgres.catalog import PostgresCatalogRecords, PostgresCourseSearch
from kosu.adapters.postgres.catalog.rows import CourseRow
from kosu.adapters.postgres.catalog.search_index import SearchIndex
from kosu.modules.catalog.domain.listing import CourseListing
from tests.support.databases import InPostgres
from tests.support.settings import environment


async def test_they_are_courses_as_the_records_keep_them(database: str, postgres: InPostgres) -> None:
    make_courses(database, 30)
    async with postgres.transaction(PostgresCatalogRecords, PostgresCatalogRecords)() as records:
        for number in range(30):
            course = a_course(number)
            assert await records.courses.get(course.id) == course


async def test_they_are_found_as_if_they_had_been_published_one_by_one(database: str, postgres: InPostgres) -> None:
    make_courses(database, 30)

    def indexed() -> list[Any]:
        with psycopg.connect(database) as connection:
            return connection.execute("SELECT * FROM catalog.course_search ORDER BY course_id").fetchall()

    copied = indexed()
    assert len(copied) == 30
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE catalog.course_search SET words = '', grams = '{}'")
    async with postgres.transaction(PostgresCatalogRecords, PostgresCatalogRecords)() as records:
        await SearchIndex(records.courses._session).refresh(CourseRow.id.is_not(None))
    assert indexed() == copied
    search = PostgresCourseSearch(postgres.pool)
    for course in (a_course(0), a_course(1)):
        page = await search.courses(CourseListing(q=course.details.title))
        assert page.items[0].id == course.id


def test_they_are_korean_and_english_in_every_category_and_the_same_each_time() -> None:
    courses = [a_course(number) for number in range(300)]
    assert courses == [a_course(number) for number in range(300)]
    assert {course.details.language for course in courses} == {"ko", "en"}
    assert len({course.details.category for course in courses}) == 6
    assert len({course.id for course in courses}) == len({course.details.title for course in courses}) == 300


def test_they_are_made_once(database: str) -> None:
    make_courses(database, 3)
    with pytest.raises(AlreadyMadeError):
        make_courses(database, 5)
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM catalog.courses").fetchone() == (3,)


def test_the_command_makes_them_once_and_says_so(
    database: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(tmp_path, database_url=database, redis_url=redis_url).items():
        monkeypatch.setenv(name, value)
    assert cli.main(["seed", "--courses", "3"]) == 0
    assert capsys.readouterr().out == "made 3 courses\n"
    assert cli.main(["seed", "--courses", "3"]) == 1
    assert "already" in capsys.readouterr().err


@pytest.mark.parametrize("count", ["0", "-1", "1e6", "many", "1000001"])
def test_a_number_of_courses_that_makes_no_sense_is_refused(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["seed", "--courses", count])
    assert "is not a number" in capsys.readouterr().err
