"""Every screen of the web client, in each state that is worth a look."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.support.demo_places import Places

Act = Callable[[Page], None]

_MEMBERS = ("/my-learning", "/notes", "/orders", "/settings/profile", "/studio", "/console")
_SETTINGS = ("profile", "devices", "security", "notifications")
_CONSOLE = ("orders", "webhooks", "media", "users", "courses", "audit")


@dataclass(frozen=True, slots=True)
class Screen:
    """What somebody sees at a path, once they have done something there.

    `who` is a role of the demo or of `Places`; a stranger without one. `meant` are the statuses of answers that belong
    to the screen: browsers write each of them to the console.
    """

    name: str
    path: str
    who: str = ""
    act: Act | None = None
    meant: tuple[int, ...] = ()


def all_screens(at: Places) -> Iterable[Screen]:
    yield from _public(at)
    yield from _ways_in(at)
    yield from _newcomers(at)
    yield from _learners(at)
    yield from _instructors(at)
    yield from _operators(at)


def _public(at: Places) -> Iterable[Screen]:
    yield Screen("home", "/")
    yield Screen("home-menu", "/", act=lambda page: page.locator("header button:visible").last.click())
    yield Screen("home-offline", "/", act=lambda page: page.context.set_offline(True))
    yield Screen("explore", "/explore")
    yield Screen("explore-found", "/explore?q=typescript&price=paid")
    yield Screen("explore-nothing", "/explore?q=zzzzqqqq&level=advanced")
    yield Screen("category", "/categories/design")
    yield Screen("collections", "/collections")
    yield Screen("collection", f"/collections/{at.collection}")
    yield Screen("welcome", "/welcome")
    yield Screen("course-paid", f"/courses/{at.paid.slug}")
    yield Screen("course-free", f"/courses/{at.begun.slug}")
    yield Screen("course-preview", f"/courses/{at.begun.slug}", act=lambda page: page.locator("aside button").click())
    yield Screen("lesson-stranger", at.begun.path("text", locked=True))
    yield Screen("certificate", f"/certificates/{at.certificate}")
    yield Screen("certificate-mistyped", "/certificates/ABCD-EFGH-JKMN-PQRS")
    yield Screen("not-found", "/courses/there-is-no-such-course", meant=(404,))


def _ways_in(at: Places) -> Iterable[Screen]:
    yield Screen("sign-in", "/sign-in")
    yield Screen("sign-in-refused", "/sign-in", act=signing_in(at.crowded["email"], "not the one"), meant=(401,))
    yield Screen("sign-in-limit", "/sign-in", act=signing_in(**at.crowded), meant=(409,))
    for path in ("/sign-up", "/reset"):
        yield Screen(path[1:], path)
    for path in ("/reset", "/verify-email", "/unsubscribe"):
        yield Screen(f"{path[1:]}-by-mail", f"{path}#token=x")
    for path in _MEMBERS:
        yield Screen(f"{path[1:].replace('/', '-')}-stranger", path, meant=(401,))


def _newcomers(at: Places) -> Iterable[Screen]:
    """Who has just registered, and has nothing yet."""
    yield Screen("home-newcomer", "/", "newcomer")
    for part in ("my-learning", "notes", "orders"):
        yield Screen(f"{part}-empty", f"/{part}", "newcomer")
    yield Screen("checkout", f"/checkout?course={at.paid.id}", "newcomer")
    yield Screen("lesson-locked", at.paid.path("video", locked=True), "newcomer")
    yield Screen("studio-newcomer", "/studio", "newcomer")
    yield Screen("console-newcomer", "/console", "newcomer")


def _learners(at: Places) -> Iterable[Screen]:
    lesson = at.begun.path("video")
    yield Screen("home-learner", "/", "learner")
    yield Screen("course-begun", f"/courses/{at.begun.slug}", "learner")
    yield Screen("my-learning", "/my-learning", "learner")
    yield Screen("my-learning-finished", "/my-learning", "graduate")
    yield Screen("notes", "/notes", "learner")
    yield Screen("orders", "/orders", "learner")
    yield Screen("order", f"/checkout/{at.order}", "learner")
    yield Screen("receipt", f"/receipt/{at.order}", "learner")
    yield Screen("lesson", lesson, "learner")
    yield Screen("lesson-notes", lesson, "learner", act=lambda page: page.get_by_role("tab").nth(1).click())
    yield Screen("lesson-questions", lesson, "learner", act=lambda page: page.get_by_role("tab").nth(2).click())
    yield Screen("lesson-keys", lesson, "learner", act=lambda page: page.keyboard.press("?"))
    yield Screen("lesson-text", at.begun.path("text"), "learner")
    yield Screen("lesson-finished", at.finished.path("text"), "graduate")
    for part in _SETTINGS:
        yield Screen(f"settings-{part}", f"/settings/{part}", "learner")
    yield Screen("settings-trouble", "/settings/devices", "learner", act=refused("**/me/sessions"), meant=(503,))


def _instructors(at: Places) -> Iterable[Screen]:
    yield Screen("studio", "/studio", "instructor")
    for part in ("new", "questions", "earnings"):
        yield Screen(f"studio-{part}", f"/studio/{part}", "instructor")
    for part in ("", "/curriculum", "/media", "/analytics"):
        yield Screen(f"studio-course{part.replace('/', '-')}", f"/studio/courses/{at.begun.id}{part}", "instructor")


def _operators(at: Places) -> Iterable[Screen]:
    yield Screen("console", "/console", "operator")
    for part in _CONSOLE:
        yield Screen(f"console-{part}", f"/console/{part}", "operator")
    yield Screen("console-order", f"/console/orders/{at.order}", "operator")
    yield Screen("console-webhook", f"/console/webhooks/{at.webhook}", "operator")


def signing_in(email: str, password: str) -> Act:
    def act(page: Page) -> None:
        page.locator("main input[type=email]").fill(email)
        page.locator("main input[autocomplete=current-password]").fill(password)
        with page.expect_response("**/auth/login"):
            page.locator("main button[type=submit]").click()

    return act


def refused(path: str) -> Act:
    """The page is loaded anew while what it asks for there is away."""

    def act(page: Page) -> None:
        page.route(path, lambda route: route.fulfill(status=503, json={"code": "unavailable"}))
        page.reload()

    return act
