"""Bodies that a route takes as they come."""

from __future__ import annotations

from typing import Any

import pytest
from litestar.exceptions import HTTPException

from entrypoints.api.bodies import plain_headers, raw_body


class Sender:
    """Sends these messages and then nothing; `left` are those that nobody has asked for."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self.left = list(messages)

    async def receive(self) -> Any:
        return self.left.pop(0)


def chunk(body: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_body_is_put_together_up_to_the_cap() -> None:
    sender = Sender(chunk(b"ab"), chunk(b""), chunk(b"cd", more=False))
    assert await raw_body(sender.receive, most_bytes=4) == b"abcd"


async def test_no_more_is_read_of_a_body_than_it_takes_to_refuse_it() -> None:
    sender = Sender(chunk(b"ab"), chunk(b"cde"), chunk(b"f"), chunk(b"g", more=False))
    with pytest.raises(HTTPException) as refused:
        await raw_body(sender.receive, most_bytes=4)
    assert refused.value.status_code == 413
    assert len(sender.left) == 2


async def test_half_a_body_is_none() -> None:
    """Its sender went away, and what has come by then could even be rightly signed."""
    sender = Sender(chunk(b"{}"), {"type": "http.disconnect"})
    with pytest.raises(HTTPException) as refused:
        await raw_body(sender.receive, most_bytes=4)
    assert refused.value.status_code == 400


def test_of_two_headers_of_a_name_the_first_counts() -> None:
    scope: Any = {"headers": [(b"a", b"1"), (b"b", b"\xe9"), (b"a", b"2")]}
    assert plain_headers(scope) == {"a": "1", "b": "\xe9"}
