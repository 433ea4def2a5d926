"""Codes of certificates: unguessable, and easy to read aloud and to type.

Sixteen of 31 characters, of which none is taken for another (no 0 and O, no 1, I and L). The last one checks the
others: their places weigh 16 to 1, and the sum is divisible by 31. Since 31 is prime, every single wrong character
shows, and every two that changed places.

Source: ISO 2108:2017, annex C (the check digit of ISBN-10), over another prime.
"""

from __future__ import annotations

from collections.abc import Sequence

from kosu.modules.learning.certificate_errors import MistypedCode

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CHARACTERS = 16
GROUP = 4
# 31^15 is less than 2^75: with a hundred bits and more, every code is as likely as any other.
SECRET_BYTES = 16
_SEPARATORS = str.maketrans("", "", "- ")


def code_of(secret: bytes) -> str:
    """The code made of SECRET_BYTES random bytes, e.g. `7KWM-2HXC-9QTR-4BNV`."""
    number, values = int.from_bytes(secret), list[int]()
    for _ in range(CHARACTERS - 1):
        number, value = divmod(number, len(ALPHABET))
        values.append(value)
    values.append(-_sum(values) % len(ALPHABET))
    return _written(values)


def read_code(text: str) -> str:
    """The code as `code_of` writes it, from whatever somebody typed: case, dashes and spaces do not matter.

    Raises:
        MistypedCode
    """
    # ASCII first: upper() makes ASCII letters of some others, such as the long s.
    typed = text.translate(_SEPARATORS).upper() if text.isascii() else ""
    values = [ALPHABET.find(char) for char in typed]
    if len(values) != CHARACTERS or -1 in values or _sum(values) % len(ALPHABET):
        raise MistypedCode
    return _written(values)


def _sum(values: Sequence[int]) -> int:
    return sum((CHARACTERS - place) * value for place, value in enumerate(values))


def _written(values: Sequence[int]) -> str:
    code = "".join(ALPHABET[value] for value in values)
    return "-".join(code[start : start + GROUP] for start in range(0, CHARACTERS, GROUP))
