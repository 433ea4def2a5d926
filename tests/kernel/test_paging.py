"""Keyset cursors: what comes back is what was given out, and nothing else is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kosu.errors import Invalid
from kosu.paging import BY_ID, MAX_VALUE, Cursor, InvalidCursor, microseconds, moment, page_of

ID = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
CURSOR = Cursor("popular", ID, 3)


def refused(text: str, sort: str = "popular") -> bool:
    try:
        Cursor.decode(text, sort=sort)
    except InvalidCursor:
        return True
    return False


@given(st.sampled_from(["popular", "newest", BY_ID, ""]), st.uuids(), st.integers(0, MAX_VALUE))
def test_a_cursor_comes_back_as_it_was_given_out(sort: str, last_id: UUID, value: int) -> None:
    cursor = Cursor(sort, last_id, value)
    text = cursor.encode()
    assert Cursor.decode(text, sort=sort) == cursor
    assert text.isascii()
    assert text.replace("-", "").replace("_", "").isalnum()


def test_a_list_sorted_by_id_alone_needs_no_value() -> None:
    assert Cursor.decode(Cursor(BY_ID, ID).encode(), sort=BY_ID).id == ID


def test_a_cursor_is_for_its_own_sort() -> None:
    assert all(refused(CURSOR.encode(), sort) for sort in ("price", "popula", "popular ", ""))


@given(st.text())
def test_no_text_of_any_kind_makes_anything_but_a_refusal(text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize("sort", ["popular", BY_ID, ""])
@pytest.mark.parametrize("length", [0, 1, 4, 20, 21, 22, 23, 30, 31, 33, 100])
@pytest.mark.parametrize("character", ["A", "_", "!", "é", "\ud800", "\0"])
def test_a_made_up_cursor_is_refused(character: str, length: int, sort: str) -> None:
    assert refused(character * length, sort)


@pytest.mark.parametrize("text", ["W10", "WyJwb3B1bGFyIiwtMSwiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwIl0"])
def test_a_cursor_of_another_making_is_refused(text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize("change", ["{}=", "{}A", "{}\n", " {}", "{}!", "!!!!{}"])
def test_a_cursor_with_anything_added_is_refused(change: str) -> None:
    """The decoder of the standard library would pass over some of it."""
    assert refused(change.format(CURSOR.encode()))


def test_a_cursor_cut_anywhere_is_refused() -> None:
    text = CURSOR.encode()
    assert all(refused(text[:end]) for end in range(len(text)))


def test_one_cursor_has_one_text() -> None:
    """The last character holds bits that mean nothing; another value of them is another text."""
    text = Cursor(BY_ID, ID).encode()
    assert len(text) % 4
    assert refused(text[:-1] + chr(ord(text[-1]) + 1), BY_ID)


def test_a_value_that_no_list_is_sorted_by_is_refused() -> None:
    assert not refused(replace(CURSOR, value=MAX_VALUE).encode())
    assert all(refused(replace(CURSOR, value=value).encode()) for value in (MAX_VALUE + 1, 2**62, 2**64 - 1))


def test_the_largest_value_is_still_a_moment() -> None:
    """A value that is taken in must not break the query that it goes into."""
    assert microseconds(moment(MAX_VALUE)) == MAX_VALUE


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1), max_value=datetime(5000, 1, 1)))  # noqa: DTZ001 - hypothesis wants its limits naive
def test_a_moment_loses_no_microsecond(at: datetime) -> None:
    assert moment(microseconds(at)) == at


def test_the_error_is_one_that_clients_can_rely_on() -> None:
    assert issubclass(InvalidCursor, Invalid)
    assert InvalidCursor.code == "invalid_cursor"


@pytest.mark.parametrize(
    ("found", "page", "following"),
    [([], [], None), ([1], [1], None), ([1, 2], [1, 2], None), ([1, 2, 3], [1, 2], 2)],
)
def test_a_page_has_a_cursor_to_its_last_entry_if_more_was_found(
    found: list[int], page: list[int], following: int | None
) -> None:
    cursor = None if following is None else Cursor("price", ID, following)
    assert page_of(found, 2, lambda entry: Cursor("price", ID, entry)) == (page, cursor)
