"""From a course to its key: quote, coupon, the gateway's page, and an order that shows its payment as it arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browser import Violation, signed_in
from tests.support.kosu import Kosu, ok
from tests.support.visitors import SMALL, WIDE, Person, device_of, enter, forgive, somebody


@pytest.fixture
def course(kosu: Kosu) -> dict[str, Any]:
    """A course that costs something."""
    found: dict[str, Any] = ok(kosu.stranger().get("/api/v1/courses", params={"price": "paid", "limit": 1}), 200)
    card: dict[str, Any] = found["items"][0]
    return card


@pytest.fixture
def coupon(kosu: Kosu) -> Iterator[str]:
    """Ten percent off."""
    operator = kosu.signed_in("operator")
    code = f"TEN-{uuid4().hex[:8]}".upper()
    ok(operator.post("/api/v1/ops/coupons", json={"code": code, "percent_off": 10}), 201)
    yield code
    operator.post("/api/v1/auth/logout").raise_for_status()


@pytest.fixture
def person(kosu: Kosu) -> Person:
    return somebody(kosu)


@pytest.fixture
def buyer(page: Page, kosu: Kosu, person: Person) -> Page:
    """A page of somebody who has bought nothing yet."""
    return signed_in(page, person.credentials, web_url=kosu.web_url)


def won(amount_minor: int) -> str:
    return f"₩{amount_minor:,}"


def place(buyer: Page, course: dict[str, Any]) -> None:
    """Order the course, as far as the gateway's page."""
    buyer.goto(f"/checkout?course={course['id']}")
    buyer.get_by_role("button", name="Pay ₩").click()
    expect(buyer.get_by_role("heading", name="Sandbox checkout")).to_be_visible()


def test_a_course_is_bought_with_a_coupon_and_opens_without_a_reload(
    page: Page, kosu: Kosu, course: dict[str, Any], coupon: str, mishaps: list[str]
) -> None:
    person = somebody(kosu)
    page.goto(f"/checkout?course={course['slug']}")
    page.get_by_role("link", name="Sign in to go on").click()
    enter(page, person)
    price = int(course["price"]["amount_minor"])
    payment = page.get_by_role("region", name="Payment")
    expect(payment).to_contain_text(won(price))

    field = page.get_by_label("Coupon")
    field.fill("no such thing")
    page.get_by_role("button", name="Apply").click()
    expect(field).to_have_accessible_description("There is no such coupon.")
    field.fill(coupon.lower())
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("status").filter(has_text=coupon)).to_be_visible()
    due = won(price - price // 10)
    expect(payment).to_contain_text(due)

    page.get_by_role("button", name=f"Pay {due}").click()
    expect(page.get_by_role("heading", name="Sandbox checkout")).to_be_visible()
    # Paid in a moment: what is shown first is an order that waits.
    page.get_by_text("What else a gateway may do").click()
    page.get_by_role("button", name="Pay, told later").click()
    page.wait_for_url("**/checkout/*")
    status = page.get_by_role("status").filter(has=page.get_by_role("heading", level=1))
    expect(status).to_contain_text("Waiting for your payment")
    loads = page.evaluate("performance.timeOrigin")
    expect(status).to_contain_text("It is yours", timeout=20_000)
    expect(page.get_by_role("main").get_by_role("listitem").filter(has_text="Paid")).to_contain_text(due)
    assert page.evaluate("performance.timeOrigin") == loads

    page.get_by_role("link", name="Go to the course").click()
    page.wait_for_url(f"**/courses/{course['slug']}")
    detail = ok(device_of(kosu, person).get(f"/api/v1/courses/{course['slug']}"), 200)
    assert detail["access"]["state"] == "enrolled"
    forgive(mishaps, 404, 422)  # the page of the course may be none yet


def test_an_order_is_placed_once_though_its_answer_was_lost(
    buyer: Page, kosu: Kosu, person: Person, course: dict[str, Any], mishaps: list[str]
) -> None:
    """The key is kept over the lost answer and a reload; were it not, the second try would be refused."""
    keys: list[str] = []

    def lose_the_answer(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    buyer.route("**/api/v1/orders", lose_the_answer)
    buyer.goto(f"/checkout?course={course['id']}")
    pay = buyer.get_by_role("button", name="Pay ₩")
    pay.click()
    expect(buyer.get_by_role("alert").filter(has_text="cannot be reached")).to_be_visible()
    buyer.reload()
    pay.click()
    expect(buyer.get_by_role("heading", name="Sandbox checkout")).to_be_visible()
    assert keys == [keys[0]] * 2
    assert len(ok(device_of(kosu, person).get("/api/v1/me/orders"), 200)["items"]) == 1
    mishaps[:] = [each for each in mishaps if "ERR_FAILED" not in each]


def test_who_has_an_open_order_is_led_to_it_and_may_cancel_it(
    buyer: Page, course: dict[str, Any], mishaps: list[str]
) -> None:
    place(buyer, course)
    buyer.goto(f"/checkout?course={course['id']}")
    buyer.get_by_role("button", name="Pay ₩").click()
    expect(buyer.get_by_role("heading", level=1)).to_have_text("Waiting for your payment")
    buyer.get_by_role("button", name="Cancel order").click()
    buyer.get_by_role("dialog").get_by_role("button", name="Cancel order").click()
    expect(buyer.get_by_role("heading", level=1)).to_have_text("This order is cancelled")
    expect(buyer.get_by_role("main").get_by_role("listitem").filter(has_text="Cancelled")).to_be_visible()
    buyer.get_by_role("link", name="Order again").click()
    expect(buyer.get_by_role("button", name="Pay ₩")).to_be_enabled()
    forgive(mishaps, 409)


def test_who_was_declined_is_told_what_to_do(buyer: Page, course: dict[str, Any]) -> None:
    place(buyer, course)
    buyer.get_by_role("button", name="Decline").click()
    expect(buyer.get_by_role("heading", level=1)).to_have_text("The payment was declined", timeout=15_000)
    buyer.get_by_role("main").get_by_role("link", name="again").click()
    expect(buyer.get_by_role("heading", level=1)).not_to_have_text("The payment was declined")


def test_a_payment_that_does_not_fit_is_looked_into(buyer: Page, course: dict[str, Any]) -> None:
    place(buyer, course)
    buyer.get_by_text("What else a gateway may do").click()
    buyer.get_by_role("button", name="Pay a hundredth").click()
    expect(buyer.get_by_role("heading", level=1)).to_have_text("We are looking into your payment", timeout=15_000)
    expect(buyer.get_by_role("link", name="Go to the course")).to_have_count(0)


def test_a_receipt_is_read_and_kept_and_the_order_is_listed(
    buyer: Page, course: dict[str, Any], violations: Callable[[Page], list[Violation]], mishaps: list[str]
) -> None:
    place(buyer, course)
    buyer.get_by_role("button", name="Pay", exact=True).click()
    expect(buyer.get_by_role("heading", level=1)).to_have_text("It is yours", timeout=15_000)
    buyer.get_by_role("link", name="Receipt").click()
    sheet = buyer.frame_locator("iframe")
    expect(sheet.get_by_role("heading", name="Receipt")).to_be_visible()
    expect(sheet.get_by_text(course["title"])).to_be_visible()
    with buyer.expect_download() as file:
        buyer.get_by_role("button", name="PDF").click()
    assert file.value.suggested_filename.startswith("receipt-")
    assert file.value.path().read_bytes().startswith(b"%PDF")
    assert violations(buyer) == []
    # axe looks into the sheet as well, which runs no scripts.
    mishaps[:] = [mishap for mishap in mishaps if "about:srcdoc" not in mishap]
    buyer.goto("/orders")
    order = buyer.get_by_role("main").get_by_role("link").filter(has_text=course["title"])
    expect(order).to_contain_text("Paid")
    order.click()
    expect(buyer.get_by_role("heading", level=1)).to_have_text("It is yours")


def test_the_shop_is_accessible(
    buyer: Page, course: dict[str, Any], violations: Callable[[Page], list[Violation]]
) -> None:
    place(buyer, course)
    buyer.goto("/orders")
    buyer.get_by_role("main").get_by_role("link").filter(has_text=course["title"]).click()
    expect(buyer.get_by_role("heading", level=1)).to_have_text("Waiting for your payment")
    order = buyer.url
    for size in (WIDE, SMALL):
        buyer.set_viewport_size(size)
        for path in (f"/checkout?course={course['id']}", order, "/orders"):
            buyer.goto(path)
            expect(buyer.get_by_role("heading", level=1)).to_be_visible()
            expect(buyer.get_by_role("main").get_by_role("link").first).to_be_visible()
            assert violations(buyer) == []
            assert buyer.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_order_of_somebody_else_is_not_there(buyer: Page, mishaps: list[str]) -> None:
    buyer.goto(f"/checkout/{uuid4()}")
    expect(buyer.get_by_role("heading", level=1)).to_have_text("There is no such order here")
    forgive(mishaps, 404)
