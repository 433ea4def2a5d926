"""Signing in, the device limit, and ending sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kosu.ids import SessionId, UserId
from kosu.modules.identity import AuthorityChanged, SessionEnded, UserRegistered
from kosu.modules.identity.denials import Denials
from kosu.modules.identity.domain.sessions import EndReason
from kosu.modules.identity.errors import (
    AuthenticationUnavailable,
    DeviceLimitReached,
    EmailTaken,
    InvalidCredentials,
    InvalidToken,
    SessionExpired,
    SessionNotFound,
    SessionRevoked,
    TokenExpired,
    WeakPassword,
)
from kosu.modules.identity.ports import Authority, LiveSession, Tombstone
from kosu.modules.identity.session_lookup import SessionLookup
from tests.support.identity import CLIENT, PASSWORD, IdentityWorld


@pytest.fixture
def world() -> IdentityWorld:
    return IdentityWorld(device_limit=3)


async def test_the_viewer_is_who_signed_in(world: IdentityWorld) -> None:
    admitted = await world.register()
    viewer = await world.container.authenticate_request()(access_token=admitted.tokens.access_token)
    assert viewer.user_id == admitted.user.id
    assert viewer.session_id == admitted.session.id
    assert viewer.roles == {"learner"}


async def test_an_address_is_one_account_in_any_spelling(world: IdentityWorld) -> None:
    await world.register("Ada@Kosu.test")
    with pytest.raises(EmailTaken):
        await world.register(" ada@KOSU.test ")
    assert (await world.log_in()).user.email == "ada@kosu.test"


@pytest.mark.parametrize("password", ["short", "a" * 12, "z" * 20, "x" * 129, "Password1234", "passwordpassword"])
async def test_weak_passwords_are_refused(world: IdentityWorld, password: str) -> None:
    with pytest.raises(WeakPassword):
        await world.register(password=password)


async def test_one_password_typed_on_two_keyboards_is_one_password(world: IdentityWorld) -> None:
    """A composed and a decomposed é look the same and must be the same."""
    await world.register(password="café au lait noir")
    assert (await world.log_in(password="cafe\u0301 au lait noir")).user.display_name == "Ada"


@pytest.mark.parametrize("password", ["", "wrong password", PASSWORD + " ", "x" * 1_000_000, "a\x00b" * 9])
async def test_a_wrong_password_is_refused_whatever_it_is(world: IdentityWorld, password: str) -> None:
    await world.register()
    with pytest.raises(InvalidCredentials):
        await world.log_in(password=password)


async def test_a_device_over_the_limit_is_refused_with_the_list(world: IdentityWorld) -> None:
    await world.register()
    await world.log_in()
    await world.log_in()
    with pytest.raises(DeviceLimitReached) as refused:
        await world.log_in()
    assert refused.value.limit == len(refused.value.sessions) == 3


async def test_signing_in_again_replaces_the_session_of_the_device(world: IdentityWorld) -> None:
    first = await world.register()
    device = world.device(first.tokens)
    for _ in range(5):
        again = await world.log_in(device_id=device)
    assert world.session(first).end_reason is EndReason.REPLACED
    assert world.session(again).device_id == device
    with pytest.raises(SessionRevoked):
        await world.use(first.tokens)


async def test_an_expired_session_frees_its_place(world: IdentityWorld) -> None:
    for admitted in [await world.register(), await world.log_in(), await world.log_in()]:
        assert world.session(admitted).slot in range(3)
    world.later(days=15)
    assert world.session(await world.log_in()).slot == 0


async def test_credentials_that_change_during_the_log_in_admit_nobody(world: IdentityWorld) -> None:
    admitted = await world.register()
    user = world.user(admitted)
    async with world.container.transaction()() as records:
        await records.users.save(replace(user, cred_epoch=2))
    with pytest.raises(InvalidCredentials):
        async with world.container.transaction()() as records:
            await world.container.admission().admit(
                records, user, device_id=world.device(admitted.tokens), client=CLIENT, at=world.clock.now()
            )


async def test_an_ended_session_is_refused_at_its_next_request(world: IdentityWorld) -> None:
    admitted = await world.register()
    await world.use(admitted.tokens)  # so that its live state is cached
    await world.container.end_session()(user_id=admitted.user.id, session_id=admitted.session.id)
    with pytest.raises(SessionRevoked) as refused:
        await world.use(admitted.tokens)
    assert refused.value.reason == "revoked_by_user"


async def test_a_fill_that_raced_the_end_does_not_resurrect(world: IdentityWorld) -> None:
    """The state was read while the session lived, and arrives at the cache after the tombstone."""
    admitted = await world.register()
    state = await world.container.stored_sessions().state(admitted.session.id)
    assert state is not None
    await world.container.end_session()(user_id=admitted.user.id, session_id=admitted.session.id)
    await world.cache.fill(state)
    with pytest.raises(SessionRevoked):
        await world.use(admitted.tokens)


async def test_the_end_reaches_a_cache_that_was_away(world: IdentityWorld) -> None:
    admitted = await world.register()
    await world.use(admitted.tokens)
    world.cache.available = False
    await world.container.end_session()(user_id=admitted.user.id, session_id=admitted.session.id)
    with pytest.raises(SessionRevoked):  # the database decides meanwhile
        await world.use(admitted.tokens)
    world.cache.available = True
    await world.container.bury_session()(
        SessionEnded(admitted.user.id, admitted.session.id, admitted.session.device_id, "revoked_by_user")
    )
    with pytest.raises(SessionRevoked):
        await world.use(admitted.tokens)


async def test_ending_another_users_session_is_not_found(world: IdentityWorld) -> None:
    ada, bob = await world.register(), await world.register("bob@kosu.test")
    with pytest.raises(SessionNotFound):
        await world.container.end_session()(user_id=bob.user.id, session_id=ada.session.id)
    await world.use(ada.tokens)


async def test_without_the_cache_the_database_decides(world: IdentityWorld) -> None:
    admitted = await world.register()
    world.cache.available = False
    await world.use(admitted.tokens)


async def test_without_both_stores_nobody_is_logged_out(world: IdentityWorld) -> None:
    admitted = await world.register()
    world.cache.available = world.database.available = False
    with pytest.raises(AuthenticationUnavailable):
        await world.container.authenticate_request()(access_token=admitted.tokens.access_token)


async def test_an_access_token_ends_by_itself(world: IdentityWorld) -> None:
    admitted = await world.register()
    world.later(seconds=601)
    with pytest.raises(TokenExpired):
        await world.use(admitted.tokens)


async def test_an_access_token_ends_with_its_idle_session(world: IdentityWorld) -> None:
    admitted = await world.register()
    world.later(days=15)
    fresh = world.container.mint().tokens(world.session(admitted), world.clock.now())
    with pytest.raises(SessionExpired):
        await world.use(fresh)


async def test_a_refresh_token_is_no_access_token(world: IdentityWorld) -> None:
    admitted = await world.register()
    with pytest.raises(InvalidToken):
        await world.container.authenticate_request()(access_token=admitted.tokens.refresh_token)


async def test_a_device_can_be_given_a_name(world: IdentityWorld) -> None:
    admitted = await world.register()
    named = await world.container.name_device()(
        user_id=admitted.user.id,
        session_id=admitted.session.id,
        label="  Kitchen   tablet ",
        current=admitted.session.id,
    )
    assert (named.label, named.current) == ("Kitchen tablet", True)


async def test_a_new_learner_is_greeted_in_their_language(world: IdentityWorld) -> None:
    admitted = await world.register()
    await world.container.edit_profile()(user_id=admitted.user.id, locale="ko")
    await world.container.mail_email_verification()(UserRegistered(admitted.user.id))
    assert "환영합니다" in world.mailer.sent[0].subject


def elsewhere(world: IdentityWorld) -> SessionLookup:
    """Another api process over the same stores, to which nothing was told."""
    return SessionLookup(world.cache, world.container.stored_sessions(), Denials())


async def test_an_end_is_seen_by_other_processes_in_the_cache(world: IdentityWorld) -> None:
    admitted = await world.register()
    await world.use(admitted.tokens)
    await world.container.end_session()(user_id=admitted.user.id, session_id=admitted.session.id)
    found = await elsewhere(world).find(admitted.user.id, admitted.session.id, at=world.clock.now())
    assert found == Tombstone("revoked_by_user")


async def test_an_end_that_the_cache_missed_is_made_up_for_by_the_worker(world: IdentityWorld) -> None:
    admitted = await world.register()
    await world.use(admitted.tokens)
    world.cache.available = False
    await world.container.end_session()(user_id=admitted.user.id, session_id=admitted.session.id)
    world.cache.available = True
    await world.deliver_session_ends()
    found = await elsewhere(world).find(admitted.user.id, admitted.session.id, at=world.clock.now())
    assert found == Tombstone("revoked_by_user")


async def test_the_process_that_ended_a_session_knows_it_without_the_cache(world: IdentityWorld) -> None:
    """The cache still believes in the session, and nobody has told it yet."""
    admitted = await world.register()
    await world.use(admitted.tokens)
    world.cache.available = False
    await world.container.end_session()(user_id=admitted.user.id, session_id=admitted.session.id)
    world.cache.available = True
    with pytest.raises(SessionRevoked):
        await world.use(admitted.tokens)


async def test_a_process_that_hears_of_an_end_or_a_change_knows_it(world: IdentityWorld) -> None:
    admitted = await world.register()
    await world.use(admitted.tokens)
    hear = world.container.hear_broadcasts()
    user_id, session_id, device_id = admitted.user.id, admitted.session.id, admitted.session.device_id
    async with world.container.transaction()() as records:
        user = world.user(admitted).with_roles(frozenset({"learner", "operator"}), world.clock.now())
        await records.users.save(user)
    hear.authority_changed(AuthorityChanged(user_id, authz_epoch=2))
    viewer = await world.container.authenticate_request()(access_token=admitted.tokens.access_token)
    assert viewer.is_operator
    hear.session_ended(SessionEnded(user_id, session_id, device_id, "evicted"))
    with pytest.raises(SessionRevoked):
        await world.use(admitted.tokens)


async def test_what_a_process_heard_is_forgotten_when_no_cache_can_contradict_it(world: IdentityWorld) -> None:
    """Else a process that runs for months would hold every session that ever ended."""
    admitted = await world.register()
    hear, denials = world.container.hear_broadcasts(), world.container.denials()
    hear.session_ended(SessionEnded(admitted.user.id, admitted.session.id, admitted.session.device_id, "evicted"))
    hear.authority_changed(AuthorityChanged(admitted.user.id, authz_epoch=2))
    world.later(minutes=15)
    other = SessionId(world.container.ids().new())
    hear.session_ended(SessionEnded(admitted.user.id, other, admitted.session.device_id, "evicted"))
    hear.authority_changed(AuthorityChanged(UserId(world.container.ids().new()), authz_epoch=2))
    assert denials.end_reason(admitted.session.id) is None
    assert denials.is_current(admitted.user.id, Authority(frozenset(), disabled=False, authz_epoch=1))
    assert denials.end_reason(other) == "evicted"


async def test_a_cached_expiry_that_was_put_off_signs_nobody_out(world: IdentityWorld) -> None:
    """The session was prolonged while the cache could not be told: only the database may say that it is over."""
    admitted = await world.register()
    await world.use(admitted.tokens)
    world.later(days=13)
    world.cache.available = False
    tokens = await world.refresh(admitted.tokens)
    world.cache.available = True
    world.later(days=2)
    fresh = world.container.mint().tokens(world.session(admitted), world.clock.now())
    await world.use(fresh)
    assert tokens.refresh_token == fresh.refresh_token


async def test_a_rotation_tells_the_cache_of_the_new_expiry(world: IdentityWorld) -> None:
    admitted = await world.register()
    await world.use(admitted.tokens)
    world.later(days=13)
    await world.refresh(admitted.tokens)
    cached = await world.cache.get(admitted.user.id, admitted.session.id)
    assert isinstance(cached.session, LiveSession)
    assert cached.session.expires_at == world.clock.now() + timedelta(days=14)
