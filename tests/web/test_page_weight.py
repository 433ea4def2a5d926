"""Public pages come with little script: what they load at once, as it travels (gzip)."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.support.kosu import Kosu, ok

MOST_KILOBYTES = 160

SCRIPT = re.compile(r'<script[^>]*\bsrc="([^"]+)"[^>]*>')


@pytest.fixture
def site(kosu: Kosu) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=kosu.web_url, timeout=30) as client:
        yield client


def weight(site: httpx.Client, path: str) -> float:
    """Of the scripts that a page asks for before anything is done with it, kB; old browsers' own do not count."""
    page = site.get(path)
    assert page.status_code == 200, path
    scripts = {found[1] for found in SCRIPT.finditer(page.text) if "nomodule" not in found[0].lower()}
    assert scripts, "a page without scripts: the pattern no longer fits"
    return sum(len(gzip.compress(site.get(script).raise_for_status().content, 6)) for script in scripts) / 1000


def test_public_pages_are_light(kosu: Kosu, site: httpx.Client) -> None:
    course = ok(kosu.stranger().get("/api/v1/courses"), 200)["items"][0]
    paths = ["/", "/explore", f"/categories/{course['category']['slug']}", "/collections", f"/courses/{course['slug']}"]
    weights = {path: weight(site, path) for path in [*paths, "/welcome", "/certificates/ABCD-EFGH-JKMN-PQRS"]}
    assert max(weights.values()) <= MOST_KILOBYTES, weights
