"""Somebody's devices: the limit, the list, and one that is ended while it is in use."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import Violation, signed_in
from tests.support.kosu import Kosu, ok
from tests.support.visitors import SMALL, WIDE, Person, device_of, enter, forgive, other_browser, somebody

LIMIT = 5


@pytest.fixture
def person(kosu: Kosu) -> Person:
    return somebody(kosu)


def devices(client: httpx.Client) -> list[str]:
    return [each["label"] for each in ok(client.get("/api/v1/me/sessions"), 200)["items"]]


def test_at_the_limit_one_device_gives_way_for_this_one(
    page: Page, kosu: Kosu, person: Person, mishaps: list[str], violations: Callable[[Page], list[Violation]]
) -> None:
    clients = [device_of(kosu, person) for _ in range(LIMIT - 1)]
    kept = clients[0]
    for number, client in enumerate(clients):
        (current,) = (each for each in ok(client.get("/api/v1/me/sessions"), 200)["items"] if each["current"])
        ok(client.patch(f"/api/v1/me/sessions/{current['id']}", json={"label": f"Laptop {number}"}), 200)

    page.goto("/sign-in?next=/settings/devices")
    enter(page, person)
    picker = page.get_by_role("region", name="signed in on 5 devices already")
    expect(picker.get_by_role("listitem")).to_have_count(LIMIT)
    expect(picker.get_by_role("heading")).to_be_focused()
    for size in (WIDE, SMALL):
        page.set_viewport_size(size)
        assert violations(page) == []

    picker.get_by_role("button", name="Sign out Laptop 3").click()
    page.wait_for_url("**/settings/devices")
    expect(page.get_by_role("main").get_by_role("listitem").filter(has_text="This device")).to_be_visible()
    assert "Laptop 3" not in devices(kept)
    assert len(devices(kept)) == LIMIT
    assert clients[3].get("/api/v1/me").status_code == 401
    forgive(mishaps, 409)


def test_a_device_that_ended_meanwhile_leaves_room(page: Page, kosu: Kosu, person: Person, mishaps: list[str]) -> None:
    """The list that is shown grows old: what is chosen from it may be gone, and then nobody has to give way."""
    clients = [device_of(kosu, person) for _ in range(LIMIT - 1)]
    (current,) = (each for each in ok(clients[0].get("/api/v1/me/sessions"), 200)["items"] if each["current"])
    ok(clients[0].patch(f"/api/v1/me/sessions/{current['id']}", json={"label": "Old phone"}), 200)
    page.goto("/sign-in")
    enter(page, person)
    choice = page.get_by_role("button", name="Sign out Old phone")
    expect(choice).to_be_visible()
    assert clients[0].post("/api/v1/auth/logout").status_code == 204
    choice.click()
    expect(page.get_by_role("button", name="Your account")).to_be_visible()
    assert len(devices(clients[1])) == LIMIT
    forgive(mishaps, 409)


def test_a_device_is_ended_and_told_why_and_loses_nothing_that_was_typed(
    page: Page, browser: Browser, kosu: Kosu, person: Person, mishaps: list[str]
) -> None:
    signed_in(page, person.credentials, web_url=kosu.web_url).goto("/settings/profile")
    name = page.get_by_label("Name", exact=True)
    name.fill("Ada, Countess of Lovelace")

    with other_browser(browser, kosu, person) as other:
        other.goto("/settings/devices")
        rows = other.get_by_role("main").get_by_role("listitem")
        expect(rows).to_have_count(3)  # the one that registered, and two browsers
        # The browser that was seen before this one stands right below it.
        rows.nth(1).get_by_role("button", name="Sign out").click()
        expect(rows).to_have_count(2)
        expect(other.get_by_role("status").filter(has_text="was signed out.")).to_be_focused()

    page.get_by_role("button", name="Save").click()
    told = page.get_by_role("dialog")
    expect(told).to_contain_text("You ended this device from another one.")
    enter(told, person)
    expect(told).to_be_hidden()
    expect(name).to_have_value("Ada, Countess of Lovelace")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    assert ok(device_of(kosu, person).get("/api/v1/me"), 200)["display_name"] == "Ada, Countess of Lovelace"
    forgive(mishaps, 401)


def test_all_tabs_of_an_ended_device_are_told_at_once_and_go_on_together(
    page: Page, kosu: Kosu, person: Person, mishaps: list[str]
) -> None:
    signed_in(page, person.credentials, web_url=kosu.web_url).goto("/settings/profile")
    other_tab = page.context.new_page()
    other_tab.goto("/settings/notifications")
    expect(other_tab.get_by_role("switch").first).to_be_visible()
    remote = device_of(kosu, person)
    remote.delete("/api/v1/me/sessions?keep_current=true").raise_for_status()

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(other_tab.get_by_role("dialog")).to_contain_text("You ended this device from another one.")
    enter(page.get_by_role("dialog"), person)
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(other_tab.get_by_role("dialog")).to_be_hidden()
    forgive(mishaps, 401)


def test_signing_out_in_one_tab_is_told_in_the_others(page: Page, kosu: Kosu, person: Person) -> None:
    signed_in(page, person.credentials, web_url=kosu.web_url).goto("/settings/profile")
    other_tab = page.context.new_page()
    other_tab.goto("/settings/notifications")
    expect(other_tab.get_by_role("switch").first).to_be_visible()
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(other_tab.get_by_role("dialog")).to_contain_text("You signed out in another tab.")


def test_an_ending_that_was_refused_is_taken_back(page: Page, kosu: Kosu, person: Person, mishaps: list[str]) -> None:
    """Shown at once, and honest: the row is back, and it is said which device is still signed in."""
    signed_in(page, person.credentials, web_url=kosu.web_url).goto("/settings/devices")
    rows = page.get_by_role("main").get_by_role("listitem")
    expect(rows).to_have_count(2)
    page.route("**/api/v1/me/sessions/*", lambda route: route.fulfill(status=503, json={"code": "unavailable"}))
    rows.nth(1).get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("alert").filter(has_text="is still signed in.")).to_be_visible()
    expect(rows).to_have_count(2)
    forgive(mishaps, 503)


def test_the_list_is_worked_by_keyboard_alone(page: Page, kosu: Kosu, person: Person) -> None:
    device_of(kosu, person)
    signed_in(page, person.credentials, web_url=kosu.web_url).goto("/settings/devices")
    rows = page.get_by_role("main").get_by_role("listitem")
    expect(rows).to_have_count(3)
    page.get_by_role("link", name="Skip to content").focus()
    page.keyboard.press("Enter")

    def tab_to(name: str) -> None:
        """Go on until what has the focus is called so."""
        for _ in range(20):
            page.keyboard.press("Tab")
            if str(page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent")).startswith(
                name
            ):
                return
        pytest.fail(f"{name} is not to be reached by Tab")

    tab_to("Rename")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name of the device")).to_be_focused()
    page.keyboard.type("Left alone")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Left alone")).to_be_hidden()
    page.keyboard.press("Enter")  # the focus is back where it was
    page.keyboard.type("Kitchen")
    page.keyboard.press("Enter")
    expect(rows.filter(has_text="Kitchen")).to_contain_text("This device")

    tab_to("Sign out")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    tab_to("Sign out all others")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    tab_to("Sign out all others")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text="All other devices")).to_be_visible()
    assert len(devices(device_of(kosu, person))) == 2  # Kitchen, and the one that asks


def test_a_changed_password_ends_the_other_devices(page: Page, kosu: Kosu, person: Person, mishaps: list[str]) -> None:
    other = device_of(kosu, person)
    signed_in(page, person.credentials, web_url=kosu.web_url).goto("/settings/security")
    current = page.get_by_label("Current password")
    current.fill("not the one")
    page.get_by_label("New password").fill("a whole new password")
    page.get_by_role("button", name="Change password").click()
    expect(current).to_have_accessible_description("This is not your current password.")
    current.fill(person.password)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("status").filter(has_text="Your password is changed.")).to_be_visible()
    expect(current).to_have_value("")
    assert other.get("/api/v1/me").status_code == 401
    forgive(mishaps, 422)


def test_an_account_is_deleted_by_who_means_it(page: Page, kosu: Kosu, person: Person) -> None:
    signed_in(page, person.credentials, web_url=kosu.web_url).goto("/settings/profile")
    page.get_by_role("button", name="Delete account").click()
    confirm = page.get_by_role("button", name="Delete for good")
    expect(confirm).to_be_disabled()
    page.get_by_label("to confirm").fill(person.email.upper())
    confirm.click()
    page.wait_for_url(f"{kosu.web_url}/")
    expect(page.get_by_role("link", name="Get started")).to_be_visible()
    assert kosu.stranger().post("/api/v1/auth/login", json=person.credentials).status_code == 401


def test_ones_data_is_kept_as_a_file(page: Page, kosu: Kosu, person: Person) -> None:
    signed_in(page, person.credentials, web_url=kosu.web_url).goto("/settings/profile")
    with page.expect_download() as file:
        page.get_by_role("button", name="Download as JSON").click()
    assert file.value.suggested_filename == "kosu-account.json"
    assert person.email in file.value.path().read_text()


@pytest.mark.parametrize("name", ["profile", "devices", "security", "notifications"])
def test_the_settings_are_accessible(
    page: Page, kosu: Kosu, person: Person, violations: Callable[[Page], list[Violation]], name: str
) -> None:
    signed_in(page, person.credentials, web_url=kosu.web_url)
    for size in (WIDE, SMALL):
        page.set_viewport_size(size)
        page.goto(f"/settings/{name}")
        expect(page.get_by_role("main").locator("form, ul").first).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
