"""A course's page: what it says, why it does not open, and what its learners say of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Violation, looks, signed_in
from tests.support.kosu import Kosu, ok
from tests.support.published import Published, at_work, client_of, new_learner, published_course


@pytest.fixture(scope="module")
def paid(kosu: Kosu) -> Published:
    with at_work(kosu, "instructor") as instructor:
        return published_course(instructor, title=f"Paid {uuid4().hex[:6]}", price_minor=49_000)


@pytest.fixture(scope="module")
def free(kosu: Kosu) -> Published:
    with at_work(kosu, "instructor") as instructor:
        return published_course(instructor, title=f"Free {uuid4().hex[:6]}", price_minor=0)


@pytest.fixture
def learner(kosu: Kosu) -> dict[str, str]:
    return new_learner(kosu)


def test_the_page_is_accessible(page: Page, violations: Callable[[Page], list[Violation]], paid: Published) -> None:
    page.goto(f"/courses/{paid.slug}")
    for _ in looks(page):
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_stranger_is_told_why_lessons_are_locked(page: Page, paid: Published) -> None:
    page.goto(f"/courses/{paid.slug}")
    box = page.get_by_role("complementary", name="Take this course")
    expect(box).to_contain_text("₩49,000")
    expect(box.get_by_role("link", name="Buy this course")).to_have_attribute("href", f"/checkout?course={paid.id}")
    box.get_by_text("Why can’t I open every lesson?").click()
    expect(box).to_contain_text("as soon as your payment has arrived")
    expect(page.get_by_text("The hive")).to_be_visible()
    expect(page.get_by_role("link", name="The hive")).to_have_count(0)


def test_the_rule_is_told_in_korean(page: Page, kosu: Kosu, paid: Published) -> None:
    page.context.add_cookies([{"name": "kosu_locale", "value": "ko", "url": kosu.web_url}])
    page.goto(f"/courses/{paid.slug}")
    expect(page.get_by_text("자물쇠가 있는 수업은 강의를 구매하면 열립니다.")).to_be_visible()


def test_a_lesson_is_tried_above_the_page(page: Page, paid: Published) -> None:
    page.goto(f"/courses/{paid.slug}")
    opener = page.get_by_role("button", name="Why bees")
    opener.click()
    dialog = page.get_by_role("dialog", name="Why bees")
    expect(dialog).to_contain_text("Because of honey.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_free_course_asks_strangers_to_sign_in(page: Page, free: Published) -> None:
    page.goto(f"/courses/{free.slug}")
    link = page.get_by_role("link", name="Sign in and start")
    expect(link).to_have_attribute("href", f"/sign-in?next=%2Fcourses%2F{free.slug}")


def test_a_free_course_is_begun_at_once(
    page: Page, kosu: Kosu, free: Published, learner: dict[str, str], mishaps: list[str]
) -> None:
    signed_in(page, learner, web_url=kosu.web_url)
    page.goto(f"/courses/{free.slug}")
    page.get_by_role("button", name="Start for free").click()
    page.wait_for_url(f"**/learn/{free.slug}/{free.preview}")
    page.goto(f"/courses/{free.slug}")
    expect(page.get_by_role("link", name="Start the course")).to_have_attribute(
        "href", f"/learn/{free.slug}/{free.preview}"
    )
    expect(page.get_by_text("You are enrolled: every lesson is open.")).to_be_visible()
    # The lesson's own page is another part of the site.
    mishaps.clear()


def test_who_has_begun_goes_on(page: Page, kosu: Kosu, free: Published, learner: dict[str, str]) -> None:
    client = client_of(kosu, learner)
    ok(client.post(f"/api/v1/courses/{free.slug}/enrol"), 201)
    assert client.post(f"/api/v1/lessons/{free.preview}/complete").status_code == 204
    signed_in(page, learner, web_url=kosu.web_url)
    page.goto(f"/courses/{free.slug}")
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "50")
    expect(page.get_by_role("link", name="Continue")).to_have_attribute("href", f"/learn/{free.slug}/{free.rest}")
    page.goto("/")
    row = page.get_by_role("region", name="Continue learning")
    expect(row.get_by_role("link", name=free.title)).to_be_visible()


def test_the_instructor_goes_to_the_studio(page: Page, sign_in: Callable[[Page, str], Page], paid: Published) -> None:
    sign_in(page, "instructor")
    page.goto(f"/courses/{paid.slug}")
    expect(page.get_by_role("link", name="Open in the studio")).to_have_attribute("href", f"/studio/courses/{paid.id}")
    expect(page.get_by_text("You teach this course.")).to_be_visible()


def test_a_review_is_written_changed_and_removed(
    page: Page,
    kosu: Kosu,
    free: Published,
    learner: dict[str, str],
    violations: Callable[[Page], list[Violation]],
) -> None:
    ok(client_of(kosu, learner).post(f"/api/v1/courses/{free.slug}/enrol"), 201)
    signed_in(page, learner, web_url=kosu.web_url)
    page.goto(f"/courses/{free.slug}")
    reviews = page.get_by_role("region", name="Reviews")
    reviews.get_by_role("button", name="Publish").click()
    expect(reviews.get_by_role("alert")).to_have_text("Please choose one to five stars.")
    # By keyboard: the stars are one field.
    reviews.get_by_role("radio", name="1 star").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    reviews.get_by_role("textbox", name="Your review").fill("Clear and calm.")
    reviews.get_by_role("button", name="Publish").click()
    expect(reviews.get_by_role("heading", name="Your review")).to_be_visible()
    expect(reviews.get_by_role("article")).to_contain_text("Clear and calm.")
    expect(reviews.get_by_role("article")).to_contain_text("4 out of 5 stars")
    assert violations(page) == []

    reviews.get_by_role("button", name="Edit").click()
    reviews.get_by_role("textbox", name="Your review").fill("Clear, calm and short.")
    reviews.get_by_role("button", name="Save").click()
    expect(reviews.get_by_role("article")).to_contain_text("Clear, calm and short.")

    reviews.get_by_role("button", name="Delete").click()
    reviews.get_by_role("button", name="Delete my review").click()
    expect(reviews.get_by_role("article")).to_have_count(0)
    expect(reviews.get_by_role("button", name="Publish")).to_be_visible()


def test_a_review_that_helps_is_voted_for(page: Page, kosu: Kosu, learner: dict[str, str], mishaps: list[str]) -> None:
    with at_work(kosu, "instructor") as instructor:
        course = published_course(instructor, title=f"Voted {uuid4().hex[:6]}", price_minor=0)
    author = client_of(kosu, learner)
    ok(author.post(f"/api/v1/courses/{course.slug}/enrol"), 201)
    ok(author.put(f"/api/v1/courses/{course.slug}/review", json={"rating": 5, "body": "It helped."}), 200)

    page.goto(f"/courses/{course.slug}")
    vote = page.get_by_role("button", name="Helpful")
    vote.click()
    expect(page.get_by_role("alert").get_by_role("link", name="Sign in")).to_be_visible()
    expect(vote).to_have_attribute("aria-pressed", "false")
    assert all("401" in mishap for mishap in mishaps)
    mishaps.clear()

    signed_in(page, new_learner(kosu), web_url=kosu.web_url)
    page.goto(f"/courses/{course.slug}")
    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "true")
    expect(vote).to_be_enabled()
    listed = ok(kosu.stranger().get(f"/api/v1/courses/{course.slug}/reviews"), 200)
    assert [review["helpful_count"] for review in listed["items"]] == [1]
    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "false")


def test_search_engines_are_told_of_the_course(page: Page, kosu: Kosu, paid: Published) -> None:
    page.goto(f"/courses/{paid.slug}?sort=helpful")
    data = json.loads(page.locator('script[type="application/ld+json"]').inner_text())
    assert (data["@type"], data["name"], data["offers"]["price"]) == ("Course", paid.title, 49_000)
    canonical = page.locator('link[rel="canonical"]').first.get_attribute("href")
    assert canonical == f"{kosu.web_url}/courses/{paid.slug}"
    assert page.locator('meta[property="og:title"]').get_attribute("content") == paid.title


def test_what_is_not_there_is_not_found(page: Page, mishaps: list[str]) -> None:
    answer = page.goto("/courses/there-is-no-such-course")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="This page is not here")).to_be_visible()
    mishaps.clear()
