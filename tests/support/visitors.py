"""People before the web client: accounts of a test's own, and what their browsers do."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import httpx
from playwright.sync_api import Browser, Locator, Page, ViewportSize

from tests.support.browser import signed_in
from tests.support.kosu import Kosu, eventually, ok

SMALL, WIDE = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=800)


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    password: str

    @property
    def credentials(self) -> dict[str, str]:
        return {"email": self.email, "password": self.password}


def somebody(kosu: Kosu) -> Person:
    """Somebody new, whose first device is none of the test's."""
    person = Person(email=f"{uuid4().hex}@kosu.test", password="seven dwarfs in a row")
    ok(kosu.stranger().post("/api/v1/auth/register", json={**person.credentials, "display_name": "Ada"}), 201)
    return person


def device_of(kosu: Kosu, person: Person) -> httpx.Client:
    """One more device of that person, which is no browser."""
    client = kosu.stranger(**{"Sec-Fetch-Site": "same-origin"})
    ok(client.post("/api/v1/auth/login", json=person.credentials), 200)
    return client


def enter(form: Page | Locator, person: Person) -> None:
    """Fill in the form to sign in, on the page or in the dialog given, and send it."""
    form.get_by_label("E-mail", exact=True).fill(person.email)
    form.get_by_label("Password", exact=True).fill(person.password)
    form.get_by_role("button", name="Sign in", exact=True).click()


@contextmanager
def other_browser(browser: Browser, kosu: Kosu, person: Person) -> Iterator[Page]:
    """A second browser in which the person is signed in."""
    context = browser.new_context(base_url=kosu.web_url, locale="en-GB", viewport=WIDE)
    yield signed_in(context.new_page(), person.credentials, web_url=kosu.web_url)
    context.close()


def mailed_link(kosu: Kosu, person: Person, path: str) -> str:
    """The link to `path` in the newest mail to that person that has one."""
    found: list[str] = []

    def has_come() -> bool:
        for file in sorted((kosu.home / "mail").glob("*.eml"), reverse=True):
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            body = mail.get_body()
            assert body is not None
            if mail["to"] == person.email and (link := re.search(rf"\S+{path}#\S+", body.get_content())):
                found.append(link[0])
                return True
        return False

    eventually(has_come)
    return found[0]


def forgive(mishaps: list[str], *statuses: int) -> None:
    """Browsers complain of every answer that is none of success; a test that brings them about means these."""
    mishaps[:] = [each for each in mishaps if not any(f"status of {status}" in each for status in statuses)]
