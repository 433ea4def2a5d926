"""Who comes in, and how: signing in and up, forgotten passwords, links from mails."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Violation
from tests.support.kosu import Kosu, ok
from tests.support.visitors import SMALL, WIDE, Person, device_of, enter, forgive, mailed_link, somebody


def test_signing_in_leads_on_to_what_was_asked_for(page: Page, kosu: Kosu) -> None:
    """Who opens a page of members' is sent to sign in, comes back to it, and is known there."""
    person = somebody(kosu)
    page.goto("/settings/profile")
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    enter(page, person)
    page.wait_for_url("**/settings/profile")
    expect(page.get_by_label("E-mail")).to_have_value(person.email)
    expect(page.get_by_role("button", name="Your account")).to_be_visible()


def test_signing_in_leads_nowhere_else(page: Page, kosu: Kosu) -> None:
    page.goto("/sign-in?next=//evil.test/orders")
    enter(page, somebody(kosu))
    page.wait_for_url(f"{kosu.web_url}/")


def test_a_wrong_password_is_said_so_and_what_was_typed_stays(page: Page, kosu: Kosu, mishaps: list[str]) -> None:
    person = somebody(kosu)
    page.goto("/sign-in")
    enter(page, Person(person.email, "this is not it at all"))
    expect(page.get_by_role("alert").filter(has_text="is not right")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value(person.email)
    forgive(mishaps, 401)


def test_somebody_new_signs_up_and_is_told_what_is_wrong_beside_it(page: Page, kosu: Kosu, mishaps: list[str]) -> None:
    taken = somebody(kosu)
    page.goto("/sign-up")
    page.get_by_label("Name").fill("Grace")
    page.get_by_label("E-mail").fill(taken.email)
    password = page.get_by_label("Password", exact=True)
    password.fill("short")
    page.get_by_role("button", name="Create account").click()
    expect(password).to_have_accessible_description(re.compile("Use 12 to 128 characters"))
    password.fill("eleven pipers piping")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_label("E-mail")).to_have_accessible_description(re.compile("an account with this address"))
    page.get_by_label("E-mail").fill(f"new-{taken.email}")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("button", name="Your account")).to_be_visible()
    forgive(mishaps, 409, 422)


def test_a_korean_page_makes_a_korean_account(page: Page, kosu: Kosu) -> None:
    page.context.add_cookies([{"name": "kosu_locale", "value": "ko", "url": kosu.web_url}])
    page.goto("/sign-up")
    page.get_by_label("이름").fill("유나")
    page.get_by_label("이메일").fill(f"ko-{somebody(kosu).email}")
    page.get_by_label("비밀번호", exact=True).fill("열두 글자가 넘는 비밀번호")
    page.get_by_role("button", name="계정 만들기").click()
    expect(page.get_by_role("button", name="내 계정")).to_be_visible()
    assert page.evaluate("fetch('/api/v1/me').then(answer => answer.json())")["locale"] == "ko"


def test_a_forgotten_password_is_set_anew_by_the_mailed_link(page: Page, kosu: Kosu, mishaps: list[str]) -> None:
    person = somebody(kosu)
    page.goto("/reset")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("status").filter(has_text=person.email)).to_be_visible()

    link = mailed_link(kosu, person, "/reset")
    changed = Person(person.email, "a whole new password")
    page.goto(link)
    page.get_by_label("New password", exact=True).fill(changed.password)
    page.get_by_role("button", name="Set password").click()
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    enter(page, changed)
    expect(page.get_by_role("button", name="Your account")).to_be_visible()

    page.goto("about:blank")
    page.goto(link)
    page.get_by_label("New password", exact=True).fill("once more, with feeling")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_role("alert").filter(has_text="used already")).to_be_visible()
    forgive(mishaps, 422)


def test_an_address_is_confirmed_by_one_press_and_not_by_opening_the_link(page: Page, kosu: Kosu) -> None:
    """Programs that look into mails open links, and run their scripts, too."""
    person = somebody(kosu)
    device = device_of(kosu, person)
    page.goto(mailed_link(kosu, person, "/verify-email"))
    confirm = page.get_by_role("button", name="Yes, this address is mine")
    expect(confirm).to_be_enabled()
    assert ok(device.get("/api/v1/me"), 200)["email_verified"] is False
    confirm.click()
    expect(page.get_by_role("status").filter(has_text="confirmed")).to_be_visible()
    assert ok(device.get("/api/v1/me"), 200)["email_verified"] is True


def test_who_has_not_confirmed_is_reminded_and_can_have_the_mail_once_more(page: Page, kosu: Kosu) -> None:
    page.goto("/sign-in?next=/settings/security")
    person = somebody(kosu)
    enter(page, person)
    reminder = page.get_by_role("status").filter(has_text=person.email)
    reminder.get_by_role("button", name="Send it again").click()
    expect(reminder).to_contain_text("A new mail is on its way")


def test_a_kind_of_mail_is_turned_off_by_one_press_and_nobody_signs_in(page: Page, kosu: Kosu) -> None:
    person = somebody(kosu)
    device = device_of(kosu, person)
    (free,) = ok(kosu.stranger().get("/api/v1/courses", params={"price": "free", "limit": 1}), 200)["items"]
    ok(device.post(f"/api/v1/courses/{free['slug']}/enrol"), 201)
    page.goto(mailed_link(kosu, person, "/unsubscribe"))
    page.get_by_role("button", name="Stop these mails").click()
    expect(page.get_by_role("status").filter(has_text="new courses")).to_be_visible()
    assert ok(device.get("/api/v1/me/notifications"), 200)["enrolment"] is False


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-up", "/reset", "/reset#token=x", "/verify-email#token=x", "/unsubscribe"]
)
def test_the_ways_in_are_accessible(page: Page, violations: Callable[[Page], list[Violation]], path: str) -> None:
    for size in (WIDE, SMALL):
        page.set_viewport_size(size)
        page.goto(path)
        expect(page.get_by_role("main").locator("button, [role=status]").first).to_be_visible()
        assert violations(page) == []
