"""Checkout pages as a browser reads them."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

from kosu.ids import OrderId
from kosu.modules.billing.domain.orders import OrderState
from kosu.modules.billing.ports import CheckoutPage
from kosu.modules.billing.views import CheckoutView
from kosu.money import Money
from tests.support.billing import PRICE

VOID = frozenset({"meta"})


def a_checkout(
    *,
    titles: Sequence[str] = ("Course",),
    amount: Money = PRICE,
    state: OrderState = OrderState.PENDING,
) -> CheckoutView:
    return CheckoutView(
        payment_ref="ref",
        order_id=OrderId(UUID(int=1)),
        order_number="260101-AAAAA-AAAAA",
        state=state,
        amount=amount,
        titles=list(titles),
    )


class Page(HTMLParser):
    """Reading fails unless every element closes where it should. `loaded` are the scripts from outside."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.attributes: dict[str, dict[str, str]] = {}
        self.elements: list[str] = []
        self.scripts: list[str] = []
        self.loaded: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        named = {name: value or "" for name, value in attrs}
        assert len(named) == len(attrs)
        self.attributes[named.get("id", tag)] = named
        if tag == "script" and "src" in named:
            self.loaded.append(named["src"])
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["script"]:
            self.scripts.append(data)
        elif self._open[-1:] != ["style"]:
            self.text += data


def shown_request(html: str) -> dict[str, Any]:
    """What the page's script hands to the gateway's."""
    request: dict[str, Any] = json.loads(Page(html).attributes["checkout"]["data-request"])
    return request


def policy_of(page: CheckoutPage) -> dict[str, list[str]]:
    """The sources of each directive. The page's own scripts must be those that the policy lets run."""
    directives = [directive.split() for directive in page.content_security_policy.split("; ")]
    policy = {name: sources for name, *sources in directives}
    assert len(policy) == len(directives)
    hashes = [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in Page(page.html).scripts]
    assert [source for source in policy["script-src"] if source.startswith("'sha256-")] == hashes
    return policy
