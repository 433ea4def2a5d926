"""Passwords over HTTP: forgotten, reset, changed and guessed at."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from dependency_injector.providers import Object

from kosu.adapters.argon2 import Argon2PasswordHasher
from tests.support.api import PASSWORD, Api, problem, running_api

RESET = "Set a new password"
NEW = "another good password"


async def reset_token(api: Api, email: str) -> str:
    answer = await (await api.browser()).post("/api/v1/auth/password/forgot", json={"email": email})
    assert answer.status_code == 202
    return await api.mailed_token(RESET)


async def status_of_login(api: Api, email: str, password: str) -> int:
    browser = await api.browser()
    return (await browser.post("/api/v1/auth/login", json={"email": email, "password": password})).status_code


async def test_a_forgotten_password_is_reset_by_mail(api: Api) -> None:
    email = await api.account()
    device = await api.signed_in(email=email)
    token = await reset_token(api, email)
    browser = await api.browser()
    answer = await browser.post("/api/v1/auth/password/reset", json={"token": token, "password": NEW})
    assert answer.status_code == 204
    gone = problem(await device.get("/api/v1/me"), 401, "session_revoked")
    assert gone["reason"] == "password_changed"
    assert await status_of_login(api, email, PASSWORD) == 401
    assert await status_of_login(api, email, NEW) == 200


async def test_whoever_can_read_the_mail_has_the_address_verified(api: Api) -> None:
    email = await api.account()
    token = await reset_token(api, email)
    await (await api.browser()).post("/api/v1/auth/password/reset", json={"token": token, "password": NEW})
    device = await api.browser()
    user = (await device.post("/api/v1/auth/login", json={"email": email, "password": NEW})).json()["user"]
    assert user["email_verified"] is True


async def test_forgetting_does_not_tell_who_has_an_account(api: Api) -> None:
    """Neither by what is answered nor by what is done meanwhile; only the owner of the mailbox learns it."""
    email = await api.account()
    browser = await api.browser()
    answers = [
        await browser.post("/api/v1/auth/password/forgot", json={"email": address})
        for address in (email, "nobody@kosu.test")
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].content == answers[1].content
    await api.work()
    assert [mail.to for mail in api.mailer.sent if mail.subject == RESET] == [email]


async def test_opening_the_link_leaves_it_usable(api: Api) -> None:
    """Mail scanners open every link that they find."""
    email = await api.account()
    token = await reset_token(api, email)
    browser = await api.browser()
    for path in ("/api/v1/auth/password/reset", f"/api/v1/auth/password/reset?token={token}"):
        assert (await browser.get(path)).status_code == 405
    answer = await browser.post("/api/v1/auth/password/reset", json={"token": token, "password": NEW})
    assert answer.status_code == 204


async def test_of_twenty_uses_of_a_link_at_once_one_wins(api: Api) -> None:
    email = await api.account()
    token = await reset_token(api, email)
    browser = await api.browser()
    passwords = [f"{NEW} {number}" for number in range(20)]
    answers = await asyncio.gather(
        *(
            browser.post("/api/v1/auth/password/reset", json={"token": token, "password": password})
            for password in passwords
        )
    )
    assert sorted(answer.status_code for answer in answers) == [204] + [422] * 19
    problem(next(answer for answer in answers if answer.status_code == 422), 422, "link_invalid")
    winner = next(password for password, answer in zip(passwords, answers, strict=True) if answer.status_code == 204)
    assert await status_of_login(api, email, winner) == 200


@pytest.mark.parametrize("token", ["", "made-up", "x" * 1024, "a\x00b"])
async def test_a_link_that_was_never_sent_is_refused(api: Api, token: str) -> None:
    browser = await api.browser()
    answer = await browser.post("/api/v1/auth/password/reset", json={"token": token, "password": NEW})
    problem(answer, 422, "link_invalid")
    problem(await browser.post("/api/v1/auth/email/verify", json={"token": token}), 422, "link_invalid")


async def test_a_weak_password_leaves_the_link_usable(api: Api) -> None:
    token = await reset_token(api, await api.account())
    browser = await api.browser()
    weak = await browser.post("/api/v1/auth/password/reset", json={"token": token, "password": "short"})
    problem(weak, 422, "weak_password")
    answer = await browser.post("/api/v1/auth/password/reset", json={"token": token, "password": NEW})
    assert answer.status_code == 204


async def test_a_changed_password_voids_links_that_are_under_way(api: Api) -> None:
    email = await api.account()
    device = await api.signed_in(email=email)
    token = await reset_token(api, email)
    await device.post("/api/v1/auth/password/change", json={"current": PASSWORD, "password": NEW})
    browser = await api.browser()
    answer = await browser.post("/api/v1/auth/password/reset", json={"token": token, "password": "third password"})
    problem(answer, 422, "link_invalid")


async def test_changing_the_password_ends_the_other_devices_and_tells_by_mail(api: Api) -> None:
    email = await api.account()
    device, other = await api.signed_in(email=email), await api.signed_in(email=email)
    answer = await device.post("/api/v1/auth/password/change", json={"current": PASSWORD, "password": NEW})
    assert answer.status_code == 204
    assert (await device.get("/api/v1/me")).status_code == 200
    assert (await device.post("/api/v1/auth/refresh")).status_code == 200
    assert problem(await other.get("/api/v1/me"), 401, "session_revoked")["reason"] == "password_changed"
    problem(await other.post("/api/v1/auth/refresh"), 401, "session_revoked")
    await api.work()
    assert [mail.to for mail in api.mailer.sent if mail.subject == "Your password was changed"] == [email]


async def test_changing_the_password_takes_the_current_one(api: Api) -> None:
    """A browser left open must not be enough to lock its owner out."""
    device = await api.learner()
    change = {"current": "not the password", "password": NEW}
    problem(await device.post("/api/v1/auth/password/change", json=change), 422, "wrong_password")
    weak = {"current": PASSWORD, "password": "short"}
    problem(await device.post("/api/v1/auth/password/change", json=weak), 422, "weak_password")


async def test_an_old_password_never_survives_its_change(api: Api) -> None:
    """Log-ins that verified the old password race its change, sixty times: none of them leaves a session behind."""
    survivors = 0
    for _ in range(60):
        email = await api.account()
        device, late = await api.signed_in(email=email), await api.browser()
        change = {"current": PASSWORD, "password": NEW}
        login = {"email": email, "password": PASSWORD}
        changed, _ = await asyncio.gather(
            device.post("/api/v1/auth/password/change", json=change), late.post("/api/v1/auth/login", json=login)
        )
        assert changed.status_code == 204
        survivors += len((await device.get("/api/v1/me/sessions")).json()["items"]) - 1
    assert survivors == 0


class CountingHasher(Argon2PasswordHasher):
    def __init__(self) -> None:
        super().__init__()
        self.verified = 0

    async def verify(self, password: str, password_hash: str | None) -> bool:
        self.verified += 1
        return await super().verify(password, password_hash)


async def test_two_hundred_guesses_at_once_are_ten_hashes(database: str, redis_url: str, tmp_path: Path) -> None:
    hasher = CountingHasher()
    async with running_api(tmp_path, database_url=database, redis_url=redis_url, passwords=Object(hasher)) as api:
        api.without_deadlines()
        email, browser = await api.account(), await api.browser()
        answers = await asyncio.gather(
            *(
                browser.post("/api/v1/auth/login", json={"email": email, "password": f"guess number {number}"})
                for number in range(200)
            )
        )
        assert hasher.verified <= 10
        refused = [answer for answer in answers if answer.status_code == 429]
        assert len(refused) == 190
        problem(refused[0], 429, "rate_limited")
        assert 1 <= int(refused[0].headers["retry-after"]) <= 30


async def test_an_attacker_cannot_lock_the_owner_out_of_a_known_device(api: Api) -> None:
    email = await api.account()
    known = await api.signed_in(email=email)
    attacker = await api.browser()
    guesses = [await attacker.post("/api/v1/auth/login", json={"email": email, "password": "guess"}) for _ in range(12)]
    assert guesses[-1].status_code == 429
    assert await status_of_login(api, email, PASSWORD) == 429  # from a device that nobody knows
    await known.post("/api/v1/auth/logout")
    again = await known.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
    assert again.status_code == 200


async def test_a_device_of_another_account_is_not_a_known_one(api: Api) -> None:
    """Otherwise every account of the attacker's own would open another bucket at the victim's."""
    email, attacker = await api.account(), await api.learner()
    guesses = [await attacker.post("/api/v1/auth/login", json={"email": email, "password": "guess"}) for _ in range(12)]
    assert [answer.status_code for answer in guesses] == [401] * 10 + [429] * 2


async def test_right_passwords_cost_nothing(api: Api) -> None:
    email, device = await api.account(), await api.browser()
    for _ in range(30):
        answer = await device.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200


async def test_mails_are_not_sent_without_end(api: Api) -> None:
    email, browser = await api.account(), await api.browser()
    answers = [await browser.post("/api/v1/auth/password/forgot", json={"email": email}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [202] * 3 + [429] * 2


async def test_an_address_is_verified_by_the_greeting(api: Api) -> None:
    browser = await api.browser()
    registration = {"email": "ada@kosu.test", "password": PASSWORD, "display_name": "Ada"}
    await browser.post("/api/v1/auth/register", json=registration)
    token = await api.mailed_token("Welcome to Kosu")
    assert (await browser.get("/api/v1/me")).json()["email_verified"] is False
    assert (await browser.post("/api/v1/auth/email/verify", json={"token": token})).status_code == 204
    assert (await browser.get("/api/v1/me")).json()["email_verified"] is True
    problem(await browser.post("/api/v1/auth/email/verify", json={"token": token}), 422, "link_invalid")


async def test_the_verification_can_be_sent_again_until_it_is_done(api: Api) -> None:
    email = await api.account()
    device = await api.signed_in(email=email)
    assert (await device.post("/api/v1/auth/email/resend")).status_code == 202
    token = await api.mailed_token("Confirm your e-mail address")
    assert (await device.post("/api/v1/auth/email/verify", json={"token": token})).status_code == 204
    assert (await device.post("/api/v1/auth/email/resend")).status_code == 202
    sent = len(api.mailer.sent)
    await api.work()
    assert len(api.mailer.sent) == sent


async def test_a_token_of_one_purpose_is_none_of_another(api: Api) -> None:
    email = await api.account()
    device = await api.signed_in(email=email)
    await device.post("/api/v1/auth/email/resend")
    token = await api.mailed_token("Confirm your e-mail address")
    answer = await device.post("/api/v1/auth/password/reset", json={"token": token, "password": NEW})
    problem(answer, 422, "link_invalid")


async def test_an_outdated_hash_is_made_anew_at_the_next_log_in(database: str, redis_url: str, tmp_path: Path) -> None:
    """Parameters grow with the machines of attackers; the password is known only while its owner signs in."""
    email = ""
    weak = Argon2PasswordHasher(memory_kib=8 * 1024)
    for hasher in (weak, Argon2PasswordHasher()):
        async with running_api(tmp_path, database_url=database, redis_url=redis_url, passwords=Object(hasher)) as api:
            email = email or await api.account()
            assert await status_of_login(api, email, PASSWORD) == 200
            assert await status_of_login(api, email, PASSWORD) == 200
            async with api.container.identity_transaction()() as records:
                user = await records.users.with_email(email)
            assert user is not None
            assert not hasher.needs_rehash(user.password_hash)
            assert user.cred_epoch == 1
