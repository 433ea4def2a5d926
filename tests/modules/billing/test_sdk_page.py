"""The page on which a gateway's script runs: what was ordered is shown, and never becomes a part of the page."""

from __future__ import annotations

import pytest

from kosu.modules.billing.domain.orders import OrderState
from kosu.modules.billing.ports import CheckoutPage
from kosu.modules.billing.sdk_page import order_name, sdk_page
from kosu.money import Money
from tests.support.billing import PRICE
from tests.support.checkout_pages import Page, a_checkout, policy_of, shown_request

HOSTILE = [
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onload='alert(1)",
    "</title></style><!--",
    "<!--<script>",
    "{{7*7}} ${7*7} `\\",
    "\u2028 &quot; &#39; &amp;",
    "데이터 분석 입문",
]


def a_page(*titles: str, state: OrderState = OrderState.PENDING, amount: Money = PRICE) -> CheckoutPage:
    return sdk_page(
        a_checkout(titles=titles or ("Course",), state=state, amount=amount),
        sdk_url="https://sdk.test/sdk.js",
        open_payment="async (request) => { await Sdk.open(request); }",
        request={"name": list(titles), "url": "https://api.test/a?b=c&d='\""},
        return_url="https://api.test/return?a=\"b&c='&lt;",
        script_origins=["https://sdk.test"],
        origins=["https://pay.sdk.test"],
    )


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_stays_text_and_arrives_as_it_is(title: str) -> None:
    plain, hostile = Page(a_page("Course").html), Page(a_page(title).html)
    assert hostile.elements == plain.elements
    assert hostile.scripts == plain.scripts
    assert title in hostile.text
    assert shown_request(a_page(title).html) == {"name": [title], "url": "https://api.test/a?b=c&d='\""}
    assert hostile.attributes["checkout"]["data-return-url"] == "https://api.test/return?a=\"b&c='&lt;"


def test_only_the_sdk_and_our_own_script_run() -> None:
    page = a_page()
    assert Page(page.html).loaded == ["https://sdk.test/sdk.js"]
    policy = policy_of(page)
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["script-src"][1:] == ["https://sdk.test"]
    for directive in ("connect-src", "frame-src", "form-action"):
        assert policy[directive] == ["https://pay.sdk.test"]
    assert "'unsafe-inline'" not in policy["script-src"]


@pytest.mark.parametrize("state", [state for state in OrderState if state not in {"pending", "failed"}])
def test_an_order_that_is_closed_is_not_paid_for(state: OrderState) -> None:
    page = a_page(state=state)
    assert Page(page.html).elements.count("script") == Page(page.html).elements.count("button") == 0
    assert policy_of(page)["script-src"] == ["'none'"]
    assert f"This order is {state.replace('_', ' ')}." in Page(page.html).text


def test_amounts_are_shown_as_people_write_them() -> None:
    assert "49,000 KRW" in a_page().html
    assert "19.99 USD" in a_page(amount=Money(1_999, "USD")).html


@pytest.mark.parametrize(
    ("titles", "name"),
    [
        (["Course"], "Course"),
        (["Course", "Other", "Third"], "Course +2"),
        (["데이터 분석 입문을 위한 아주 긴 제목", "Other"], "데이터 분석 입문을 위한… +1"),
        (["A\nB\t\0 C"], "A B C"),
        ([" "], "Course"),
    ],
)
def test_the_name_of_an_order_is_one_line(titles: list[str], name: str) -> None:
    assert order_name(titles, longest=17) == name
    assert len(name) <= 17
