"""Registering, logging in, refreshing and ending sessions over HTTP."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from tests.support.api import PASSWORD, Api, problem

REGISTRATION = {"email": "ada@kosu.test", "password": PASSWORD, "display_name": "Ada"}


async def test_registering_signs_the_device_in(api: Api) -> None:
    browser = await api.browser()
    answer = await browser.post("/api/v1/auth/register", json=REGISTRATION)
    assert answer.status_code == 201
    body = answer.json()
    assert body["user"]["email"] == "ada@kosu.test"
    assert body["user"]["roles"] == ["learner"]
    assert body["session"]["current"] is True
    assert "refresh_token" not in body  # scripts would be able to read it
    assert (await browser.get("/api/v1/me")).json() == body["user"]


@pytest.mark.parametrize(
    ("accept_language", "locale"), [("ko-KR,ko;q=0.9", "ko"), ("fr, en;q=0.1", "en"), ("fr", "en")]
)
async def test_an_account_speaks_the_language_that_its_owner_likes(api: Api, accept_language: str, locale: str) -> None:
    answer = await (await api.browser()).post(
        "/api/v1/auth/register", json=REGISTRATION, headers={"Accept-Language": accept_language}
    )
    assert answer.json()["user"]["locale"] == locale


async def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(api: Api) -> None:
    browser = await api.browser()
    answer = await browser.post("/api/v1/auth/register", json=REGISTRATION)
    cookies = {header.split("=")[0]: header.lower() for header in answer.headers.get_list("set-cookie")}
    assert set(cookies) == {"kosu_at", "kosu_rt", "kosu_did"}
    assert all("httponly" in cookie and "path=/" in cookie for cookie in cookies.values())
    assert "samesite=strict" in cookies["kosu_rt"]


async def test_an_access_token_serves_clients_without_cookies(api: Api) -> None:
    token = (await (await api.browser()).post("/api/v1/auth/register", json=REGISTRATION)).json()["access_token"]
    other = await api.browser(Authorization=f"Bearer {token}")
    assert (await other.get("/api/v1/me")).json()["email"] == "ada@kosu.test"


async def test_a_taken_address_is_refused_in_any_spelling(api: Api) -> None:
    browser = await api.browser()
    await browser.post("/api/v1/auth/register", json=REGISTRATION)
    answer = await browser.post("/api/v1/auth/register", json={**REGISTRATION, "email": " ADA@kosu.test"})
    problem(answer, 409, "email_taken")


async def test_wrong_password_and_unknown_account_look_alike(api: Api) -> None:
    email = await api.account()
    browser = await api.browser()
    wrong = await browser.post("/api/v1/auth/login", json={"email": email, "password": "x" * 20})
    unknown = await browser.post("/api/v1/auth/login", json={"email": "no@kosu.test", "password": "x" * 20})
    told = [problem(answer, 401, "invalid_credentials") for answer in (wrong, unknown)]
    assert told[0]["detail"] == told[1]["detail"]


async def test_an_ended_device_is_refused_at_its_next_request_and_told_why(api: Api) -> None:
    email = await api.account()
    phone, laptop = await api.signed_in(email=email), await api.signed_in(email=email)
    devices = (await laptop.get("/api/v1/me/sessions")).json()["items"]
    assert [device["current"] for device in devices] == [True, False]
    assert (await phone.get("/api/v1/me")).status_code == 200
    assert (await laptop.delete(f"/api/v1/me/sessions/{devices[1]['id']}")).status_code == 204
    assert problem(await phone.get("/api/v1/me"), 401, "session_revoked")["reason"] == "revoked_by_user"
    problem(await phone.post("/api/v1/auth/refresh"), 401, "session_revoked")
    assert (await laptop.get("/api/v1/me")).status_code == 200


async def test_ending_all_others_keeps_this_device(api: Api) -> None:
    email = await api.account()
    browsers = [await api.signed_in(email=email) for _ in range(3)]
    assert (await browsers[0].delete("/api/v1/me/sessions?keep_current=true")).status_code == 204
    assert [(await browser.get("/api/v1/me")).status_code for browser in browsers] == [200, 401, 401]


async def test_nobody_ends_the_device_of_another(api: Api) -> None:
    mallory, victim = await api.learner(), await api.learner()
    device = (await victim.get("/api/v1/me/sessions")).json()["items"][0]["id"]
    problem(await mallory.delete(f"/api/v1/me/sessions/{device}"), 404, "session_not_found")
    assert (await victim.get("/api/v1/me")).status_code == 200


async def test_logging_out_ends_the_session_and_clears_its_cookies(api: Api) -> None:
    browser = await api.learner()
    token = browser.cookies["kosu_at"]
    assert (await browser.post("/api/v1/auth/logout")).status_code == 204
    assert "kosu_at" not in browser.cookies
    other = await api.browser(Authorization=f"Bearer {token}")
    assert problem(await other.get("/api/v1/me"), 401, "session_revoked")["reason"] == "logged_out"


@pytest.mark.parametrize("kept", ["kosu_rt", "kosu_at"])
async def test_either_token_is_enough_to_log_out(api: Api, kept: str) -> None:
    """The access cookie is gone after ten minutes, and nobody can be kept signed in by that."""
    browser = await api.learner()
    refresh = browser.cookies["kosu_rt"]
    for name in {"kosu_at", "kosu_rt"} - {kept}:
        browser.cookies.delete(name)
    assert (await browser.post("/api/v1/auth/logout")).status_code == 204
    assert "kosu_rt" not in browser.cookies
    again = await (await api.browser()).post("/api/v1/auth/refresh", json={"refresh_token": refresh})
    problem(again, 401, "session_revoked")


async def test_logging_out_twice_or_with_nothing_is_no_error(api: Api) -> None:
    assert (await (await api.browser()).post("/api/v1/auth/logout")).status_code == 204
    forged = await api.browser(Authorization="Bearer a.b.c")
    assert (await forged.post("/api/v1/auth/logout")).status_code == 204


async def test_another_site_cannot_log_anybody_out(api: Api) -> None:
    browser = await api.learner()
    answer = await browser.post("/api/v1/auth/logout", headers={"Sec-Fetch-Site": "cross-site"})
    problem(answer, 403, "csrf_rejected")
    assert (await browser.get("/api/v1/me")).status_code == 200


async def test_signing_in_again_on_one_device_takes_no_second_place(api: Api) -> None:
    email = await api.account()
    browser = await api.signed_in(email=email)
    for _ in range(6):
        answer = await browser.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200
    assert len((await browser.get("/api/v1/me/sessions")).json()["items"]) == 1


async def test_a_device_over_the_limit_is_shown_the_others(api: Api) -> None:
    email = await api.account()
    for _ in range(5):
        await api.signed_in(email=email)
    answer = await (await api.browser()).post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
    refused = problem(answer, 409, "device_limit")
    assert refused["limit"] == 5
    assert len(refused["sessions"]) == 5


async def test_parallel_log_ins_never_pass_the_limit(api: Api) -> None:
    """Twenty at once, on real PostgreSQL: as many live devices as allowed, and clear refusals for the rest."""
    email = await api.account()
    browsers = [await api.browser() for _ in range(20)]
    answers = await asyncio.gather(
        *(browser.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD}) for browser in browsers)
    )
    # Ten passwords of an account are tried at a time; who came eleventh is asked to come again.
    assert {answer.status_code for answer in answers} <= {200, 409, 429}
    assert [answer.status_code for answer in answers].count(200) == 5


async def test_parallel_refreshes_rotate_once_and_all_get_the_successor(api: Api) -> None:
    browser = await api.learner()
    token = browser.cookies["kosu_rt"]
    clients = [await api.browser() for _ in range(50)]
    answers = await asyncio.gather(
        *(client.post("/api/v1/auth/refresh", json={"refresh_token": token}) for client in clients)
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1


async def test_a_forged_or_foreign_token_is_refused(api: Api) -> None:
    browser = await api.learner()
    access, refresh = browser.cookies["kosu_at"], browser.cookies["kosu_rt"]
    for token in (access[:-2] + "xx", refresh, "", "a.b.c", "ü"):
        other = await api.browser()
        answer = await other.get("/api/v1/me", headers={b"Authorization": f"Bearer {token}".encode()})
        problem(answer, 401, "invalid_token")
    for token in (refresh[:-2] + "xx", access, "x", "rt1.k1.AAAA.AAAA", "ü"):
        answer = await (await api.browser()).post("/api/v1/auth/refresh", json={"refresh_token": token})
        problem(answer, 401, "invalid_token")


async def test_a_token_on_another_device_is_refused_and_changes_nothing(api: Api) -> None:
    victim, thief = await api.learner(), await api.learner()
    stolen = {"kosu_at": victim.cookies["kosu_at"], "kosu_rt": victim.cookies["kosu_rt"]}
    other = await api.browser()
    other.cookies.update({**stolen, "kosu_did": thief.cookies["kosu_did"]})
    problem(await other.get("/api/v1/me"), 401, "device_mismatch")
    problem(await other.post("/api/v1/auth/refresh"), 401, "device_mismatch")
    assert (await victim.post("/api/v1/auth/refresh")).status_code == 200


async def test_other_sites_cannot_act_with_the_cookies(api: Api) -> None:
    browser = await api.learner()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none", "Origin": "https://evil.test"}):
        problem(await browser.patch("/api/v1/me", json={"locale": "ko"}, headers=headers), 403, "csrf_rejected")
        problem(await browser.post("/api/v1/auth/refresh", headers=headers), 403, "csrf_rejected")
    own = {"Sec-Fetch-Site": "same-site", "Origin": "http://api.test"}
    assert (await browser.patch("/api/v1/me", json={"locale": "ko"}, headers=own)).json()["locale"] == "ko"


async def test_without_a_token_one_is_asked_to_sign_in(api: Api) -> None:
    answer = await (await api.browser()).get("/api/v1/me")
    problem(answer, 401, "sign_in_required")
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_bad_input_is_told_field_by_field(api: Api) -> None:
    browser = await api.browser()

    async def post(**request: object) -> httpx.Response:
        return await browser.post("/api/v1/auth/register", **request)  # type: ignore[arg-type]

    as_json = {"headers": {"content-type": "application/json"}}
    for content in (b"{not json", b"\xff\xfe", b'{"email": "\xff"}', b"[" * 100_000, b'{"email":' * 5_000):
        problem(await post(content=content, **as_json), 400, "malformed_request")
    wrong_type = problem(await post(json={**REGISTRATION, "email": 3}), 400, "validation_failed")["errors"]
    assert [error["field"] for error in wrong_type] == ["email"]
    missing = problem(await post(json={"email": "a@kosu.test"}), 400, "validation_failed")["errors"]
    assert [error["field"] for error in missing] == ["password"]
    problem(await post(content=b"x" * 10_000_000, **as_json), 413, "payload_too_large")
    refused = problem(await post(json={**REGISTRATION, "email": "nobody"}), 422, "invalid_email")
    assert refused["errors"] == [{"field": "email", "message": refused["detail"]}]
    problem(await post(json={**REGISTRATION, "password": "short"}), 422, "weak_password")
    problem(await post(json={**REGISTRATION, "password": "Password1234"}), 422, "weak_password")
    problem(await post(json={**REGISTRATION, "display_name": " \n "}), 422, "invalid_display_name")
    problem(await post(json={**REGISTRATION, "display_name": "a\x00b"}), 422, "invalid_display_name")
    assert (await post(json=REGISTRATION)).status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"origin": "https://evil.test"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
async def test_a_body_that_is_not_said_to_be_json_is_refused(api: Api, headers: dict[str, str]) -> None:
    """A page of another site can send plain text along with cookies, but not JSON."""
    email = await api.account()
    credentials = json.dumps({"email": email, "password": PASSWORD})
    answer = await (await api.browser()).post("/api/v1/auth/login", content=credentials, headers=headers)
    problem(answer, 415, "unsupported_media_type")
    assert "set-cookie" not in answer.headers


async def test_a_program_need_not_say_that_its_body_is_json(api: Api) -> None:
    email = await api.account()
    credentials = json.dumps({"email": email, "password": PASSWORD})
    answer = await (await api.browser()).post("/api/v1/auth/login", content=credentials)
    assert "content-type" not in answer.request.headers
    assert answer.status_code == 200


async def test_errors_of_the_router_are_problem_documents_too(api: Api) -> None:
    browser = await api.browser()
    problem(await browser.get("/api/v1/nothing-here"), 404, "not_found")
    problem(await browser.put("/api/v1/auth/login"), 405, "method_not_allowed")


async def test_the_request_id_of_the_client_is_kept_unless_it_is_odd(api: Api) -> None:
    browser = await api.browser()
    assert (await browser.get("/health/live", headers={"X-Request-ID": "abc-1"})).headers["x-request-id"] == "abc-1"
    odd = await browser.get("/health/live", headers={"X-Request-ID": "a b"})
    assert odd.headers["x-request-id"] != "a b"


async def test_a_welcome_is_mailed_once_the_worker_ran(api: Api) -> None:
    await api.account(name="Ada")
    await api.work()
    (mail,) = api.mailer.sent
    assert "Ada" in mail.body
