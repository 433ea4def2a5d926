"""Codes of certificates: what is forgiven, and that every slip shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kosu.modules.learning.certificate_errors import MistypedCode
from kosu.modules.learning.domain.certificate_codes import ALPHABET, CHARACTERS, SECRET_BYTES, code_of, read_code

secrets = st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES)
CODE = code_of(b"sixteen bytes!!!")
WITH_S = next(code for number in range(1_000) if "S" in (code := code_of(number.to_bytes(SECRET_BYTES))))


def is_code(text: str) -> bool:
    try:
        read_code(text)
    except MistypedCode:
        return False
    return True


@given(secrets)
def test_every_code_is_read_as_it_was_made_however_it_is_typed(secret: bytes) -> None:
    code = code_of(secret)
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' - ')} "):
        assert read_code(typed) == code


def test_no_character_is_taken_for_another() -> None:
    assert not set("01OIL") & set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET) == 31


@given(secrets, st.integers(0, CHARACTERS - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_shows(secret: bytes, place: int, other: str) -> None:
    code = code_of(secret).replace("-", "")
    assert is_code(code[:place] + other + code[place + 1 :]) == (other == code[place])


@given(secrets, st.integers(0, CHARACTERS - 1), st.integers(0, CHARACTERS - 1))
def test_two_characters_that_changed_places_show(secret: bytes, one: int, another: int) -> None:
    letters = list(code_of(secret).replace("-", ""))
    is_same = letters[one] == letters[another]
    letters[one], letters[another] = letters[another], letters[one]
    assert is_code("".join(letters)) == is_same


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        CODE[:-1],
        f"{CODE}2",
        f"{CODE}\0",
        "\0",
        "한글",
        WITH_S.replace("S", "\u017f"),
        "\ud800",
        "2" * 10**6,
    ],
)
def test_rubbish_is_no_code(text: str) -> None:
    assert not is_code(text)


@given(st.text(max_size=40))
def test_no_text_at_all_does_harm(text: str) -> None:
    is_code(text)


def test_codes_are_told_apart_by_every_part_of_the_secret() -> None:
    made = {code_of(bytes(place) + b"\1" + bytes(SECRET_BYTES - 1 - place)) for place in range(SECRET_BYTES)}
    assert len(made) == SECRET_BYTES
