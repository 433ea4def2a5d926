"""A video on its way from an instructor's disk to a preview: through a reload, and seven steps later it plays."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browser import Violation, wait_until
from tests.support.kosu import Kosu
from tests.support.studio import COURSES, course, instructor, section
from tests.support.videos import make_video

PARTS = re.compile(r"/storage/")
STEPS = ["download", "inspect", "thumbnail", "hls", "mp4", "upload", "cleanup"]
WORK_MS = 120_000
"""What an encode may take where other work has the machine; nothing waits for it longer than it takes."""


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of a picture, and behind them enough bytes for three parts: players pass over such a box."""
    file = make_video(tmp_path_factory.mktemp("video") / "talk.mp4", seconds=2)
    size_bytes = 17 * 1024 * 1024
    with file.open("ab") as target:
        target.write(size_bytes.to_bytes(4, "big") + b"free" + bytes(size_bytes - 8))
    return file


class Store:
    """Counts the parts that are sent to the store, and lets through only as many as a test says."""

    def __init__(self, page: Page, *, open_for: int = 1000) -> None:
        self.arrived: list[str] = []
        self._open_for = open_for
        self._held: list[Route] = []
        self._page = page
        page.route(PARTS, self._take)

    def wait_for(self, count: int) -> None:
        """Until so many parts are stored."""
        stored = 0
        while stored < count:
            answer = self._page.wait_for_event("response", lambda answer: PARTS.search(answer.url) is not None)
            stored += answer.request.method == "PUT" and answer.ok

    def _take(self, route: Route) -> None:
        if route.request.method != "PUT":
            route.continue_()
        elif len(self.arrived) < self._open_for:
            self.arrived.append(_part_of(route.request.url))
            route.continue_()
        else:
            self._held.append(route)

    def open(self) -> None:
        """Give up what was held, as a browser that goes away does, and let through whatever comes."""
        self._open_for = 1000
        self._held.clear()


def _part_of(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]


def pick(page: Page, button: str, file: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).first.click()
    chooser.value.set_files(file)


@pytest.fixture
def without_handles(page: Page) -> None:
    """As in a browser that gives no handles of files: after a reload the file is picked once more."""
    page.add_init_script("delete window.showOpenFilePicker")


@pytest.mark.usefixtures("without_handles")
def test_upload_goes_on_after_a_reload_and_plays(
    page: Page, kosu: Kosu, video: Path, violations: Callable[[Page], list[Violation]]
) -> None:
    client = instructor(kosu, page)
    made = course(client)
    (lesson_id,) = section(client, made, "First", "The talk")
    store = Store(page, open_for=2)
    page.goto(f"/studio/courses/{made}/media")
    pick(page, "Choose a video", video)
    store.wait_for(2)
    tray = page.get_by_role("region", name="Uploads")
    page.get_by_role("link", name="Questions").click()
    expect(page.get_by_role("heading", level=1, name="Questions")).to_be_visible()
    expect(tray.get_by_role("button", name="Pause")).to_be_visible()
    page.go_back()

    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()

    expect(tray.get_by_text(re.compile(r"Stopped at [4-9]\d%"))).to_be_visible()
    assert violations(page) == []
    store.open()
    pick(page, "Pick the file again", video)
    expect(page.locator("[data-step=download]")).to_be_visible()
    expect(tray.get_by_text("Uploaded.")).to_be_visible()
    assert sorted(store.arrived) == ["1", "2", "3"], "what has arrived is not sent again"

    expect(page.locator("[data-step][data-state=done]")).to_have_count(7, timeout=WORK_MS)
    assert page.locator("[data-step]").evaluate_all("steps => steps.map(step => step.dataset.step)") == STEPS
    page.reload()
    expect(page.locator("[data-step][data-state=done]")).to_have_count(7)
    page.get_by_role("button", name="Watch").click()
    plays(page)
    assert violations(page) == []
    (lesson,) = client.get(f"{COURSES}/{made}").json()["curriculum"][0]["lessons"]
    assert (lesson["id"], lesson["media_revision"]) == (lesson_id, 1)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Everybody can find it.")).to_be_visible()


def plays(page: Page) -> None:
    wait_until(page, "document.querySelector('video').currentTime > 0.2")


def test_upload_goes_on_by_itself_where_the_browser_kept_the_file(page: Page, kosu: Kosu, mishaps: list[str]) -> None:
    """With a handle that may be read, nobody has to pick the file again."""
    client = instructor(kosu, page)
    made = course(client)
    section(client, made, "First", "The talk")
    # A file of the browser's own disk has a handle as a picked one has, and needs no permission.
    page.add_init_script("""
        window.showOpenFilePicker = async () => {
            const folder = await navigator.storage.getDirectory()
            const handle = await folder.getFileHandle('talk.mp4', { create: true })
            const file = await handle.createWritable()
            await file.write(new Uint8Array(17 * 1024 * 1024))
            await file.close()
            return [handle]
        }
    """)
    store = Store(page, open_for=1)
    page.goto(f"/studio/courses/{made}/media")
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        page.get_by_role("button", name="Choose a video").click()
    page.on("dialog", lambda dialog: dialog.accept())
    store.open()
    page.reload()
    expect(page.get_by_role("alert").filter(has_text="no video or sound").first).to_be_visible()
    assert sorted(store.arrived) == ["1", "2", "3"]
    mishaps.clear()  # the browser's own line on a file of zeros, which is no video


@pytest.mark.usefixtures("without_handles")
def test_another_file_is_refused_and_an_upload_is_given_up(page: Page, kosu: Kosu, video: Path, tmp_path: Path) -> None:
    client = instructor(kosu, page)
    made = course(client)
    section(client, made, "First", "The talk")
    Store(page, open_for=1)
    page.goto(f"/studio/courses/{made}/media")
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        pick(page, "Choose a video", video)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    other = tmp_path / "other.mp4"
    other.write_bytes(b"something else")

    pick(page, "Pick the file again", other)
    expect(page.get_by_text("That is another file.").first).to_be_visible()
    page.get_by_role("button", name="Give up").first.click()

    expect(page.get_by_role("region", name="Uploads")).to_have_count(0)
    expect(page.get_by_role("button", name="Choose a video")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Choose a video")).to_be_visible()


@pytest.mark.usefixtures("without_handles")
def test_what_is_no_video_and_no_captions_is_explained(
    page: Page, kosu: Kosu, video: Path, tmp_path: Path, mishaps: list[str]
) -> None:
    client = instructor(kosu, page)
    made = course(client)
    section(client, made, "First", "The talk")
    text = tmp_path / "talk.mp4"
    text.write_text("once upon a time")
    page.goto(f"/studio/courses/{made}/media")
    pick(page, "Choose a video", text)
    expect(page.get_by_role("alert").filter(has_text="no video or sound in a format").first).to_be_visible()

    page.locator("summary").filter(has_text="Captions").click()
    captions = tmp_path / "captions.vtt"
    captions.write_text("WEBVTT\n\n00:01.000 --> 00:00\nHello\n")
    pick(page, "Choose a .vtt file", captions)
    expect(page.get_by_text("Line 3 of the file is no WebVTT.")).to_be_visible()
    captions.write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n")
    pick(page, "Choose a .vtt file", captions)
    expect(page.get_by_text("The captions in English are saved.")).to_be_visible()
    page.get_by_role("button", name="Remove the captions in English").click()
    expect(page.get_by_text("The captions in English are removed.")).to_be_visible()
    mishaps.clear()  # the browser's own lines on the two refusals


def test_figures_are_drawn(page: Page, kosu: Kosu, violations: Callable[[Page], list[Violation]]) -> None:
    """What learners do is made up here: only the page is looked at."""
    client = instructor(kosu, page)
    made = course(client)
    (lesson_id,) = section(client, made, "First", "The talk")
    page.route(re.compile(r"/api/v1/.*/analytics"), lambda route: route.fulfill(json=figures(made, lesson_id)))
    for theme, width in (("light", 1280), ("dark", 390)):
        page.context.add_cookies([{"name": "kosu_theme", "value": theme, "url": kosu.web_url}])
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"/studio/courses/{made}/analytics")
        expect(page.get_by_role("img", name="How far people watch The talk")).to_be_visible()
        page.get_by_role("slider", name="Moment").press("End")
        expect(page.get_by_role("slider", name="Moment")).to_have_attribute("aria-valuetext", "0:20: 2 learners, 25%")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_text("As a table").nth(1).click()
    expect(page.get_by_role("row", name="0:10 4 50%")).to_be_visible()


def figures(course_id: str, lesson_id: str) -> dict[str, Any]:
    days = [{"date": f"2026-11-{day:02}", "count": day % 4} for day in range(1, 31)]
    return {
        "course_id": course_id,
        "enrolments": {"total": 44, "by_day": days},
        "active_learners": 12,
        "completion": {"learners": 4, "percent": 9.1},
        "average_percent": 37.5,
        "rating": {"average": 4.6, "count": 5},
        "lessons": [
            {
                "id": lesson_id,
                "title": "The talk",
                "kind": "video",
                "duration_ms": 30_000,
                "begun": 8,
                "completed": 2,
                "retention": {"bucket_ms": 10_000, "learners": [8, 4, 2]},
            }
        ],
    }
