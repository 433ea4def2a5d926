"""A course that is reviewed before it is published: handed in, sent back with a reason, handed in again, approved."""

from __future__ import annotations

from uuid import uuid4

from playwright.sync_api import Browser, Page, Response, expect

from tests.support.kosu import Kosu
from tests.support.studio import course, instructor, section
from tests.support.visitors import Person, forgive, other_browser

REASON = "The second lesson has no sound."


def test_a_course_is_sent_back_with_a_reason_and_approved_later(
    page: Page, kosu: Kosu, browser: Browser, mishaps: list[str]
) -> None:
    client = instructor(kosu, page)
    title = f"Reviewed {uuid4().hex[:6]}"
    made = course(client, title)
    section(client, made, "First", "Read me", kind="text")
    # As with KOSU_COURSE_REVIEW=1: the stack of these tests lets instructors publish.
    refusal = {"code": "review_required", "title": "", "status": 409, "detail": ""}
    page.route("**/publish", lambda route: route.fulfill(status=409, json=refusal))
    page.goto(f"/studio/courses/{made}")
    hands_in(page)
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("Only you can see it.")).to_be_visible()
    hands_in(page)

    with other_browser(browser, kosu, Person(**kosu.accounts["operator"])) as console:
        console.goto("/console/courses?state=in_review")
        row = console.get_by_role("listitem").filter(has=console.get_by_role("heading", name=title))
        row.get_by_role("button", name="Reject").click()
        dialog = console.get_by_role("dialog")
        dialog.get_by_label("Reason").fill(REASON)
        dialog.get_by_role("button", name="Reject").click()
        expect(row).to_have_count(0)

        page.reload()
        expect(page.get_by_text("Our team sent it back:")).to_be_visible()
        expect(page.get_by_text(REASON)).to_be_visible()
        page.goto("/studio")
        expect(page.get_by_role("listitem").filter(has_text=title)).to_contain_text("Sent back")
        page.get_by_role("link", name=title).click()
        hands_in(page)

        console.reload()
        row.get_by_role("button", name="Approve").click()
        with console.expect_response(is_approval):
            console.get_by_role("dialog").get_by_role("button", name="Approve").click()
    page.reload()
    expect(page.get_by_text("Everybody can find it.")).to_be_visible()
    expect(page.get_by_text(REASON)).to_have_count(0)
    page.get_by_role("link", name="See its page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    forgive(mishaps, 409)


def hands_in(page: Page) -> None:
    """Where publishing is refused, handing in is offered in its place."""
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("Kosu's team is looking at it.")).to_be_visible()


def is_approval(answer: Response) -> bool:
    return answer.url.endswith("/approve") and answer.ok
