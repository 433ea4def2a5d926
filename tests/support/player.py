"""The player as a browser has it: what its video does, and what its learner does to it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from tests.support.browser import wait_until

VIDEO = "document.querySelector('video')"


def opened(page: Page, path: str) -> Page:
    """The page at that path, once its video can be played."""
    page.goto(path, wait_until="commit")
    is_loaded(page)
    return page


def is_loaded(page: Page) -> None:
    wait_until(page, f"{VIDEO} && {VIDEO}.readyState >= 2")


def position(page: Page) -> float:
    """Where the video stands, in seconds."""
    return float(page.evaluate(f"{VIDEO}.currentTime"))


def plays_beyond(page: Page, seconds: float) -> None:
    wait_until(page, f"{VIDEO}.currentTime > {seconds} && !{VIDEO}.paused")


def pauses(page: Page) -> None:
    wait_until(page, f"{VIDEO}.paused")


def lands_at(page: Page, seconds: float) -> None:
    """Within half a second of it."""
    wait_until(page, f"{VIDEO} && {VIDEO}.readyState >= 2 && Math.abs({VIDEO}.currentTime - {seconds}) < 0.5")


def rail(page: Page) -> Locator:
    """Filled in with milliseconds, it seeks."""
    return page.get_by_role("slider", name="Position")
