"""The policy of pages holds in a real browser: the site works under it, and a script that is slipped in does not."""

from __future__ import annotations

import re

import httpx
from playwright.sync_api import Page

from tests.support.kosu import Kosu


def test_pages_carry_a_policy_with_a_nonce_of_their_own(kosu: Kosu) -> None:
    nonces = set()
    for path in ("/", "/explore", "/sign-in", "/nowhere"):
        answer = httpx.get(f"{kosu.web_url}{path}", timeout=30)
        policy = answer.headers["content-security-policy"]
        [nonce] = re.findall(r"'nonce-([^']+)'", policy)
        nonces.add(nonce)
        assert "script-src 'self' 'nonce-" in policy
        # Each script that is written into the page carries it; data is no script.
        inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", answer.text)
        executable = [tag for tag in inline if "application/ld+json" not in tag]
        assert executable
        assert all(f'nonce="{nonce}"' in tag for tag in executable)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "x-powered-by" not in answer.headers
    assert len(nonces) == 4


def test_a_script_that_is_slipped_in_does_not_run(page: Page, mishaps: list[str]) -> None:
    page.goto("/explore")
    page.evaluate(
        """() => {
            window.slipped = false
            const script = document.createElement('script')
            script.textContent = 'window.slipped = true'
            document.body.append(script)
            document.body.insertAdjacentHTML('beforeend', '<img src=x:// onerror="window.slipped = true">')
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.slipped") is False
    assert [mishap for mishap in mishaps if "Content Security Policy" in mishap]
    mishaps.clear()


def test_what_the_api_answers_through_the_site_has_the_apis_policy(kosu: Kosu) -> None:
    answer = httpx.get(f"{kosu.web_url}/api/v1/courses", timeout=30)
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_metrics_are_not_shown_through_the_site(kosu: Kosu) -> None:
    assert httpx.get(f"{kosu.web_url}/metrics", timeout=30).status_code == 404
