"""Which of what is offered a client likes best.

Source: RFC 9110, sections 12.4.2, 12.5.1 and 12.5.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

_WEIGHT = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


def preferred_type(accept: str | None, offered: Sequence[str]) -> str | None:
    """One of the offered media types, the first of several that are liked as much; None where none is acceptable."""
    liked = dict(_ranges(accept or "*/*"))
    weights = {offer: _weight_of_type(offer, liked) for offer in offered}
    best = max(offered, key=lambda offer: weights[offer])
    return best if weights[best] > 0 else None


def preferred_language(accept_language: str | None, offered: Sequence[str]) -> str | None:
    """One of the offered languages, also for a dialect of it such as ko-KR; None where none is asked for by name."""
    liked: dict[str, float] = {}
    for name, weight in _ranges(accept_language or ""):
        language = name.partition("-")[0]
        liked[language] = max(weight, liked.get(language, 0))
    named = [language for language in offered if liked.get(language, 0) > 0]
    return max(named, key=lambda language: liked[language], default=None)


def _weight_of_type(offer: str, liked: Mapping[str, float]) -> float:
    """By the most specific range that fits."""
    ranges = (offer, f"{offer.partition('/')[0]}/*", "*/*")
    return next((liked[each] for each in ranges if each in liked), 0)


def _ranges(header: str) -> Iterable[tuple[str, float]]:
    """What a header names, lower case, and how much it is liked; what makes no sense is left out."""
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((each.removeprefix("q=") for each in parameters if each.startswith("q=")), "1")
        if name and _WEIGHT.fullmatch(weight):
            yield name, float(weight)
