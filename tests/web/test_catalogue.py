"""People find a course: on the home page, by looking for it, by what it is about; and they look into it."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Violation, looks, wait_until
from tests.support.kosu import Kosu
from tests.support.published import Published, at_work, published_course
from tests.support.watched import Watched

PATHS = ("/", "/explore", "/explore?q=zzzzqqqq", "/collections", "/categories/music", "/welcome")


@pytest.fixture(scope="module")
def course(kosu: Kosu) -> Published:
    """A paid course with a text lesson to try."""
    with at_work(kosu, "instructor") as instructor:
        return published_course(instructor, title=f"Beekeeping {uuid4().hex[:6]}", price_minor=49_000)


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_accessible(page: Page, violations: Callable[[Page], list[Violation]], path: str) -> None:
    page.goto(path)
    for _ in looks(page):
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_typed_is_suggested(page: Page, course: Published) -> None:
    page.goto("/")
    box = page.get_by_role("combobox", name="Search courses").first
    box.press_sequentially(course.title)
    option = page.get_by_role("option", name=course.title)
    expect(option).to_be_visible()
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(option).to_be_hidden()
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(f"**/courses/{course.slug}")
    expect(page.get_by_role("heading", level=1)).to_have_text(course.title)


def test_a_slip_still_finds(page: Page, course: Published) -> None:
    page.goto("/")
    box = page.get_by_role("combobox", name="Search courses").first
    box.fill(course.title.replace("keep", "kep"))
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Courses for")
    expect(page.get_by_role("link", name=course.title)).to_be_visible()


def test_filters_are_in_the_address(page: Page, course: Published) -> None:
    page.goto(f"/explore?q={course.title}")
    page.get_by_role("combobox", name="Price").select_option("Free")
    page.wait_for_url(re.compile(r"price=free"))
    expect(page.get_by_role("link", name=course.title)).to_be_hidden()
    page.get_by_role("combobox", name="Price").select_option("Paid")
    page.wait_for_url(re.compile(r"price=paid"))
    expect(page.get_by_role("link", name=course.title)).to_be_visible()
    page.get_by_role("link", name="Clear filters").first.click()
    page.wait_for_url(lambda address: "price" not in address)
    assert course.title.split()[1] in page.url


def test_what_cannot_be_found_leads_on(page: Page) -> None:
    page.goto("/explore?q=zzzzqqqq&level=advanced")
    expect(page.get_by_role("heading", name="Nothing found for “zzzzqqqq”")).to_be_visible()
    page.get_by_role("link", name="See all").click()
    page.wait_for_url("**/explore")
    expect(page.get_by_role("article").first).to_be_visible()


def test_more_is_shown_in_place(page: Page, kosu: Kosu) -> None:
    word = f"Sundial{uuid4().hex[:6]}"
    with at_work(kosu, "instructor") as instructor:
        for number in range(26):
            published_course(instructor, title=f"{word} {number}", price_minor=0)
    page.goto(f"/explore?q={word}")
    cards = page.get_by_role("article")
    expect(cards).to_have_count(24)
    more = page.get_by_role("link", name="Show more")
    # Without scripts it is a page of its own.
    onwards = str(more.get_attribute("href"))
    more.click()
    expect(cards).to_have_count(26)
    expect(more).to_be_hidden()
    page.goto(onwards)
    expect(page.get_by_role("article")).to_have_count(2)


def test_a_lesson_is_tried_on_the_card(page: Page, course: Published) -> None:
    page.goto(f"/explore?q={course.title}")
    opener = page.get_by_role("button", name=re.compile(f"Preview.*{course.title}"))
    opener.click()
    expect(page.get_by_role("region", name="Why bees")).to_contain_text("Because of honey.")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_a_video_plays_on_the_card(page: Page, filmed: Watched) -> None:
    page.goto(f"/explore?q={filmed.title}")
    card = page.get_by_role("article").filter(has_text=filmed.title)
    card.get_by_role("button", name=re.compile("Preview")).click()
    expect(card.locator("video")).to_be_visible()
    wait_until(page, "document.querySelector('article video').currentTime > 0")
    page.keyboard.press("Escape")
    expect(card.locator("video")).to_have_count(0)


def test_interests_order_the_home_page(page: Page) -> None:
    page.goto("/welcome")
    page.get_by_text("Business").click()
    page.get_by_role("button", name="Show my courses").click()
    page.wait_for_url(re.compile(r"/$"))
    expect(page.get_by_role("heading", level=2).first).to_have_text("Business")


def test_the_site_speaks_korean(page: Page, kosu: Kosu) -> None:
    page.context.add_cookies([{"name": "kosu_locale", "value": "ko", "url": kosu.web_url}])
    page.goto("/explore")
    expect(page.get_by_role("heading", level=1)).to_have_text("강의 둘러보기")
    assert page.locator("html").get_attribute("lang") == "ko"


def test_search_engines_find_every_course(page: Page, course: Published) -> None:
    assert "Sitemap:" in page.request.get("/robots.txt").text()
    index = page.request.get("/sitemap.xml").text()
    maps = re.findall(r"<loc>(.*?)</loc>", index)
    found = {place for each in maps for place in re.findall(r"<loc>(.*?)</loc>", page.request.get(each).text())}
    assert any(place.endswith(f"/courses/{course.slug}") for place in found)
    assert any(place.endswith("/categories/music") for place in found)
