"""Reads what the demo consists of from its files; a file that does not fit is an error that names the place."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from entrypoints.demo import ACCOUNTS, Role
from entrypoints.demo.artwork import Art
from kosu.modules.catalog.domain.course import Level

Part = TypeVar("Part", bound="_Part")

FOLDER = Path(__file__).parent


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Person(_Part, frozen=True):
    """`key` names the person in the other files, and is the part of the address before the @."""

    key: str
    name: str
    role: Role
    locale: str

    @property
    def email(self) -> str:
        return f"{self.key}@kosu.test"

    @property
    def comes_first(self) -> bool:
        """Whether courses, or a visitor's first look, need the account."""
        return self.role == "instructor" or self.key in ACCOUNTS


class Answer(_Part, frozen=True):
    by: str
    body: str
    accepted: bool = False


class Question(_Part, frozen=True):
    """`at_ms` is a moment of the lesson's video."""

    by: str
    title: str
    body: str
    at_ms: int | None = None
    answers: tuple[Answer, ...] = ()


class Note(_Part, frozen=True):
    """Of the demo's learner."""

    at_ms: int
    body: str


class Lesson(_Part, frozen=True):
    """A text with its `body` in Markdown, or a video of so many `seconds`.

    `captions` are WebVTT by language. `watched_ms` is how far the demo's learner has come, `done` whether they have
    marked the lesson as complete.
    """

    title: str
    preview: bool = False
    body: str = ""
    seconds: int = 0
    captions: dict[str, str] = {}
    watched_ms: int = 0
    done: bool = False
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.body) == bool(self.seconds):
            msg = "a lesson has either a body or seconds"
            raise ValueError(msg)


class Section(_Part, frozen=True):
    title: str
    lessons: tuple[Lesson, ...]


class Review(_Part, frozen=True):
    """Its author gets access to the course for it."""

    by: str
    rating: int
    body: str


class Course(_Part, frozen=True):
    """`price` and `list_price` in the currency's minor unit. `buyers` order the course; the price may be 0."""

    title: str
    subtitle: str
    description: str
    outcomes: tuple[str, ...]
    category: str
    level: Level
    language: str
    price: int
    currency: str
    instructor: str
    art: Art
    hue: int
    sections: tuple[Section, ...]
    list_price: int | None = None
    buyers: tuple[str, ...] = ()
    coupon_buyers: tuple[str, ...] = ()
    reviews: tuple[Review, ...] = ()

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        return tuple(lesson for section in self.sections for lesson in section.lessons)


class Collection(_Part, frozen=True):
    """`courses` are titles."""

    slug: str
    title: str
    description: str
    courses: tuple[str, ...]


class Coupon(_Part, frozen=True):
    code: str
    percent: int


class Demo(_Part, frozen=True):
    people: tuple[Person, ...]
    collections: tuple[Collection, ...]
    coupon: Coupon
    courses: tuple[Course, ...]


class _People(_Part, frozen=True):
    people: tuple[Person, ...]


class _Shelves(_Part, frozen=True):
    coupon: Coupon
    collections: tuple[Collection, ...]


@cache
def demo() -> Demo:
    people = _read(FOLDER / "people.toml", _People)
    shelves = _read(FOLDER / "shelves.toml", _Shelves)
    return Demo(
        people=people.people,
        collections=shelves.collections,
        coupon=shelves.coupon,
        courses=tuple(_read(file, Course) for file in sorted((FOLDER / "courses").glob("*.toml"))),
    )


def _read(file: Path, kind: type[Part]) -> Part:
    try:
        return msgspec.toml.decode(file.read_bytes(), type=kind)
    except msgspec.ValidationError as error:
        error.add_note(f"in {file.name}")
        raise
