"""Accounts and sessions, in memory and in PostgreSQL; races on PostgreSQL alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kosu.adapters.memory.identity import MemoryIdentityQueries, MemoryIdentityRecords
from kosu.adapters.memory.session_state import MemoryStoredSessions
from kosu.adapters.postgres.identity import PostgresIdentityQueries, PostgresIdentityRecords, PostgresStoredSessions
from kosu.adapters.system import SystemIds
from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.audit import Action, AuditEntry, Origin
from kosu.modules.identity.domain.one_time_tokens import OneTimeToken, Purpose, issue
from kosu.modules.identity.domain.sessions import Client, EndReason, Session
from kosu.modules.identity.errors import EmailTaken
from kosu.modules.identity.ports import IdentityQueries, IdentityRecords, RecentEnds, SlotTaken, StoredSessions
from kosu.ports.unit_of_work import Transaction
from tests.support.databases import Database, InPostgres

AT = datetime(2026, 1, 1, tzinfo=UTC)
ids = SystemIds()


def transaction(db: Database) -> Transaction[IdentityRecords]:
    return db.transaction(MemoryIdentityRecords, PostgresIdentityRecords)


def queries(db: Database) -> IdentityQueries:
    made: IdentityQueries = db.queries(MemoryIdentityQueries, PostgresIdentityQueries)
    return made


def stored(db: Database) -> StoredSessions:
    made: StoredSessions = db.queries(MemoryStoredSessions, PostgresStoredSessions)
    return made


def a_user(**changes: Any) -> User:
    user = User(
        id=UserId(ids.new()),
        email="ada@kosu.test",
        password_hash="hash",
        display_name="Ada",
        roles=frozenset({"learner", "operator"}),
        locale="en",
        cred_epoch=1,
        authz_epoch=1,
        authz_changed_at=AT,
        disabled=False,
        email_verified_at=None,
        erase_at=None,
        created_at=AT,
    )
    return replace(user, **changes)


def a_session(user: User, **changes: Any) -> Session:
    session = Session(
        id=SessionId(ids.new()),
        user_id=user.id,
        device_id=DeviceId(ids.new()),
        slot=0,
        gen=1,
        acked_gen=0,
        salt=b"s" * 16,
        label="Firefox, Linux",
        client=Client(ip="192.0.2.1", browser="Firefox", os="Linux"),
        created_at=AT,
        rotated_at=AT,
        last_seen_at=AT,
        idle=timedelta(days=14),
        idle_expires_at=AT + timedelta(days=14),
        expires_at=AT + timedelta(days=30),
    )
    return replace(session, **changes)


async def admitted(db: Database, **changes: Any) -> tuple[User, Session]:
    user = a_user()
    session = a_session(user, **changes)
    async with transaction(db)() as records:
        await records.users.add(user)
        assert await records.sessions.admit(session, cred_epoch=1)
    return user, session


async def test_an_account_comes_back_as_it_was_saved(db: Database) -> None:
    user = a_user(email_verified_at=AT)
    async with transaction(db)() as records:
        await records.users.add(user)
    changed = replace(user, display_name="에이다", disabled=True)
    async with transaction(db)() as records:
        assert await records.users.get(user.id) == user
        await records.users.save(changed)
    async with transaction(db)() as records:
        assert await records.users.with_email("ada@kosu.test") == changed
        assert await records.users.with_email("bob@kosu.test") is None
    assert await queries(db).display_names([user.id, UserId(ids.new())]) == {user.id: "에이다"}


async def test_an_address_is_taken_once(db: Database) -> None:
    async with transaction(db)() as records:
        await records.users.add(a_user())
        await records.users.add(a_user(email="bob@kosu.test"))
    with pytest.raises(EmailTaken):
        async with transaction(db)() as records:
            await records.users.add(a_user())
    async with transaction(db)() as records:
        bob = await records.users.with_email("bob@kosu.test")
        assert bob is not None
        with pytest.raises(EmailTaken):
            await records.users.save(replace(bob, email="ada@kosu.test"))


async def test_a_session_comes_back_as_it_was_saved(db: Database) -> None:
    _, session = await admitted(db)
    ended = replace(session, gen=3, acked_gen=2, label="Phone").ended(EndReason.REVOKED, AT)
    async with transaction(db)() as records:
        assert await records.sessions.lock(session.id) == session
        await records.sessions.save(ended)
    async with transaction(db)() as records:
        assert await records.sessions.lock(session.id) == ended
        assert await records.sessions.not_ended(session.user_id) == []


@pytest.mark.parametrize("changes", [{"cred_epoch": 2}, {"disabled": True}])
async def test_nobody_is_admitted_under_credentials_that_changed(db: Database, changes: dict[str, Any]) -> None:
    user = a_user(**changes)
    async with transaction(db)() as records:
        await records.users.add(user)
        assert not await records.sessions.admit(a_session(user), cred_epoch=1)
        assert await records.sessions.not_ended(user.id) == []


@pytest.mark.parametrize("same", ["slot", "device_id"])
async def test_a_slot_and_a_device_hold_one_live_session(db: Database, same: str) -> None:
    user, session = await admitted(db)
    rival = a_session(user, **{"slot": 1, same: getattr(session, same)})
    with pytest.raises(SlotTaken):
        async with transaction(db)() as records:
            await records.sessions.admit(rival, cred_epoch=1)
    async with transaction(db)() as records:
        await records.sessions.save(session.ended(EndReason.REVOKED, AT))
        assert await records.sessions.admit(rival, cred_epoch=1)


async def test_a_slot_out_of_range_is_refused(db: Database) -> None:
    user, _ = await admitted(db)
    with pytest.raises(SlotTaken):
        async with transaction(db)() as records:
            await records.sessions.admit(a_session(user, slot=64), cred_epoch=1)


async def test_rotation_swaps_only_what_it_compared(db: Database) -> None:
    _, session = await admitted(db)
    at = AT + timedelta(minutes=9)
    right = {"device_id": session.device_id, "gen": 1, "salt": session.salt, "at": at}
    for wrong in ({"device_id": DeviceId(ids.new())}, {"gen": 2}, {"salt": b"x" * 16}, {"at": AT + timedelta(days=14)}):
        assert await queries(db).rotate(session.id, **{**right, **wrong}) is None  # type: ignore[arg-type]
    rotated = await queries(db).rotate(session.id, **right)  # type: ignore[arg-type]
    assert rotated == session.rotated(at)
    assert await queries(db).rotate(session.id, **right) is None  # type: ignore[arg-type]


async def test_a_settled_generation_rotates_and_a_fresh_one_waits(db: Database) -> None:
    _, session = await admitted(db, gen=2)
    compare = {"device_id": session.device_id, "gen": 2, "salt": session.salt}
    early = await queries(db).rotate(session.id, **compare, at=AT + timedelta(seconds=4))  # type: ignore[arg-type]
    assert early is None
    assert await queries(db).rotate(session.id, **compare, at=AT + timedelta(seconds=5))  # type: ignore[arg-type]


async def test_activity_never_moves_backwards(db: Database) -> None:
    _, session = await admitted(db)
    later = AT + timedelta(minutes=5)
    await queries(db).record_activity({session.id: (later, 1), SessionId(ids.new()): (later, 1)})
    await queries(db).record_activity({session.id: (AT, 0)})
    async with transaction(db)() as records:
        stored = await records.sessions.lock(session.id)
    assert stored is not None
    assert (stored.last_seen_at, stored.acked_gen) == (later, 1)


async def test_live_sessions_come_with_the_asking_one_first(db: Database) -> None:
    user, first = await admitted(db)
    second = a_session(user, slot=1, last_seen_at=AT + timedelta(hours=1))
    idle = a_session(user, slot=2, idle_expires_at=AT)
    async with transaction(db)() as records:
        for session in (second, idle):
            await records.sessions.admit(session, cred_epoch=1)
    seen = await queries(db).live_sessions(user.id, current=first.id, at=AT + timedelta(hours=2))
    assert [(view.id, view.current) for view in seen] == [(first.id, True), (second.id, False)]


async def test_the_state_tells_the_truth_about_ended_sessions(db: Database) -> None:
    user, session = await admitted(db)
    state = await stored(db).state(session.id)
    assert state is not None
    assert (state.authority.roles, state.end_reason, state.expires_at) == (user.roles, None, session.idle_expires_at)
    async with transaction(db)() as records:
        await records.sessions.save(session.ended(EndReason.LOGGED_OUT, AT))
    state = await stored(db).state(session.id)
    assert state is not None
    assert state.end_reason == "logged_out"
    assert await stored(db).state(SessionId(ids.new())) is None


async def test_a_locked_account_is_read_as_it_is_now(db: Database) -> None:
    """What was read before the lock may be old, and saving it would undo somebody's change."""
    user, _ = await admitted(db)
    async with transaction(db)() as records:
        assert await records.users.lock(user.id) == user
        await records.users.save(user.with_password("other"))
        assert await records.users.lock(user.id) == user.with_password("other")
        assert await records.users.lock(UserId(ids.new())) is None


async def test_a_hash_is_replaced_unless_the_password_has_changed(db: Database) -> None:
    user, _ = await admitted(db)
    async with transaction(db)() as records:
        await records.users.replace_hash(user, "stronger")
        await records.users.replace_hash(user, "too late")
        after = await records.users.lock(user.id)
    assert after == replace(user, password_hash="stronger")


async def test_a_device_is_known_once_it_was_signed_in(db: Database) -> None:
    user, session = await admitted(db)
    async with transaction(db)() as records:
        await records.sessions.save(session.ended(EndReason.REVOKED, AT))
        assert await records.sessions.knows(user.id, session.device_id)
        assert not await records.sessions.knows(user.id, DeviceId(ids.new()))
        assert not await records.sessions.knows(UserId(ids.new()), session.device_id)


async def test_a_taken_slot_leaves_the_transaction_usable(db: Database) -> None:
    """A ticket has to be written in it."""
    user, session = await admitted(db)
    async with transaction(db)() as records:
        with pytest.raises(SlotTaken):
            await records.sessions.admit(a_session(user), cred_epoch=1)
        assert [live.id for live in await records.sessions.not_ended(user.id)] == [session.id]


def a_token(user: User, secret: bytes = b"s" * 32, **changes: Any) -> OneTimeToken:
    _, token = issue(Purpose.RESET_PASSWORD, user, secret=secret, at=AT)
    return replace(token, **changes)


async def test_a_one_time_token_is_used_once(db: Database) -> None:
    user, _ = await admitted(db)
    token = a_token(user, device_id=DeviceId(ids.new()))
    async with transaction(db)() as records:
        await records.one_time_tokens.add(token)
        assert await records.one_time_tokens.find(token.digest, Purpose.RESET_PASSWORD, at=AT) == token
        assert await records.one_time_tokens.use(token.digest, Purpose.RESET_PASSWORD, at=AT) == token
    async with transaction(db)() as records:
        assert await records.one_time_tokens.find(token.digest, Purpose.RESET_PASSWORD, at=AT) is None
        assert await records.one_time_tokens.use(token.digest, Purpose.RESET_PASSWORD, at=AT) is None


@pytest.mark.parametrize(
    ("purpose", "after"), [(Purpose.VERIFY_EMAIL, timedelta()), (Purpose.RESET_PASSWORD, timedelta(minutes=30))]
)
async def test_a_token_is_for_its_purpose_and_its_time(db: Database, purpose: Purpose, after: timedelta) -> None:
    user, _ = await admitted(db)
    token = a_token(user)
    async with transaction(db)() as records:
        await records.one_time_tokens.add(token)
        assert await records.one_time_tokens.find(token.digest, purpose, at=AT + after) is None
        assert await records.one_time_tokens.use(token.digest, purpose, at=AT + after) is None


def an_entry(user: User | None, **changes: Any) -> AuditEntry:
    origin = Origin(actor_id=user.id if user else None, client=Client(ip="192.0.2.1", browser="Firefox", os="Linux"))
    entry = AuditEntry(
        id=ids.new(),
        at=AT,
        action=Action.LOGGED_IN,
        user_id=user.id if user else None,
        origin=origin,
        detail={"label": "Firefox, Linux", "limit": 3, "roles": ["learner"]},
    )
    return replace(entry, **changes)


async def test_audit_entries_come_newest_first_by_account_and_action(db: Database) -> None:
    user, _ = await admitted(db)
    mine, failed, nobodys = an_entry(user), an_entry(user, action=Action.LOG_IN_FAILED), an_entry(None)
    by_me = an_entry(user, user_id=UserId(ids.new()))
    async with transaction(db)() as records:
        for entry in (mine, failed, nobodys, by_me):
            await records.audit.add(entry)

    async def found(**wanted: Any) -> list[AuditEntry]:
        wish = {"user_id": None, "action": None, "before": None, "limit": 10, **wanted}
        return list(await queries(db).audit_entries(**wish))

    assert await found() == [by_me, nobodys, failed, mine]
    assert await found(user_id=user.id) == [by_me, failed, mine]
    assert await found(action="log_in_failed") == [failed]
    assert await found(before=nobodys.id, limit=1) == [failed]


async def test_accounts_are_found_by_text_and_role(db: Database) -> None:
    ada, session = await admitted(db)
    bob = a_user(email="bob%_@kosu.test", display_name="밥", roles=frozenset({"learner"}))
    async with transaction(db)() as records:
        await records.users.add(bob)
        await records.sessions.admit(a_session(ada, slot=1, idle_expires_at=AT), cred_epoch=1)

    async def found(**wanted: Any) -> list[UserId]:
        wish = {"text": None, "role": None, "before": None, "limit": 10, "at": AT, **wanted}
        return [account.id for account in await queries(db).accounts(**wish)]

    assert await found() == [bob.id, ada.id]
    assert await found(text="ADA@") == [ada.id]
    assert await found(text="밥") == [bob.id]
    assert await found(text="%_@") == [bob.id]
    assert await found(role="operator") == [ada.id]
    assert await found(before=bob.id) == [ada.id]
    account = await queries(db).account(ada.id, at=AT)
    assert account is not None
    assert (account.live_sessions, account.last_seen_at, account.roles) == (
        1,
        session.last_seen_at,
        ["learner", "operator"],
    )
    assert await queries(db).account(UserId(ids.new()), at=AT) is None


async def test_what_ended_lately_can_be_caught_up_on(db: Database) -> None:
    user, session = await admitted(db)
    later = AT + timedelta(minutes=1)
    assert (await queries(db).ended_since(later)) == RecentEnds(sessions={}, authz_epochs={})
    async with transaction(db)() as records:
        await records.sessions.save(session.ended(EndReason.EVICTED, later))
        await records.users.save(user.with_roles(frozenset(), later))
    assert await queries(db).ended_since(later) == RecentEnds(
        sessions={session.id: "evicted"}, authz_epochs={user.id: 2}
    )
    assert await queries(db).ended_since(later + timedelta(seconds=1)) == RecentEnds(sessions={}, authz_epochs={})


async def test_an_erased_account_leaves_no_device_and_no_address(db: Database) -> None:
    user, session = await admitted(db)
    entry, token = an_entry(user), a_token(user)
    async with transaction(db)() as records:
        await records.users.save(user.awaiting_erasure(AT + timedelta(days=7), AT))
        await records.audit.add(entry)
        await records.one_time_tokens.add(token)
    assert await queries(db).due_erasures(at=AT + timedelta(days=6), limit=5) == []
    assert await queries(db).due_erasures(at=AT + timedelta(days=7), limit=5) == [user.id]
    async with transaction(db)() as records:
        await records.users.save(user.erased(AT))
        await records.users.forget(user.id)
    async with transaction(db)() as records:
        assert await records.sessions.lock(session.id) is None
        assert await records.one_time_tokens.find(token.digest, token.purpose, at=AT) is None
        assert await records.users.with_email(user.email) is None
    (kept,) = await queries(db).audit_entries(user_id=user.id, action=None, before=None, limit=5)
    assert (kept.origin.client, kept.detail) == (None, {"limit": 3, "roles": ["learner"]})
    assert await queries(db).due_erasures(at=AT + timedelta(days=8), limit=5) == []


async def test_what_is_long_over_is_purged_and_nothing_else(db: Database) -> None:
    user, session = await admitted(db)
    old = a_session(user, slot=1).ended(EndReason.REVOKED, AT - timedelta(days=2))
    async with transaction(db)() as records:
        await records.sessions.save(old)
        await records.one_time_tokens.add(a_token(user, expires_at=AT - timedelta(days=2)))
        await records.one_time_tokens.add(a_token(user, b"t" * 32))
        await records.audit.add(an_entry(user, at=AT - timedelta(days=2)))
        await records.audit.add(an_entry(user))
    day = AT - timedelta(days=1)
    assert await queries(db).purge(sessions_before=day, tokens_before=day, audit_before=day) == 3
    async with transaction(db)() as records:
        assert [live.id for live in await records.sessions.not_ended(user.id)] == [session.id]
        assert not await records.sessions.knows(user.id, old.device_id)
    assert len(await queries(db).audit_entries(user_id=None, action=None, before=None, limit=5)) == 1


async def test_of_racing_uses_of_a_token_one_wins(postgres: InPostgres) -> None:
    user, _ = await admitted(postgres)
    token = a_token(user)
    async with transaction(postgres)() as records:
        await records.one_time_tokens.add(token)

    async def use() -> bool:
        async with transaction(postgres)() as records:
            return await records.one_time_tokens.use(token.digest, token.purpose, at=AT) is not None

    assert sum(await asyncio.gather(*(use() for _ in range(20)))) == 1


async def test_racing_rotations_have_one_winner(postgres: InPostgres) -> None:
    _, session = await admitted(postgres)
    rotations = await asyncio.gather(
        *(
            queries(postgres).rotate(
                session.id, device_id=session.device_id, gen=1, salt=session.salt, at=AT + timedelta(minutes=1)
            )
            for _ in range(20)
        )
    )
    assert sum(rotated is not None for rotated in rotations) == 1


async def test_the_constraints_hold_the_limit_without_the_lock(postgres: InPostgres) -> None:
    """Twenty admissions that all chose the same free slot and take no lock: the database lets one through."""
    user = a_user()
    async with transaction(postgres)() as records:
        await records.users.add(user)

    async def admit() -> bool:
        try:
            async with transaction(postgres)() as records:
                return await records.sessions.admit(a_session(user), cred_epoch=1)
        except SlotTaken:
            return False

    assert sum(await asyncio.gather(*(admit() for _ in range(20)))) == 1


async def test_admissions_of_one_user_take_turns(postgres: InPostgres) -> None:
    """Counting and inserting under the lock: with it, every racer sees those before it."""
    user = a_user()
    async with transaction(postgres)() as records:
        await records.users.add(user)

    async def admit_to_next_slot() -> None:
        async with transaction(postgres)() as records:
            await records.sessions.lock_admissions(user.id)
            count = len(await records.sessions.not_ended(user.id))
            await records.sessions.admit(a_session(user, slot=count), cred_epoch=1)

    await asyncio.gather(*(admit_to_next_slot() for _ in range(12)))
    async with transaction(postgres)() as records:
        assert sorted(session.slot for session in await records.sessions.not_ended(user.id)) == list(range(12))
