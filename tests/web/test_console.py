"""Operators see what needs a hand, and give it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect

from entrypoints.embedded.home import Home
from entrypoints.embedded.postgres import DATABASE, database_url
from tests.support.browser import Violation
from tests.support.dead_webhooks import dead_webhook
from tests.support.kosu import Kosu, eventually, ok, upload
from tests.support.videos import make_video

SECTIONS = ("", "/orders", "/webhooks", "/media", "/users", "/courses", "/audit")


@pytest.fixture
def operator(page: Page, sign_in: Callable[[Page, str], Page]) -> Page:
    return sign_in(page, "operator")


def learner_of(kosu: Kosu) -> Any:
    """Somebody new, signed in."""
    client = kosu.stranger(**{"Sec-Fetch-Site": "same-origin"})
    account = {"email": f"{uuid.uuid4()}@example.com", "password": "a long enough one", "display_name": "Somebody"}
    ok(client.post("/api/v1/auth/register", json=account), 201)
    return client


def placed_order(kosu: Kosu, client: Any) -> dict[str, Any]:
    course = ok(kosu.stranger().get("/api/v1/courses", params={"price": "paid"}), 200)["items"][0]
    answer = client.post(
        "/api/v1/orders",
        json={"course_ids": [course["id"]], "gateway": "sandbox"},
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )
    return ok(answer, 201)


def test_a_dead_webhook_is_rehearsed_and_replayed(operator: Page, kosu: Kosu) -> None:
    buyer = learner_of(kosu)
    order = placed_order(kosu, buyer)
    with psycopg.connect(database_url(Home(kosu.home).sockets, DATABASE), autocommit=True) as connection:
        webhook_id = dead_webhook(connection, order["payment"]["ref"])

    operator.goto("/console")
    expect(operator.get_by_text("1 webhook was given up")).to_be_visible()
    operator.goto("/console/webhooks?state=dead")
    row = operator.get_by_role("listitem").filter(has_text=order["payment"]["ref"])
    row.get_by_role("link").first.click()
    operator.wait_for_url(f"**/console/webhooks/{webhook_id}")

    operator.get_by_role("button", name="Rehearse").click()
    expect(operator.get_by_text("It would change this:")).to_be_visible()
    expect(operator.get_by_text("1 course opens")).to_be_visible()
    assert ok(buyer.get(f"/api/v1/orders/{order['id']}"), 200)["state"] == "pending"

    operator.get_by_role("button", name="Replay", exact=True).click()
    operator.get_by_role("dialog").get_by_role("button", name="Replay", exact=True).click()
    eventually(lambda: ok(buyer.get(f"/api/v1/orders/{order['id']}"), 200)["state"] == "paid")
    operator.goto(f"/console/orders/{order['id']}")
    expect(operator.get_by_role("heading", name=order["number"])).to_be_visible()
    expect(operator.get_by_text("Paid", exact=True).first).to_be_visible()
    operator.goto(f"/console/webhooks/{webhook_id}")
    expect(operator.get_by_text("Settled", exact=True)).to_be_visible()


def test_a_run_that_was_ended_is_tried_again(operator: Page, kosu: Kosu, tmp_path: Path) -> None:
    instructor = kosu.signed_in("instructor")
    noise = ("-vf", "noise=alls=30:allf=t", "-qp", "22")  # of more than one part
    video = make_video(tmp_path / f"{uuid.uuid4()}.mp4", seconds=8, size="1280x720", options=noise)
    asset_id = upload(instructor, video)
    ok(instructor.post(f"/api/v1/media/assets/{asset_id}/cancel"), 202)
    asset = f"/api/v1/media/assets/{asset_id}"
    eventually(lambda: ok(instructor.get(asset), 200)["state"] == "cancelled")

    operator.goto("/console/media?state=cancelled")
    row = operator.get_by_role("listitem").filter(has=operator.get_by_role("heading", name=video.name))
    row.get_by_role("button", name="Try again").click()
    expect(operator.get_by_text("It is queued again.").first).to_be_visible()
    eventually(lambda: ok(instructor.get(asset), 200)["state"] == "ready")


def test_an_account_is_disabled_with_a_reason(operator: Page, kosu: Kosu) -> None:
    somebody = learner_of(kosu)
    email = ok(somebody.get("/api/v1/me"), 200)["email"]
    operator.goto("/console/users")
    operator.get_by_role("searchbox", name="Name or e-mail").fill(email)
    operator.get_by_role("button", name="Search").last.click()
    row = operator.get_by_role("listitem").filter(has=operator.get_by_role("heading", name=email))
    row.get_by_role("button", name="Disable").click()
    dialog = operator.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("It was shared.")
    dialog.get_by_role("button", name="Disable").click()
    expect(row.get_by_text("Disabled", exact=True)).to_be_visible()
    assert somebody.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("width", [390, 1280])
def test_each_part_is_accessible_and_fits(
    operator: Page, violations: Callable[[Page], list[Violation]], width: int
) -> None:
    operator.set_viewport_size({"width": width, "height": 800})
    for section in SECTIONS:
        operator.goto(f"/console{section}")
        expect(operator.get_by_role("heading", level=1)).to_be_visible()
        expect(operator.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
        assert (section, violations(operator)) == (section, [])
        assert operator.evaluate("document.documentElement.scrollWidth <= innerWidth"), section


def test_others_are_told_that_it_is_not_theirs(page: Page, sign_in: Callable[[Page, str], Page]) -> None:
    sign_in(page, "learner").goto("/console/orders")
    expect(page.get_by_role("heading", name="This is not open to your account")).to_be_visible()


def test_strangers_are_asked_to_sign_in(page: Page, mishaps: list[str]) -> None:
    page.goto("/console/orders")
    expect(page.get_by_role("main").get_by_role("link", name="Sign in")).to_have_attribute(
        "href", "/sign-in?next=%2Fconsole%2Forders"
    )
    mishaps[:] = [mishap for mishap in mishaps if "401" not in mishap]
