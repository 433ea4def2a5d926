"""What a course brings beside its lessons: its cover, and money."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from uuid import uuid4

import httpx
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.support.browser import Violation, wait_until
from tests.support.kosu import Kosu, eventually, ok
from tests.support.published import client_of, new_learner, published_course
from tests.support.studio import COURSES, course, instructor


def picture(*, colour: str) -> FilePayload:
    data = BytesIO()
    Image.new("RGB", (1280, 720), colour).save(data, "PNG")
    return {"name": "cover.png", "mimeType": "image/png", "buffer": data.getvalue()}


def choose(page: Page, button: str, file: FilePayload) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    chooser.value.set_files(file)


def test_a_cover_is_chosen_replaced_and_removed(page: Page, kosu: Kosu, mishaps: list[str]) -> None:
    client = instructor(kosu, page)
    made = course(client)
    page.goto(f"/studio/courses/{made}")
    choose(page, "Choose a picture", picture(colour="navy"))
    expect(page.get_by_text("The cover is saved.")).to_be_visible()
    cover = page.get_by_role("img", name="The course's cover")
    wait_until(page, "document.querySelector('img[alt=\"The course\\'s cover\"]').naturalWidth > 0")
    first = cover.get_attribute("src")
    page.reload()
    expect(cover).to_have_attribute("src", str(first))

    choose(page, "Replace the picture", picture(colour="maroon"))
    expect(cover).not_to_have_attribute("src", str(first))
    choose(page, "Replace the picture", {"name": "x.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(page.get_by_text("A cover is a PNG, JPEG or WebP picture.")).to_be_visible()
    too_large: FilePayload = {"name": "x.png", "mimeType": "image/png", "buffer": bytes(2 * 1024 * 1024 + 1)}
    choose(page, "Replace the picture", too_large)
    expect(page.get_by_text("At most 2 MB, please.")).to_be_visible()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("button", name="Choose a picture")).to_be_visible()
    assert ok(client.get(f"{COURSES}/{made}"), 200)["cover_url"] is None
    mishaps[:] = [each for each in mishaps if "/cover" not in each]  # the browser's own line on the refusal


def bought(buyer: httpx.Client, course_id: str, then: str = "") -> None:
    """By the sandbox; `then` is what else happens to the payment."""
    order = ok(
        buyer.post(
            "/api/v1/orders",
            json={"course_ids": [course_id], "gateway": "sandbox"},
            headers={"Idempotency-Key": uuid4().hex},
        ),
        201,
    )

    def becomes(action: str, state: str) -> None:
        buyer.post(f"/api/v1/sandbox/checkouts/{order['payment']['ref']}/{action}").raise_for_status()
        eventually(lambda: bool(ok(buyer.get(f"/api/v1/orders/{order['id']}"), 200)["state"] == state))

    becomes("pay", "paid")
    if then:
        becomes(then, "refunded")


def test_earnings_are_told_by_month_and_by_course(
    page: Page, kosu: Kosu, violations: Callable[[Page], list[Violation]]
) -> None:
    """Two are sold, and one of them is given back."""
    client = instructor(kosu, page)
    sold = published_course(client, title="Candles", price_minor=49_000)
    bought(client_of(kosu, new_learner(kosu)), sold.id)
    bought(client_of(kosu, new_learner(kosu)), sold.id, then="refund")
    (balance,) = ok(client.get("/api/v1/studio/earnings"), 200)["balances"]
    earned, left = (int(balance[kind]["amount_minor"]) for kind in ("earned", "balance"))
    assert earned == 2 * left > 0

    page.goto("/studio/earnings")
    main = page.get_by_role("main")
    expect(main.get_by_role("listitem").filter(has_text="Balance")).to_contain_text(f"₩{left:,}")
    row = page.get_by_role("region", name="By course").get_by_role("row").filter(has_text="Candles")
    expect(row.get_by_role("cell")).to_have_text(["2", f"₩{earned:,}", f"₩{earned - left:,}"])
    month = page.get_by_role("region", name="By month").get_by_role("row").last
    expect(month.get_by_role("cell")).to_have_text([f"₩{earned:,}", f"₩{earned - left:,}", f"₩{left:,}"])
    assert violations(page) == []
