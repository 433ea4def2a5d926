"""Mails that can be turned off, over HTTP: settings, and the way out that mail programs take."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest

from kosu.ids import UserId
from kosu.modules.identity.domain.notifications import NotificationKind, unsubscribe_token
from kosu.modules.identity.domain.tokens import Keyring
from tests.support.api import Api, problem
from tests.support.taught import make_course

ALL = {"receipt": True, "enrolment": True, "answer": True, "certificate": True}
PATH = "/api/v1/me/notifications"
ONE_CLICK: dict[str, Any] = {"data": {"List-Unsubscribe": "One-Click"}}


async def test_everything_is_wanted_at_first_and_each_kind_can_be_turned_off(api: Api) -> None:
    learner, other = await api.learner(), await api.learner()
    assert (await learner.get(PATH)).json() == ALL
    assert (await learner.patch(PATH, json={"receipt": False})).json() == ALL | {"receipt": False}
    assert (await learner.patch(PATH, json={"answer": False, "receipt": True})).json() == ALL | {"answer": False}
    assert (await learner.patch(PATH, json={})).json() == ALL | {"answer": False}
    assert (await other.get(PATH)).json() == ALL
    for body in (b'{"receipt": "no"}', b'{"receipt": null}', b"[]", b"{"):
        answer = await learner.patch(PATH, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400
    for method in ("GET", "PATCH"):
        problem(await (await api.browser()).request(method, PATH, json={}), 401, "sign_in_required")


async def enrolment_mail(api: Api) -> tuple[httpx.AsyncClient, str]:
    """A learner, and the address by which the mail about their enrolment is unsubscribed from."""
    course = await make_course(api, amount_minor=0)
    learner = await api.learner()
    await learner.post(f"/api/v1/courses/{course.slug}/enrol")
    await api.work()
    (mail,) = [mail for mail in api.mailer.sent if mail.subject == "You are enrolled: Data"]
    return learner, mail.unsubscribe_url


async def test_one_click_turns_a_kind_off_without_signing_in(api: Api) -> None:
    learner, url = await enrolment_mail(api)
    mail_program = await api.browser()
    del mail_program.headers["Sec-Fetch-Site"]
    for _ in range(2):
        answer = await mail_program.post(url, **ONE_CLICK)
        assert (answer.status_code, answer.json()) == (200, {"kind": "enrolment"})
    assert (await learner.get(PATH)).json() == ALL | {"enrolment": False}


async def test_one_click_takes_any_form_of_body(api: Api) -> None:
    learner, url = await enrolment_mail(api)
    boundary = {"Content-Type": "multipart/form-data; boundary=x"}
    form = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    bodies: list[dict[str, Any]] = [
        {"content": form, "headers": boundary},
        {},
        {"json": {}},
        {"content": b"\0" * 10**5},
    ]
    for body in bodies:
        await learner.patch(PATH, json={"enrolment": True})
        assert (await (await api.browser()).post(url, **body)).status_code == 200
        assert (await learner.get(PATH)).json()["enrolment"] is False


async def test_opening_the_link_changes_nothing_and_leads_to_a_page(api: Api) -> None:
    learner, url = await enrolment_mail(api)
    answer = await (await api.browser()).get(url)
    assert answer.status_code == 303
    target = urlsplit(answer.headers["location"])
    assert (target.path, target.fragment) == ("/unsubscribe", urlsplit(url).query)
    assert (await (await api.browser()).head(url)).status_code in {303, 405}
    assert (await learner.get(PATH)).json() == ALL


@pytest.mark.parametrize("token", ["", "x", "a.b.c.d", "%00", "%ff", "uns1.k1..", "x" * 1_024])
async def test_a_made_up_token_is_refused(api: Api, token: str) -> None:
    path = f"/api/v1/notifications/unsubscribe?token={token}"
    problem(await (await api.browser()).post(path, **ONE_CLICK), 422, "link_invalid")


async def test_a_token_is_needed_and_is_short(api: Api) -> None:
    path, browser = "/api/v1/notifications/unsubscribe", await api.browser()
    problem(await browser.post(path, **ONE_CLICK), 400, "validation_failed")
    problem(await browser.post(f"{path}?token={'x' * 2_000}", **ONE_CLICK), 400, "validation_failed")
    problem(await browser.get(path), 400, "validation_failed")


async def test_a_token_for_somebody_else_has_to_be_signed(api: Api) -> None:
    learner = await api.learner()
    user_id = UserId(UUID((await learner.get("/api/v1/me")).json()["id"]))
    forged = unsubscribe_token(Keyring({"k1": b"x" * 32}), user_id, NotificationKind.RECEIPT)
    path = f"/api/v1/notifications/unsubscribe?token={forged}"
    problem(await (await api.browser()).post(path, **ONE_CLICK), 422, "link_invalid")
    assert (await learner.get(PATH)).json() == ALL


async def test_another_site_cannot_have_a_browser_unsubscribe(api: Api) -> None:
    _, url = await enrolment_mail(api)
    other_site = await api.browser(**{"Sec-Fetch-Site": "cross-site"})
    problem(await other_site.post(url, **ONE_CLICK), 403, "csrf_rejected")
