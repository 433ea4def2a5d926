"""The pictures of all screens: a few of them are taken, and what is wrong on a screen is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import Browser, BrowserContext

from tests.support.kosu import Kosu
from tests.support.screens import Screen
from tests.support.screenshots import Look, Photographer, contact_sheet

BROKEN = """<!doctype html><html data-theme="light"><title>Broken</title>
<p>checkout.states.paid or <code>console.log</code> or someone@notes.test</p>
<p style="width: 400px; white-space: nowrap">So wide</p>
<script>
  console.error('raw')
  setTimeout(() => document.body.insertAdjacentHTML('afterbegin', '<div style="height: 300px"></div>'), 100)
</script>"""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context() as context:
        yield context


@pytest.fixture
def photographer(kosu: Kosu, tmp_path: Path) -> Photographer:
    return Photographer(tmp_path / "screenshots", kosu.web_url)


def test_screens_are_kept_in_their_looks(context: BrowserContext, photographer: Photographer) -> None:
    looks = (Look(390, "light", "ko"), Look(390, "dark", "ko"))
    screens = (Screen("sign-in", "/sign-in"), Screen("nothing", "/explore?q=zzzzqqqq"))
    shots = [shot for screen in screens for shot in photographer.shots(context, screen, looks)]
    assert [(shot.file.name, shot.troubles) for shot in shots] == [
        ("sign-in-390-light-ko.png", ()),
        ("sign-in-390-dark-ko.png", ()),
        ("nothing-390-light-ko.png", ()),
        ("nothing-390-dark-ko.png", ()),
    ]
    brightness = []
    for shot in shots:
        with Image.open(shot.file) as picture:
            assert picture.width == 390
            brightness.append(ImageStat.Stat(picture.convert("L")).mean[0])
    assert min(brightness[0], brightness[2]) > 150
    assert max(brightness[1], brightness[3]) < 100
    sheet = contact_sheet(photographer.folder, shots).read_text()
    assert all(sheet.count(f'src="{shot.file.name}"') == 1 for shot in shots)


def test_what_is_wrong_on_a_screen_is_told(context: BrowserContext, photographer: Photographer) -> None:
    context.route("**/broken", lambda route: route.fulfill(body=BROKEN, content_type="text/html"))
    (shot,) = photographer.shots(context, Screen("broken", "/broken"), (Look(390, "dark", "en"),))
    wide, jumps, key, said, light = shot.troubles
    assert wide.endswith("pixels wider than the screen")
    assert jumps.startswith("it jumps while it loads: 0.")
    assert key == "untranslated: checkout.states.paid"
    assert said.startswith("the console says: raw")
    assert light == "it does not become dark"
    assert "it jumps while it loads" in contact_sheet(photographer.folder, [shot]).read_text()


def test_an_answer_that_belongs_to_a_screen_is_no_trouble(context: BrowserContext, photographer: Photographer) -> None:
    page = '<!doctype html><html data-theme="light"><title>Gone</title><img src="/media/gone.png" alt="">'
    context.route("**/with-a-gap", lambda route: route.fulfill(body=page, content_type="text/html"))
    look = (Look(390, "light", "en"),)
    (meant,) = photographer.shots(context, Screen("gap", "/with-a-gap", meant=(403, 404)), look)
    (unmeant,) = photographer.shots(context, Screen("gap", "/with-a-gap"), look)
    assert meant.troubles == ()
    assert len(unmeant.troubles) == 1
