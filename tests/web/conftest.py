"""A whole stack with the web client, and a browser before it.

All of these tests run in one process, so that there is one stack and one build; it is made with the first of them.
The build is kept in pytest's cache for the next run.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from entrypoints.cli import WEB
from entrypoints.embedded.web_builds import WebBuilds
from entrypoints.embedded.web_sources import WebSources
from tests.support.browser import CHROMIUM_OPTIONS, Violation, axe, chromium, signed_in
from tests.support.kosu import Kosu
from tests.support.stack import KOSU_UP, ROOT, started_stack
from tests.support.watched import Watched, watched_course

RESULTS = ROOT / "test-results"
"""What failed tests leave: a screenshot and a trace (`playwright show-trace FILE`)."""

# As patient as Playwright is elsewhere: a busy machine is no defect, and what passes waits for nothing.
expect.set_options(timeout=30_000)

_HERE = Path(__file__).parent
_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.xdist_group("web"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture(scope="package")
def web_builds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebBuilds]:
    """The build of the web client as it is. It is held while the tests run, so that no other run removes it."""
    if chromium() is None:
        pytest.skip("there is no chromium: the tests of the web client are skipped (on Debian: apt install chromium)")
    assert request.config.cache is not None
    builds = WebBuilds(
        folder=request.config.cache.mkdir("web-builds"),
        sources=WebSources(WEB),
        log=tmp_path_factory.mktemp("web") / "build.log",
    )
    with builds.obtained(os.environ, say=print, pause=time.sleep):
        yield builds


@pytest.fixture(scope="package")
def kosu(web_builds: WebBuilds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kosu]:
    """The stack, seeded with courses that nobody has begun or filmed, with clients for what a test has to prepare."""
    home = tmp_path_factory.mktemp("stack") / "home"
    command = (*KOSU_UP, "--quiet-demo", "--web-builds", str(web_builds.folder))
    with started_stack(home, command=command) as stack, Kosu.of(stack) as kosu:
        assert kosu.web_url, stack.output
        yield kosu


@pytest.fixture(scope="package")
def filmed(kosu: Kosu, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """A course with a video that whoever likes may try. Tests share it, each with learners of its own."""
    return watched_course(kosu, tmp_path_factory.mktemp("video"), preview=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # For one module: while it runs, no other event loop can in this process, and async tests may follow.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def mishaps() -> list[str]:
    """What the page's console and its scripts complain of. A test that means it removes it: the rest fails the test."""
    return []


@pytest.fixture
def page(kosu: Kosu, browser: Browser, mishaps: list[str], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a fresh browser, where paths such as `/explore` are the web client's."""
    context = browser.new_context(base_url=kosu.web_url, locale="en-GB", viewport={"width": 1280, "height": 800})
    context.tracing.start(screenshots=True, snapshots=True)
    page = context.new_page()

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            # The text of a missing file does not say which one.
            missing = message.text.startswith("Failed to load resource")
            mishaps.append(f"{message.text} {message.location['url']}" if missing else message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: mishaps.append(str(error)))
    yield page
    failed = request.node.stash.get(_FAILED, False) or bool(mishaps)
    if failed:
        results = RESULTS / re.sub(r"[^\w.-]+", "-", request.node.name)
        page.screenshot(path=results / "page.png", full_page=True)
        context.tracing.stop(path=results / "trace.zip")
    context.close()
    assert mishaps == []


@pytest.fixture
def sign_in(kosu: Kosu) -> Callable[[Page, str], Page]:
    """`sign_in(page, "learner")` makes the page's browser a new device of that account of the demo."""
    return lambda page, role: signed_in(page, kosu.accounts[role], web_url=kosu.web_url)


@pytest.fixture(scope="package")
def violations(web_builds: WebBuilds) -> Callable[[Page], list[Violation]]:
    """`violations(page)`: what axe finds wrong on it."""
    script = web_builds.workshop / "node_modules/axe-core/axe.min.js"
    return lambda page: axe(page, script)
