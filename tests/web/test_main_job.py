"""The learner's main job from the first visit to the certificate, as a person does it: nothing by the API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support import player
from tests.support.browser import wait_until
from tests.support.kosu import Kosu
from tests.support.player import VIDEO
from tests.support.visitors import WIDE, Person, enter, forgive, mailed_link
from tests.support.watched import Watched, watched_course

PRICE, DUE = 49_000, "₩44,100"
SECONDS = 16
DEVICES = 5
NOTED_AT = 6
LEFT_AT = 9
THOUGHT = "Half a thought"


@pytest.fixture(scope="module")
def course(kosu: Kosu, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """A short one that costs something."""
    return watched_course(
        kosu,
        tmp_path_factory.mktemp("video"),
        title=f"Easing {uuid4().hex[:6]}",
        price_minor=PRICE,
        seconds=SECONDS,
        preview=True,
    )


@pytest.fixture
def learner() -> Person:
    """Nobody yet."""
    return Person(f"{uuid4().hex}@kosu.test", "eleven pipers piping")


def test_a_stranger_becomes_a_learner_and_earns_a_certificate(
    page: Page, kosu: Kosu, browser: Browser, course: Watched, *, learner: Person, mishaps: list[str]
) -> None:
    signs_up(page, kosu, learner)
    picks_interests(page)
    finds_and_tries(page, course)
    buys(page)
    watches(page)
    notes(page)
    with ExitStack() as devices:
        resumes(devices.enter_context(another_device(browser, kosu, learner)), course)
        for _ in range(DEVICES - 2):
            devices.enter_context(another_device(browser, kosu, learner))
        begins_a_note(page)
        takes_the_place_of_the_first(devices.enter_context(new_browser(browser, kosu)), learner)
        is_told_why_and_comes_back(page, learner)
    finishes(page, course)
    forgive(mishaps, 401, 409)  # at the device that was ended, which signed in again at the limit


def signs_up(page: Page, kosu: Kosu, learner: Person) -> None:
    page.goto("/")
    page.get_by_role("link", name="Get started").click()
    page.get_by_label("Name", exact=True).fill("Ada Byron")
    page.get_by_label("E-mail").fill(learner.email)
    page.get_by_label("Password", exact=True).fill(learner.password)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("button", name="Your account")).to_be_visible()
    page.goto(mailed_link(kosu, learner, "/verify-email"))
    page.get_by_role("button", name="Yes, this address is mine").click()
    page.get_by_role("link", name="On to the courses").click()


def picks_interests(page: Page) -> None:
    page.get_by_role("link", name="Kosu").first.click()
    page.get_by_role("link", name="Pick interests").click()
    page.get_by_role("group", name="Interests").get_by_text("Design").click()
    page.get_by_role("button", name="Show my courses").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Design")


def finds_and_tries(page: Page, course: Watched) -> None:
    """By its name with a slip in it; the preview plays where it was found and on the course's page."""
    box = page.get_by_role("combobox", name="Search courses").first
    box.fill(course.title.replace("Easing", "Eesing"))
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Courses for")
    card = page.get_by_role("article").filter(has_text=course.title)
    card.get_by_role("button", name=re.compile("Preview")).click()
    wait_until(page, "document.querySelector('article video')?.currentTime > 0.2")
    page.keyboard.press("Escape")
    card.get_by_role("link", name=course.title).click()
    page.get_by_role("button", name="Watch a lesson").click()
    expect(page.get_by_role("dialog", name="Why interfaces move")).to_be_visible()
    wait_until(page, "document.querySelector('dialog video')?.currentTime > 0.2")
    page.keyboard.press("Escape")


def buys(page: Page) -> None:
    """With the coupon of the demo; the order is seen to wait and to turn paid without a reload."""
    page.get_by_role("link", name="Buy this course").click()
    page.get_by_label("Coupon").fill("WELCOME10")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("button", name=f"Pay {DUE}").click()
    expect(page.get_by_role("heading", name="Sandbox checkout")).to_be_visible()
    page.get_by_text("What else a gateway may do").click()
    page.get_by_role("button", name="Pay, told later").click()
    status = page.get_by_role("status").filter(has=page.get_by_role("heading", level=1))
    expect(status).to_contain_text("Waiting for your payment")
    loaded_at = page.evaluate("performance.timeOrigin")
    expect(status).to_contain_text("It is yours", timeout=20_000)
    expect(page.get_by_role("main").get_by_role("listitem").filter(has_text="Paid")).to_contain_text(DUE)
    assert page.evaluate("performance.timeOrigin") == loaded_at
    page.get_by_role("link", name="Go to the course").click()
    page.get_by_role("link", name="Start the course").click()


def watches(page: Page) -> None:
    bar = page.get_by_role("region", name="Video: Why interfaces move")
    player.is_loaded(page)
    bar.get_by_role("button", name="Play").first.click()
    player.plays_beyond(page, 0.5)
    bar.get_by_role("combobox", name="Captions").select_option("English")
    cue = f"[...{VIDEO}.textTracks].find(track => track.mode === 'showing')?.activeCues?.[0]?.text"
    wait_until(page, f"{cue} === 'Hello there'")
    bar.get_by_role("combobox", name="Quality").select_option("144p")
    expect(bar.get_by_role("combobox", name="Quality")).to_have_value("144")
    bar.get_by_role("combobox", name="Speed").select_option("2")
    wait_until(page, f"{VIDEO}.playbackRate === 2")
    player.rail(page).fill(str(LEFT_AT * 1000))
    player.plays_beyond(page, LEFT_AT + 0.5)
    with page.expect_response(lambda answer: answer.url.endswith("/progress") and answer.ok):
        bar.get_by_role("button", name="Pause").click()
    player.pauses(page)


def notes(page: Page) -> None:
    """At another moment than the one that is open; the link to it from all notes leads there."""
    left_at = player.position(page)
    player.rail(page).fill(str(NOTED_AT * 1000))
    player.lands_at(page, NOTED_AT)
    page.get_by_role("tab", name="Notes").click()
    page.get_by_role("textbox", name="New note").press_sequentially("Arrivals ease out")
    player.rail(page).fill(str(round(left_at * 1000)))
    with page.expect_response(lambda answer: answer.url.endswith("/notes") and answer.status == 201):
        page.get_by_role("button", name="Save note").click()
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("link", name="Notes", exact=True).click()
    page.get_by_role("link", name=f"Open at 0:0{NOTED_AT}").click()
    player.lands_at(page, NOTED_AT)
    player.rail(page).fill(str(LEFT_AT * 1000))
    page.keyboard.press("k")
    player.plays_beyond(page, LEFT_AT + 0.5)
    with page.expect_response(lambda answer: answer.url.endswith("/progress") and answer.ok):
        page.keyboard.press("k")
    player.pauses(page)


@contextmanager
def new_browser(browser: Browser, kosu: Kosu) -> Iterator[Page]:
    """Where nobody is signed in."""
    context = browser.new_context(base_url=kosu.web_url, locale="en-GB", viewport=WIDE)
    yield context.new_page()
    context.close()


@contextmanager
def another_device(browser: Browser, kosu: Kosu, learner: Person) -> Iterator[Page]:
    """One more browser in which the learner has signed in."""
    with new_browser(browser, kosu) as page:
        page.goto("/sign-in?next=/my-learning")
        enter(page, learner)
        page.wait_for_url("**/my-learning")
        yield page


def resumes(other: Page, course: Watched) -> None:
    """Where the first browser stopped, which is somewhat behind `LEFT_AT`."""
    card = other.get_by_role("article").filter(has_text=course.title)
    expect(card).to_contain_text(re.compile(rf"Next up: Why interfaces move, at 0:(0{LEFT_AT}|1\d)"))
    card.get_by_role("link", name="Continue").click()
    wait_until(other, f"{VIDEO}?.readyState >= 2 && {VIDEO}.currentTime > {LEFT_AT}")
    # Let go, so that it does not tell of a place of its own when it is closed.
    other.goto("about:blank")


def begins_a_note(page: Page) -> None:
    page.get_by_role("tab", name="Notes").click()
    page.get_by_role("textbox", name="New note").press_sequentially(THOUGHT)


def takes_the_place_of_the_first(newest: Page, learner: Person) -> None:
    """At the limit there is no error but a choice; the browser that bought the course was used longest ago."""
    newest.goto("/sign-in")
    enter(newest, learner)
    choices(newest).first.click()
    expect(newest.get_by_role("button", name="Your account")).to_be_visible()


def choices(page: Page) -> Locator:
    """Who may give way, the longest unused first."""
    picker = page.get_by_role("region", name=f"signed in on {DEVICES} devices already")
    expect(picker.get_by_role("listitem")).to_have_count(DEVICES)
    return picker.get_by_role("button", name="Sign out")


def is_told_why_and_comes_back(page: Page, learner: Person) -> None:
    page.get_by_role("button", name="Save note").click()
    told = page.get_by_role("dialog")
    expect(told).to_contain_text("You ended this device from another one.")
    enter(told, learner)
    choices(page).first.click()
    expect(told).to_be_hidden()
    expect(page.get_by_role("tabpanel", name="Notes")).to_contain_text(THOUGHT)
    expect(page.get_by_text("Waiting to be sent")).to_be_hidden()


def finishes(page: Page, course: Watched) -> None:
    """All of the video, and the text that follows by itself; then there is a certificate."""
    player.rail(page).fill("0")
    player.lands_at(page, 0)
    page.get_by_role("region", name="Video").get_by_role("button", name="Play").first.click()
    page.get_by_role("button", name="Play now").click(timeout=20_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Slow it down")
    page.get_by_role("button", name="Mark as done").click()
    page.get_by_role("tab", name="Lessons").click()
    page.get_by_role("button", name="Get the certificate").click()
    expect(page.get_by_text("This certificate is valid")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Byron")
    expect(page.get_by_role("main")).to_contain_text(course.title)
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("link", name="My learning").click()
    card = page.get_by_role("article").filter(has_text=course.title)
    expect(card.get_by_role("link", name="Certificate")).to_have_attribute("href", re.compile("/certificates/"))
