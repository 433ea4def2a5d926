"""The instructors' studio: making a course, its curriculum by keyboard alone, its figures, its questions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Violation
from tests.support.kosu import Kosu
from tests.support.studio import COURSES, course, instructor, order, section


def test_strangers_and_learners_are_told_what_teaching_is(
    page: Page, kosu: Kosu, sign_in: Callable[[Page, str], Page]
) -> None:
    page.goto("/studio")
    expect(page.get_by_role("heading", level=1, name="Teach at Kosu")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Sign in")).to_have_attribute(
        "href", "/sign-in?next=%2Fstudio"
    )

    sign_in(page, "learner").goto("/studio")

    expect(page.get_by_text(kosu.accounts["learner"]["email"])).to_be_visible()
    expect(page.get_by_role("link", name="New course")).to_have_count(0)


def test_course_is_made_and_published(page: Page, kosu: Kosu, mishaps: list[str]) -> None:
    client = instructor(kosu, page)
    page.goto("/studio")
    expect(page.get_by_role("heading", name="Your first course")).to_be_visible()
    page.get_by_role("link", name="New course").first.click()
    page.get_by_label("Title", exact=True).fill("Letters by hand")
    page.get_by_label("Category").select_option(index=1)
    page.get_by_label("Price", exact=True).fill("a lot")
    page.get_by_role("button", name="Create the course").click()
    expect(page.get_by_text("Enter an amount, such as")).to_be_visible()
    page.get_by_label("Price", exact=True).fill("19")
    page.get_by_role("button", name="Create the course").click()

    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Add a lesson first")).to_be_visible()
    page.get_by_role("button", name="Add a section").click()
    page.get_by_label("Section title").fill("Begin")
    page.get_by_role("button", name="Add a section").click()
    page.get_by_role("button", name="Add a lesson").click()
    page.get_by_label("Lesson title").fill("The pen")
    page.get_by_label("Kind").select_option("text")
    page.get_by_role("button", name="Add a lesson").click()
    page.get_by_role("button", name="The pen", exact=False).filter(has_text="The pen").first.click()
    page.get_by_label("Text of the lesson").fill("Hold it **lightly**.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    page.get_by_role("link", name="Details").click()
    page.get_by_label("Description").fill("Slow letters.")
    page.get_by_role("button", name="Add an outcome").click()
    page.get_by_label("Outcome 1", exact=True).fill("Write an e")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()

    expect(page.get_by_text("Everybody can find it.")).to_be_visible()
    (made,) = client.get(COURSES).json()["items"]
    assert (made["state"], made["price"]) == ("published", {"amount_minor": 1900, "currency": "USD"})
    stored = client.get(f"{COURSES}/{made['id']}").json()
    assert stored["outcomes"] == ["Write an e"]
    assert stored["curriculum"][0]["lessons"][0]["body"] == "Hold it **lightly**."

    page.get_by_role("button", name="Archive").click()
    page.get_by_role("dialog").get_by_role("button", name="Archive").click()
    expect(page.get_by_text("Nobody new can enrol.")).to_be_visible()
    mishaps.clear()  # the browser's own line on the refusal


def test_curriculum_is_put_in_order_by_keyboard_alone(page: Page, kosu: Kosu) -> None:
    client = instructor(kosu, page)
    made = course(client)
    section(client, made, "First", "A", "B")
    section(client, made, "Second", "C")
    page.goto(f"/studio/courses/{made}/curriculum")

    def spoken(text: str) -> None:
        expect(page.locator("main [aria-live=assertive]")).to_have_text(text)

    page.get_by_role("button", name="Move A").focus()
    page.keyboard.press("Space")
    spoken("A lifted. It is at place 1 of 2 in First.")
    page.keyboard.press("ArrowDown")
    spoken("A is at place 2 of 2 in First.")
    page.keyboard.press("ArrowDown")
    spoken("A is at place 1 of 2 in Second.")
    expect(page.get_by_role("button", name="Move A")).to_be_focused()
    assert order(client, made) == [("First", ["A", "B"]), ("Second", ["C"])], "nothing is sent before the drop"
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.keyboard.press("Space")
    spoken("A dropped at place 1 of 2 in Second.")
    assert order(client, made) == [("First", ["B"]), ("Second", ["A", "C"])]

    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    spoken("A is back where it was.")
    assert order(client, made) == [("First", ["B"]), ("Second", ["A", "C"])]

    page.get_by_role("button", name="Move Second").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.keyboard.press("Space")
    assert order(client, made) == [("Second", ["A", "C"]), ("First", ["B"])]

    page.get_by_role("button", name="More for C").focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Move to the section First").press("Enter")
    expect(page.get_by_text("C is at place 2 of 2 in First.")).to_be_attached()
    expect(page.get_by_role("button", name="Move C")).to_be_focused()
    page.get_by_role("button", name="More for B").focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Delete").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Delete").press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)  # it hides what is below
    expect(page.get_by_role("button", name="Move B")).to_have_count(0)
    assert order(client, made) == [("Second", ["A"]), ("First", ["C"])]


def test_lesson_is_dragged_into_another_section(page: Page, kosu: Kosu) -> None:
    client = instructor(kosu, page)
    made = course(client)
    section(client, made, "First", "A", "B")
    section(client, made, "Second", "C")
    page.goto(f"/studio/courses/{made}/curriculum")
    page.get_by_role("button", name="Move A").hover()
    page.mouse.down()
    page.get_by_role("button", name="Move C").hover()
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.mouse.up()
    assert order(client, made) == [("First", ["B"]), ("Second", ["A", "C"])]


def test_order_of_a_curriculum_that_changed_meanwhile_is_not_taken(page: Page, kosu: Kosu, mishaps: list[str]) -> None:
    client = instructor(kosu, page)
    made = course(client)
    section(client, made, "First", "A", "B")
    page.goto(f"/studio/courses/{made}/curriculum")
    page.get_by_role("button", name="Move A").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    section(client, made, "Elsewhere", "C")

    page.keyboard.press("Space")

    expect(page.get_by_text("The curriculum was changed elsewhere.")).to_be_visible()
    expect(page.get_by_role("button", name="Move C")).to_be_visible()
    assert order(client, made) == [("First", ["A", "B"]), ("Elsewhere", ["C"])]
    mishaps.clear()  # the browser's own line on the refusal


PAGES = [
    "/studio",
    "/studio/new",
    "/studio/questions",
    "/studio/earnings",
    "/studio/courses/{id}",
    "/studio/courses/{id}/curriculum",
    "/studio/courses/{id}/media",
    "/studio/courses/{id}/analytics",
]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_are_accessible(
    page: Page, kosu: Kosu, violations: Callable[[Page], list[Violation]], width: int, theme: str
) -> None:
    client = instructor(kosu, page)
    made = course(client)
    section(client, made, "First", "A", "B")
    page.context.add_cookies([{"name": "kosu_theme", "value": theme, "url": kosu.web_url}])
    page.set_viewport_size({"width": width, "height": 900})
    for path in PAGES:
        page.goto(path.format(id=made))
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator(".animate-pulse")).to_have_count(0)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is wider than the screen"
