"""A browser before the web client: signing in, and what is wrong for people who do not see or do not point."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

CHROMIUM_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""As root it has no sandbox; it opens the tests' own pages only, and asks nobody else for anything."""

# What the web client marks a browser with where somebody is signed in: web/src/lib/api/marks.ts.
_SIGNED_IN = "kosu_signed_in"


def wait_until(page: Page, expression: str, *, seconds: float = 60) -> None:
    """Wait until a JavaScript expression is true on the page.

    Playwright's own `wait_for_function` has the page evaluate text, which the site's policy forbids.
    """
    deadline = time.monotonic() + seconds
    while not page.evaluate(f"Boolean({expression})"):
        assert time.monotonic() < deadline, f"it never came true: {expression}"
        page.wait_for_timeout(50)


def chromium() -> str | None:
    """The system's own browser; none is downloaded."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of axe that a page breaks, and where."""

    rule: str
    help: str
    places: tuple[str, ...]


def axe(page: Page, script: Path) -> list[Violation]:
    """What axe-core, whose script is given, finds wrong on the page as it is shown now."""
    page.evaluate(script.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate("axe.run(document).then(results => results.violations)")
    return [
        Violation(rule["id"], rule["help"], tuple(json.dumps(node["target"]) for node in rule["nodes"]))
        for rule in found
    ]


def signed_in(page: Page, account: Mapping[str, str], *, web_url: str) -> Page:
    """Make the page's browser a new device of somebody, at their limit instead of another one.

    Pages that are opened from now on show it.
    """
    answer = page.request.post(f"{web_url}/api/v1/auth/login", data=dict(account))
    if answer.status == HTTPStatus.CONFLICT:
        limit = answer.json()
        admitted = {"ticket": limit["ticket"], "revoke_session_id": limit["sessions"][-1]["id"]}
        answer = page.request.post(f"{web_url}/api/v1/auth/admit", data=admitted)
    assert answer.ok, answer.text()
    page.context.add_cookies([{"name": _SIGNED_IN, "value": "1", "url": web_url}])
    return page


def looks(page: Page) -> Iterator[None]:
    """Shows the page that is open as it looks on desks and in hands, by day and by night, one after the other."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.locator(f"html[data-theme={theme}]").wait_for()
            yield
