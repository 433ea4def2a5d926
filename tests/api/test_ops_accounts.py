"""What operators see of accounts and do to them, and that all of it is written down."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.api import PASSWORD, Api, problem


async def account_of(operator: httpx.AsyncClient, email: str) -> dict[str, Any]:
    found = (await operator.get("/api/v1/ops/users", params={"q": email})).json()["items"]
    assert len(found) == 1
    account: dict[str, Any] = found[0]
    return account


async def audit(operator: httpx.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    answer = await operator.get("/api/v1/ops/audit", params=params)
    assert answer.status_code == 200, answer.text
    entries: list[dict[str, Any]] = answer.json()["items"]
    return entries


async def test_accounts_are_found_and_paged(api: Api) -> None:
    operator = await api.operator()
    emails = [await api.account() for _ in range(3)]
    page = (await operator.get("/api/v1/ops/users", params={"role": "learner", "limit": 2})).json()
    assert [account["email"] for account in page["items"]] == [emails[2], emails[1]]
    rest = (await operator.get("/api/v1/ops/users", params={"cursor": page["next_cursor"]})).json()
    assert rest["items"][0]["email"] == emails[0]
    assert rest["next_cursor"] is None


async def test_a_disabled_account_can_do_nothing(api: Api) -> None:
    operator, email = await api.operator(), await api.account()
    device = await api.signed_in(email=email)
    bearer = (await device.post("/api/v1/auth/refresh")).json()["access_token"]
    account = await account_of(operator, email)
    answer = await operator.post(f"/api/v1/ops/users/{account['id']}/disable", json={"reason": "spam"})
    assert (answer.status_code, answer.json()["disabled"], answer.json()["live_sessions"]) == (200, True, 0)
    assert problem(await device.get("/api/v1/me"), 401, "session_revoked")["reason"] == "account_disabled"
    by_token = await (await api.browser(Authorization=f"Bearer {bearer}")).get("/api/v1/me")
    problem(by_token, 401, "session_revoked")
    problem(await device.post("/api/v1/auth/refresh"), 401, "session_revoked")
    login = {"email": email, "password": PASSWORD}
    problem(await (await api.browser()).post("/api/v1/auth/login", json=login), 401, "invalid_credentials")
    await (await api.browser()).post("/api/v1/auth/password/forgot", json={"email": email})
    await api.work()
    assert [mail for mail in api.mailer.sent if mail.to == email and "password" in mail.subject] == []


async def test_an_account_that_is_opened_again_can_sign_in(api: Api) -> None:
    operator, email = await api.operator(), await api.account()
    account = await account_of(operator, email)
    for disabled in (True, True, False):
        await operator.post(f"/api/v1/ops/users/{account['id']}/disable", json={"disabled": disabled})
    assert (await (await api.signed_in(email=email)).get("/api/v1/me")).status_code == 200


async def test_a_change_of_roles_holds_from_the_next_request_on(api: Api) -> None:
    operator = await api.operator()
    email = await api.account("instructor")
    device = await api.signed_in(email=email)
    account = await account_of(operator, email)
    assert (await device.get("/api/v1/studio/courses")).status_code == 200
    roles = f"/api/v1/ops/users/{account['id']}/roles"
    assert (await operator.post(roles, json={"roles": []})).json()["roles"] == ["learner"]
    problem(await device.get("/api/v1/studio/courses"), 403, "role_required")
    await operator.post(roles, json={"roles": ["instructor"]})
    assert (await device.get("/api/v1/studio/courses")).status_code == 200


async def test_who_becomes_an_operator_gets_an_operators_short_sessions(api: Api) -> None:
    operator, email = await api.operator(), await api.account()
    device = await api.signed_in(email=email)
    account = await account_of(operator, email)
    await operator.post(f"/api/v1/ops/users/{account['id']}/roles", json={"roles": ["operator"]})
    assert (await device.get("/api/v1/ops/users")).status_code == 200
    async with api.container.identity_transaction()() as records:
        (session,) = await records.sessions.not_ended(account["id"])
    assert session.idle.total_seconds() == 30 * 60
    assert (session.expires_at - session.created_at).total_seconds() <= 12 * 3600 + 60


async def test_all_sessions_of_an_account_can_be_ended(api: Api) -> None:
    operator, email = await api.operator(), await api.account()
    devices = [await api.signed_in(email=email) for _ in range(3)]
    account = await account_of(operator, email)
    answer = await operator.post(f"/api/v1/ops/users/{account['id']}/sessions/revoke", json={"reason": "lost bag"})
    assert answer.status_code == 204
    for device in devices:
        assert problem(await device.get("/api/v1/me"), 401, "session_revoked")["reason"] == "revoked_by_operator"


async def test_operators_do_not_shut_themselves_out(api: Api) -> None:
    email = await api.account("operator")
    operator = await api.signed_in(email=email)
    own = (await account_of(operator, email))["id"]
    problem(await operator.post(f"/api/v1/ops/users/{own}/disable", json={}), 409, "own_account")
    problem(await operator.post(f"/api/v1/ops/users/{own}/roles", json={"roles": ["learner"]}), 409, "own_account")
    problem(await operator.delete("/api/v1/me"), 409, "own_account")


async def test_what_cannot_be_is_refused(api: Api) -> None:
    operator = await api.operator()
    nobody = "/api/v1/ops/users/01890a5d-ac96-774b-bcce-b302099a8057"
    wishes: dict[str, dict[str, Any]] = {"disable": {}, "roles": {"roles": []}, "sessions/revoke": {}}
    for path, body in wishes.items():
        problem(await operator.post(f"{nobody}/{path}", json=body), 404, "account_not_found")
    refused = problem(await operator.post(f"{nobody}/roles", json={"roles": ["king"]}), 422, "unknown_role")
    assert refused["errors"][0]["field"] == "roles"
    problem(await operator.get("/api/v1/ops/users", params={"cursor": "x"}), 422, "invalid_cursor")
    problem(await operator.get("/api/v1/ops/audit", params={"user_id": "x"}), 400, "validation_failed")


@pytest.mark.parametrize("role", ["learner", "instructor"])
async def test_all_of_it_is_for_operators_only(api: Api, role: str) -> None:
    somebody = await api.signed_in(role)
    own = (await somebody.get("/api/v1/me")).json()["id"]
    for answer in (
        await somebody.get("/api/v1/ops/users"),
        await somebody.get("/api/v1/ops/audit"),
        await somebody.post(f"/api/v1/ops/users/{own}/roles", json={"roles": ["operator"]}),
        await somebody.post(f"/api/v1/ops/users/{own}/disable", json={}),
        await somebody.post(f"/api/v1/ops/users/{own}/sessions/revoke", json={}),
    ):
        problem(answer, 403, "role_required")


async def test_every_security_event_is_written_down(api: Api) -> None:
    operator, email = await api.operator(), await api.account()
    device = await api.signed_in(email=email)
    account = await account_of(operator, email)
    await (await api.browser()).post("/api/v1/auth/login", json={"email": email, "password": "wrong"})
    change = {"current": PASSWORD, "password": "another good password"}
    await device.post("/api/v1/auth/password/change", json=change)
    await operator.post(f"/api/v1/ops/users/{account['id']}/roles", json={"roles": ["instructor"]})
    await device.post("/api/v1/auth/logout")
    entries = await audit(operator, user_id=account["id"], limit=100)
    actions = [entry["action"] for entry in entries]
    assert actions[0] == "audit_viewed"
    assert set(actions) == {
        "registered",
        "session_ended",
        "logged_in",
        "log_in_failed",
        "password_changed",
        "roles_changed",
        "audit_viewed",
    }
    changed = next(entry for entry in entries if entry["action"] == "roles_changed")
    assert changed["actor_id"] != account["id"]
    assert changed["detail"] == {"before": ["learner"], "after": ["instructor", "learner"]}
    ended = next(entry for entry in entries if entry["action"] == "session_ended")
    assert (ended["detail"]["reason"], ended["actor_id"]) == ("logged_out", account["id"])


async def test_looking_is_written_down_too(api: Api) -> None:
    operator = await api.operator()
    await operator.get("/api/v1/ops/users", params={"q": "ada"})
    viewed, *_ = await audit(operator, action="accounts_viewed")
    assert viewed["detail"]["text"] == "ada"
    assert viewed["actor_id"] == (await operator.get("/api/v1/me")).json()["id"]


async def test_the_audit_log_holds_no_password_and_no_token(api: Api) -> None:
    operator = await api.operator()
    browser = await api.browser()
    await browser.post("/api/v1/auth/login", json={"email": "nobody@kosu.test", "password": "a-secret-guess"})
    answer = await operator.get("/api/v1/ops/audit", params={"limit": 100})
    assert "a-secret-guess" not in answer.text
    assert "nobody@kosu.test" not in answer.text
