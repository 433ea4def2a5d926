"""Many courses quickly, in Korean and English: to look at, to search and to measure. The same ones each time.

They are made as the domain makes them, mapped and indexed as the adapter does it, and copied in.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from entrypoints.seed import CATEGORIES
from kosu.adapters.postgres.catalog.rows import (
    CourseRow,
    CourseSearchRow,
    LessonRow,
    SectionRow,
    course_values,
    lesson_values,
    section_values,
)
from kosu.adapters.postgres.catalog.tsearch import vector_of
from kosu.ids import CourseId, LessonId, SectionId, UserId
from kosu.modules.catalog.domain.course import Course, CourseDetails, Level
from kosu.modules.catalog.domain.curriculum import Lesson, Section
from kosu.modules.catalog.domain.search import SearchDocument, SearchText
from kosu.money import Money
from kosu.settings import read_settings

# The first words are the most frequent: "python" is in every tenth course, and half of the words in one of forty.
SUBJECTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "programming": "python javascript typescript react angular kotlin swift flutter rust golang java spring docker "
        "kubernetes linux git algorithms structures testing architecture patterns mongodb redis postgresql",
        "data-science": "machine learning deep statistics probability algebra pandas excel tableau visualization "
        "database",
        "design": "photoshop illustrator figma typography animation blender photography drawing painting interior",
        "business": "marketing management accounting finance negotiation leadership speaking writing",
        "languages": "english korean japanese spanish french german conversation grammar",
        "music": "guitar piano violin singing composition mixing theory",
    },
    "ko": {
        "programming": "파이썬 자바스크립트 리액트 스프링 코틀린 안드로이드 도커 쿠버네티스 리눅스 깃허브 자료구조 "
        "알고리즘 운영체제 네트워크 보안 데이터베이스",
        "data-science": "머신러닝 딥러닝 통계학 데이터 분석 시각화 엑셀",
        "design": "디자인 포토샵 일러스트 피그마 타이포그래피 영상 편집 사진 드로잉 수채화 인테리어",
        "business": "마케팅 경영 회계 재무제표 투자 부동산 협상 리더십 발표 글쓰기",
        "languages": "영어 회화 일본어 중국어 문법",
        "music": "기타 피아노 바이올린 보컬 작곡 화성학",
    },
}
FORMS = {
    "en": "complete practical modern advanced essential beginner project masterclass fundamentals workshop "
    "introduction guide hands",
    "ko": "기초 입문 실전 완성 심화 프로젝트 강의 마스터 첫걸음 가이드 핵심 원리 만들기 시작",
}
TEACHERS = {
    "en": ("Ada", "Ben", "Carla", "David", "Emma", "Felix", "Grace", "Henry", "Iris", "Jonas"),
    "ko": ("김민준", "이서연", "박지호", "최수아", "정도윤", "강하은", "조은우", "윤지아", "장시우", "임서윤"),
}
SECTIONS = {"en": ("First steps", "In depth"), "ko": ("시작하기", "깊이 알기")}
LEVELS: Sequence[Level] = ("beginner", "intermediate", "advanced", "all_levels")
WORDS = {
    language: (" ".join(shelves.values()) + " " + FORMS[language]).split() for language, shelves in SUBJECTS.items()
}
SHELVES = tuple(slug for slug, _ in CATEGORIES)
SINCE = datetime(2025, 1, 1, tzinfo=UTC)
BATCH = 5_000


class AlreadyMadeError(Exception):
    """The catalogue has these courses."""


def make_courses(url: str, count: int) -> None:
    """Put so many published courses into a migrated database, all or none; their instructors have no accounts.

    Raises:
        AlreadyMadeError: it was done before, whatever the count was.
    """
    with psycopg.connect(url) as connection:
        _categories(connection)
        names: dict[str, str] = dict(connection.execute("SELECT slug, name FROM catalog.categories"))
        if connection.execute("SELECT id FROM catalog.courses WHERE id = %s", (_id(0, 0),)).fetchone():
            raise AlreadyMadeError
        for first in range(0, count, BATCH):
            courses = [a_course(number) for number in range(first, min(first + BATCH, count))]
            _copy(connection, CourseRow, map(course_values, courses))
            _copy(connection, SectionRow, chain.from_iterable(map(section_values, courses)))
            _copy(connection, LessonRow, chain.from_iterable(map(lesson_values, courses)))
            _copy(connection, CourseSearchRow, (_indexed(course, names[course.details.category]) for course in courses))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE catalog.courses, catalog.sections, catalog.lessons, catalog.course_search")


def a_course(number: int) -> Course:
    """The course of this number: words of its subject and its language, and figures as a catalogue has them."""
    chance = Random(number)  # noqa: S311 - the same courses each time, and no secrets
    language = "ko" if number % 3 == 0 else "en"
    category = SHELVES[_skewed(chance, len(SHELVES))]
    subjects = SUBJECTS[language][category].split()
    title = [_word(chance, subjects), _word(chance, FORMS[language].split()), _word(chance, WORDS[language])]
    subtitle = [_word(chance, WORDS[language]) for _ in range(4)]
    teacher = chance.randrange(500)
    price = 0 if number % 7 == 0 else chance.randint(9, 199) * 1_000
    ratings = chance.randrange(1_000) if chance.random() < 0.9 else 0
    at = SINCE + timedelta(minutes=5 * number)
    return Course(
        id=CourseId(_id(0, number)),
        slug=f"course-{number}",
        instructor_id=UserId(_id(1, teacher)),
        instructor_name=TEACHERS[language][teacher % 10],
        details=CourseDetails(
            title=f"{' '.join(title)} {number}".capitalize(),
            subtitle=" ".join(subtitle).capitalize(),
            description=f"{' '.join([*subjects[:8], *title])}.".capitalize(),
            category=category,
            level=LEVELS[chance.randrange(4)],
            language=language,
            price=Money(price, "KRW"),
            list_price=Money(price * 2, "KRW") if price and number % 5 == 0 else None,
        ),
        created_at=at,
        updated_at=at,
        published_at=at,
        state="published",
        sections=tuple(_sections(chance, number, language)),
        enrolment_count=int(20_000 * chance.random() ** 4),
        rating_count=ratings,
        rating_sum=3 * ratings + chance.randint(0, 2 * ratings),
    )


def _sections(chance: Random, number: int, language: str) -> Iterator[Section]:
    """Two sections of two or three lessons: the first is a text, the others are videos that nobody uploaded."""
    for place, section_title in enumerate(SECTIONS[language]):
        lessons = []
        for position in range(chance.randint(2, 3)):
            lesson_id = LessonId(_id(3, number * 100 + place * 10 + position))
            title = " ".join(_word(chance, WORDS[language]) for _ in range(2)).capitalize()
            if position == 0:
                lesson = Lesson(id=lesson_id, title=title, kind="text", preview=place == 0, body=f"# {title}")
            else:
                seconds = chance.randint(120, 1_800)
                lesson = Lesson(id=lesson_id, title=title, kind="video", duration_ms=seconds * 1_000)
            lessons.append(lesson)
        yield Section(id=SectionId(_id(2, number * 10 + place)), title=section_title, lessons=tuple(lessons))


def _categories(connection: psycopg.Connection[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO catalog.categories VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [(slug, name, position) for position, (slug, name) in enumerate(CATEGORIES)],
        )


def _indexed(course: Course, category: str) -> Mapping[str, object]:
    document = SearchDocument.of(SearchText.of(course, category))
    return {"course_id": course.id, "words": vector_of(document), "grams": sorted(document.grams)}


def _copy(connection: psycopg.Connection[Any], row_class: Any, rows: Iterable[Mapping[str, object]]) -> None:
    columns = row_class.__table__.columns.keys()
    statement = sql.SQL("COPY catalog.{} ({}) FROM STDIN").format(
        sql.Identifier(row_class.__tablename__), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row([row[column] for column in columns])


def _skewed(chance: Random, count: int) -> int:
    """A number below the count; small ones come more often."""
    return int(count * chance.random() ** 1.2)


def _word(chance: Random, words: Sequence[str]) -> str:
    return words[_skewed(chance, len(words))]


def _id(kind: int, number: int) -> UUID:
    """A UUIDv7 that is always the same; those of courses rise with their numbers."""
    milliseconds = int(SINCE.timestamp() * 1000) + number
    return UUID(int=milliseconds << 80 | 7 << 76 | kind << 64 | 2 << 62 | number)


def main(count: int) -> None:
    """Raises AlreadyMadeError."""
    make_courses(read_settings(os.environ).postgres.url, count)
