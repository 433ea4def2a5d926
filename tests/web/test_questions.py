"""Questions at the moment of a lesson: asked by a learner, answered in the studio, accepted, and seen by others."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support import player
from tests.support.browser import signed_in
from tests.support.kosu import Kosu
from tests.support.visitors import Person, other_browser
from tests.support.watched import Watched, new_learner


@pytest.fixture
def lesson(page: Page, kosu: Kosu, filmed: Watched) -> Page:
    """The questions of the video lesson, at its second 12, before a learner of the course."""
    signed_in(page, new_learner(kosu, filmed), web_url=kosu.web_url)
    page.goto(f"{filmed.video_path}?t=12000", wait_until="commit")
    player.lands_at(page, 12)
    page.get_by_role("tab", name="Q&A").click()
    return page


def ask(lesson: Page, title: str) -> None:
    lesson.get_by_role("button", name="Ask a question").click()
    lesson.get_by_label("In one line").fill(title)
    lesson.get_by_label("What would you like to know?").fill("And *why*?")
    expect(lesson.get_by_label("About 0:12 of the video")).to_be_checked()
    lesson.get_by_role("button", name="Ask", exact=True).click()
    expect(lesson.get_by_role("article", name=title)).to_be_visible()


def test_a_question_is_answered_by_the_instructor_and_accepted(
    lesson: Page, kosu: Kosu, browser: Browser, filmed: Watched
) -> None:
    title = "Where does it begin?"
    ask(lesson, title)
    asked = lesson.get_by_role("article", name=title)
    expect(asked).to_contain_text("0 answers")

    with other_browser(browser, kosu, Person(**kosu.accounts["instructor"])) as studio:
        studio.goto("/studio/questions")
        card = studio.get_by_role("listitem").filter(has=studio.get_by_role("heading", name=title))
        expect(card).to_contain_text("Why interfaces move · at 0:12")
        card.get_by_role("button", name="Answer").click()
        card.get_by_label(f"Your answer to {title}").fill("Before you see it.")
        card.get_by_role("button", name="Send the answer").click()
        expect(studio.get_by_text("Your answer is sent.").first).to_be_visible()
        # Only what nobody has answered is listed.
        expect(card).to_have_count(0)

    lesson.reload(wait_until="commit")
    lesson.get_by_role("tab", name="Q&A").click()
    asked.get_by_role("button", name="1 answer").click()
    answered = asked.get_by_role("listitem").filter(has_text="Before you see it.")
    expect(answered).to_contain_text("Instructor")
    answered.get_by_role("button", name="Accept this answer").click()
    expect(answered.get_by_role("button", name="No longer accept")).to_be_visible()

    with other_browser(browser, kosu, Person(**new_learner(kosu, filmed))) as other:
        player.opened(other, filmed.video_path)
        other.get_by_role("tab", name="Q&A").click()
        seen = other.get_by_role("article", name=title)
        seen.get_by_role("button", name="1 answer").click()
        expect(seen.get_by_text("Accepted", exact=True)).to_be_visible()
        expect(seen.get_by_role("button", name="Accept this answer")).to_have_count(0)
        seen.get_by_role("button", name="Go to 0:12").click()
        player.lands_at(other, 12)


def test_a_question_is_edited_and_deleted_by_who_asked(lesson: Page) -> None:
    ask(lesson, "Is it the same elsewhere?")
    asked = lesson.get_by_role("article", name="Is it the same elsewhere?")
    asked.get_by_role("button", name="Edit").click()
    asked.get_by_label("In one line").fill("Is it different elsewhere?")
    asked.get_by_role("button", name="Save").click()
    asked = lesson.get_by_role("article", name="Is it different elsewhere?")
    expect(asked.get_by_text("edited")).to_be_visible()
    asked.get_by_role("button", name="Delete").click()
    asked.get_by_role("button", name="Delete this for good?").click()
    expect(asked).to_have_count(0)
