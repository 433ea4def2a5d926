"""Takes a picture of every screen in every look, and tells what is wrong on them: `make screenshots`.

It runs a stack of its own, which takes minutes until its demo is complete, or looks at one that runs already.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tests.support.browser import CHROMIUM_OPTIONS, chromium, signed_in
from tests.support.demo_places import places_of
from tests.support.kosu import Kosu, eventually
from tests.support.screens import Screen, all_screens
from tests.support.screenshots import LOOKS, Look, Photographer, Shot, contact_sheet
from tests.support.stack import KOSU_UP, ROOT, started_stack


def main(argv: Sequence[str] | None = None) -> int:
    """Answers the exit status: 1 where something is wrong on a screen."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "screenshots", help="where pictures go (%(default)s)")
    parser.add_argument("--only", type=re.compile, default=re.compile(""), help="screens whose names match")
    parser.add_argument("--looks", type=re.compile, default=re.compile(""), help="looks such as 390-dark-ko that match")
    parser.add_argument("--stack", type=Path, help="the ready file of a stack that runs, with a complete demo")
    arguments = parser.parse_args(argv)
    if chromium() is None:
        sys.exit("there is no chromium (on Debian: apt install chromium, and fonts-noto-cjk for Korean)")
    shutil.rmtree(arguments.folder, ignore_errors=True)
    with _stack(arguments.stack) as kosu:
        looks = [look for look in LOOKS if arguments.looks.search(str(look))]
        shots = list(_shots(kosu, arguments.folder, arguments.only, looks))
    sheet = contact_sheet(arguments.folder, shots)
    troubled = [shot for shot in shots if shot.troubles]
    for shot in troubled:
        _print(f"{shot.file.name}: {'; '.join(shot.troubles)}")
    _print(f"{len(shots)} pictures, {len(troubled)} with something wrong: {sheet}")
    return 1 if troubled or not shots else 0


@contextmanager
def _stack(ready_file: Path | None) -> Iterator[Kosu]:
    with ExitStack() as closing:
        if ready_file is not None:
            yield Kosu(json.loads(ready_file.read_text()), Path(), closing)
            return
        home = Path(closing.enter_context(TemporaryDirectory(prefix="kosu-screens-"))) / "home"
        command = (*KOSU_UP, "--web-builds", str(ROOT / ".kosu/web"))
        stack = closing.enter_context(started_stack(home, command=command))
        kosu = closing.enter_context(Kosu.of(stack))
        _print("waiting until the demo is complete, which takes a minute or two")
        eventually((home / "filled").exists, every_seconds=1)
        yield kosu


def _shots(kosu: Kosu, folder: Path, only: re.Pattern[str], looks: Sequence[Look]) -> Iterator[Shot]:
    places = places_of(kosu)
    photographer = Photographer(folder, kosu.web_url)
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS) as browser,
    ):
        for who, screens in _by_person(screen for screen in all_screens(places) if only.search(screen.name)):
            with browser.new_context(timezone_id="Asia/Seoul") as context:
                if who:
                    signed_in(context.new_page(), places.accounts[who], web_url=kosu.web_url)
                for screen in screens:
                    _print(screen.name)
                    yield from photographer.shots(context, screen, looks)


def _by_person(screens: Iterable[Screen]) -> Iterable[tuple[str, list[Screen]]]:
    """So that each signs in once."""
    groups: dict[str, list[Screen]] = {}
    for screen in screens:
        groups.setdefault(screen.who, []).append(screen)
    return groups.items()


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the output of the command


if __name__ == "__main__":
    sys.exit(main())
