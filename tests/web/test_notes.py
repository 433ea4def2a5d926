"""Smart notes: at the moment of their first key, safe from reloads and from the network."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import signed_in
from tests.support.kosu import Kosu, eventually
from tests.support.player import lands_at
from tests.support.watched import Watched, api_of, new_learner


@pytest.fixture
def account(kosu: Kosu, filmed: Watched) -> dict[str, str]:
    return new_learner(kosu, filmed)


@pytest.fixture
def lesson(page: Page, kosu: Kosu, filmed: Watched, account: dict[str, str]) -> Page:
    signed_in(page, account, web_url=kosu.web_url)
    return at_moment(page, filmed, 12_000)


def at_moment(page: Page, filmed: Watched, ms: int) -> Page:
    page.goto(f"{filmed.video_path}?t={ms}", wait_until="commit")
    lands_at(page, ms / 1000)
    page.get_by_role("tab", name="Notes").click()
    return page


def type_note(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="New note").press_sequentially(text)


def test_a_note_has_the_moment_of_its_first_key(
    lesson: Page, kosu: Kosu, filmed: Watched, account: dict[str, str]
) -> None:
    type_note(lesson, "E")
    lesson.get_by_role("slider", name="Position").fill("30000")
    type_note(lesson, "asing **matters**")
    lesson.get_by_role("button", name="Save note").click()
    expect(lesson.get_by_role("button", name="Go to 0:12")).to_be_visible()
    api = api_of(kosu, account)
    path = f"/api/v1/lessons/{filmed.video}/notes"
    eventually(lambda: len(api.get(path).json()["items"]) == 1)
    note = api.get(path).json()["items"][0]
    assert abs(note["at_ms"] - 12_000) < 500
    assert note["body"].endswith("**matters**")
    lesson.get_by_role("button", name="Go to 0:12").click()
    lands_at(lesson, 12)
    expect(lesson.get_by_test_id("note-marker")).to_have_count(1)


def test_what_is_typed_survives_a_reload(lesson: Page, filmed: Watched) -> None:
    type_note(lesson, "Half a thou")
    at_moment(lesson, filmed, 3000)
    expect(lesson.get_by_role("textbox", name="New note")).to_have_value("Half a thou")
    expect(lesson.get_by_role("tabpanel", name="Notes")).to_contain_text("0:12")


def test_a_note_written_offline_is_sent_later(
    lesson: Page, kosu: Kosu, filmed: Watched, account: dict[str, str], mishaps: list[str]
) -> None:
    lesson.context.set_offline(True)
    type_note(lesson, "Without a network")
    lesson.get_by_role("button", name="Save note").click()
    expect(lesson.get_by_text("Waiting to be sent")).to_be_visible()
    lesson.context.set_offline(False)
    expect(lesson.get_by_text("Waiting to be sent")).to_be_hidden()
    notes = api_of(kosu, account).get(f"/api/v1/lessons/{filmed.video}/notes").json()["items"]
    assert [note["body"] for note in notes] == ["Without a network"]
    # The browser itself says that there was no network.
    mishaps[:] = [each for each in mishaps if "ERR_INTERNET_DISCONNECTED" not in each]


def test_a_note_changed_elsewhere_offers_both_texts(
    lesson: Page, kosu: Kosu, filmed: Watched, account: dict[str, str], mishaps: list[str]
) -> None:
    type_note(lesson, "First")
    lesson.get_by_role("button", name="Save note").click()
    api = api_of(kosu, account)
    path = f"/api/v1/lessons/{filmed.video}/notes"
    eventually(lambda: len(api.get(path).json()["items"]) == 1)
    note_id = api.get(path).json()["items"][0]["id"]
    expect(lesson.get_by_text("Waiting to be sent")).to_be_hidden()
    api.patch(f"/api/v1/notes/{note_id}", json={"body": "Theirs"})
    lesson.get_by_role("button", name="Edit the note at 0:12").click()
    lesson.get_by_role("textbox", name="Edit the note").fill("Mine")
    lesson.get_by_role("tabpanel", name="Notes").get_by_role("button", name="Save note").click()
    expect(lesson.get_by_text("Theirs")).to_be_visible()
    lesson.get_by_role("button", name="Keep what is here").click()
    eventually(lambda: api.get(f"/api/v1/notes/{note_id}").json()["body"] == "Mine")
    mishaps[:] = [each for each in mishaps if "412" not in each]


def test_a_deleted_note_can_be_had_back(lesson: Page) -> None:
    type_note(lesson, "Precious")
    lesson.get_by_role("button", name="Save note").click()
    expect(lesson.get_by_text("Waiting to be sent")).to_be_hidden()
    lesson.get_by_role("button", name="Delete the note at 0:12").click()
    expect(lesson.get_by_text("Precious")).to_be_hidden()
    lesson.get_by_role("button", name="Undo").click()
    expect(lesson.get_by_text("Precious")).to_be_visible()


def test_all_notes_are_found_and_lead_back(lesson: Page) -> None:
    type_note(lesson, "Anticipation")
    lesson.get_by_role("button", name="Save note").click()
    expect(lesson.get_by_text("Waiting to be sent")).to_be_hidden()
    lesson.goto("/notes")
    lesson.get_by_role("searchbox", name="Search all notes").fill("anticipation")
    lesson.get_by_role("link", name="Open at 0:12").click()
    lands_at(lesson, 12)
