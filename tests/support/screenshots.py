"""Looks at pages in all their looks: keeps what is seen as pictures, and tells what is wrong on them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from playwright.sync_api import TimeoutError as NeverComesError

from entrypoints.cli import WEB
from tests.support.browser import wait_until
from tests.support.screens import Screen

WIDTHS = (1280, 390)
THEMES = ("light", "dark")
LOCALES = ("en", "ko")
HEIGHT = 800
MOST_SHIFT = 0.02
"""Of a page while it loads, as Cumulative Layout Shift counts it."""

_COUNT_SHIFTS = """
    window.shifted = 0
    new PerformanceObserver(list => {
        for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifted += shift.value
    }).observe({ type: 'layout-shift', buffered: true })
"""
# Where a translation is missing, its key is shown. What people write as code may look like one.
_WORDS = """() => {
    const copy = document.body.cloneNode(true)
    copy.querySelectorAll('script, style, template, code, pre').forEach(each => each.remove())
    const labels = [...copy.querySelectorAll('[aria-label]')].map(each => each.ariaLabel)
    return [document.title, copy.textContent, ...labels].join('\\n')
}"""


@dataclass(frozen=True, slots=True)
class Look:
    width: int
    theme: str
    locale: str

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}-{self.locale}"


LOOKS = tuple(Look(*look) for look in product(WIDTHS, THEMES, LOCALES))


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of a screen, and what is wrong there, in words."""

    screen: str
    look: Look
    file: Path
    troubles: tuple[str, ...]


@dataclass(slots=True)
class Photographer:
    """Takes pictures into a folder, which it makes."""

    folder: Path
    web_url: str
    keys: re.Pattern[str] = field(default_factory=lambda: message_keys(WEB / "messages/en"))

    def shots(self, context: BrowserContext, screen: Screen, looks: Sequence[Look] = LOOKS) -> Iterator[Shot]:
        """Opens the screen in the browser, once for each language and width, and shows it in both themes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for locale, width in dict.fromkeys((look.locale, look.width) for look in looks):
            context.add_cookies([{"name": "kosu_locale", "value": locale, "url": self.web_url}])
            page = context.new_page()
            said = heard(page)
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.add_init_script(_COUNT_SHIFTS)
            page.emulate_media(reduced_motion="reduce")
            page.goto(f"{self.web_url}{screen.path}")
            settle(page)
            shifted = float(page.evaluate("window.shifted"))
            if screen.act:
                screen.act(page)
                settle(page)
            for look in looks:
                if (look.locale, look.width) == (locale, width):
                    yield self._shot(page, screen, look, shifted=shifted, said=said)
            context.set_offline(False)
            page.close()

    def _shot(self, page: Page, screen: Screen, look: Look, *, shifted: float, said: list[str]) -> Shot:
        page.emulate_media(color_scheme="dark" if look.theme == "dark" else "light")
        troubles = list(self._troubles(page, screen, shifted=shifted, said=said))
        try:
            page.locator(f"html[data-theme={look.theme}]").wait_for(state="attached", timeout=5_000)
        except NeverComesError:
            troubles.append(f"it does not become {look.theme}")
        file = self.folder / f"{screen.name}-{look}.png"
        page.screenshot(path=file, full_page=True, animations="disabled")
        return Shot(screen.name, look, file, tuple(troubles))

    def _troubles(self, page: Page, screen: Screen, *, shifted: float, said: list[str]) -> Iterator[str]:
        wider = int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
        if wider > 0:
            yield f"it is {wider} pixels wider than the screen"
        if shifted > MOST_SHIFT:
            yield f"it jumps while it loads: {shifted:.3f}"
        for key in sorted(set(self.keys.findall(str(page.evaluate(_WORDS))))):
            yield f"untranslated: {key}"
        for line in said:
            if not any(f"status of {status}" in line for status in screen.meant):
                yield f"the console says: {line}"


def message_keys(folder: Path) -> re.Pattern[str]:
    """What the name of a message looks like: `<namespace>.<key>`. Each file in the folder is a namespace."""
    namespaces = "|".join(sorted(file.stem for file in folder.glob("*.json")))
    return re.compile(rf"(?<![\w.@/-])(?:{namespaces})(?:\.[a-z]\w*)+(?![\w.@/-])")


def heard(page: Page) -> list[str]:
    """What the page's console and its scripts complain of from now on."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(f"{message.text} {message.location['url']}")

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def settle(page: Page) -> None:
    """Until all that the page asks for is there, and nothing stands for something else any more."""
    page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach(image => { image.loading = 'eager' })")
    page.wait_for_load_state("networkidle")
    wait_until(page, "!document.querySelector('main .animate-pulse')")
    page.evaluate("document.fonts.ready")


def contact_sheet(folder: Path, shots: Iterable[Shot]) -> Path:
    """A page with all pictures, those of a screen in a row, and what is wrong under them."""
    rows: dict[str, list[Shot]] = {}
    for shot in shots:
        rows.setdefault(shot.screen, []).append(shot)
    body = "".join(f"<h2>{html.escape(name)}</h2><div>{''.join(map(_figure, row))}</div>" for name, row in rows.items())
    file = folder / "index.html"
    file.write_text(_SHEET.format(body=body), encoding="utf-8")
    return file


def _figure(shot: Shot) -> str:
    name, troubles = html.escape(shot.file.name), "".join(f"<li>{html.escape(each)}" for each in shot.troubles)
    return (
        f'<figure><a href="{name}"><img src="{name}" alt="" loading="lazy" width="{shot.look.width // 4}"></a>'
        f"<figcaption>{shot.look}<ul>{troubles}</ul></figcaption></figure>"
    )


_SHEET = """<!doctype html><meta charset="utf-8"><title>Screens of Kosu</title>
<style>
  body {{ font: 14px system-ui; background: #888; color: #fff }}
  div {{ display: flex; gap: 12px; overflow-x: auto; align-items: flex-start }}
  figure {{ margin: 0 }}
  li {{ color: #fd0 }}
</style>
{body}
"""
