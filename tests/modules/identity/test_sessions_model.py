"""Sessions against a simple model: whatever people, thieves, clocks and caches do, in any order.

`HYPOTHESIS_PROFILE=thorough` runs a hundred times as many histories. The usual run is the same each time, so that a
failure is always somebody's change and never luck.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kosu.errors import KosuError
from kosu.ids import DeviceId, SessionId
from kosu.modules.identity.admission import Admitted, Tokens
from kosu.modules.identity.domain.audit import NOBODY
from kosu.modules.identity.domain.sessions import Session
from kosu.modules.identity.domain.tokens import read_refresh_token
from kosu.modules.identity.domain.viewer import Viewer
from tests.support.identity import PASSWORD, IdentityWorld

T = TypeVar("T")

LIMIT = 3
# The moments around which something changes; days come seldom, for they end most of what there is.
SECONDS = [1, 4, 6, 29, 31, 11 * 60, 6 * 3600] * 6 + [13 * 86400, 16 * 86400, 31 * 86400]
indexes = st.integers(0, 63)


@dataclass
class Modelled:
    """A session as IDENTITY.md tells of it. `issued` holds the tokens of every generation, the first at 0."""

    id: SessionId
    device: int
    created_at: datetime
    rotated_at: datetime
    issued: list[Tokens]
    acked: int = 0
    ended: str | None = None
    # What an honest client holds, and whether anybody else has used its tokens.
    held: int = 0
    tampered: bool = False

    @property
    def gen(self) -> int:
        return len(self.issued)

    def over_at(self) -> datetime:
        return min(self.rotated_at + timedelta(days=14), self.created_at + timedelta(days=30))


@dataclass
class Expected:
    """An error by its code and, where it says one, its reason; or success."""

    code: str | None = None
    reason: str | None = None
    outcome: str = field(default="", compare=False)


class Sessions(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.world = IdentityWorld(device_limit=LIMIT)
        self.password = PASSWORD
        self.sessions: list[Modelled] = []
        self.devices: dict[int, DeviceId] = {}

    def teardown(self) -> None:
        self.loop.close()

    @initialize()
    def register(self) -> None:
        admitted = self.run(self.world.register())
        self.user_id = admitted.user.id
        self.admitted(admitted, device=0)

    # What may happen.

    @rule(device=st.integers(0, 5))
    def log_in(self, device: int) -> None:
        others = [session for session in self.live() if session.device != device]
        answer = self.attempt(self.world.log_in(device_id=self.devices.get(device), password=self.password))
        if isinstance(answer, KosuError):
            assert answer.code == "device_limit"
            assert len(others) >= LIMIT
            return
        assert len(others) < LIMIT
        for session in self.sessions:
            if session.ended is None and session not in others:
                session.ended = "replaced" if session in self.live() else "expired"
        self.admitted(answer, device=device)

    @rule(seconds=st.sampled_from(SECONDS))
    def wait(self, seconds: int) -> None:
        self.world.later(seconds=seconds)

    @rule(which=indexes, age=st.integers(0, 3))
    def refresh_with_any_token(self, which: int, age: int) -> None:
        session = self.pick(which)
        session.tampered = True
        self.present(session, max(1, session.gen - age))

    @rule(which=indexes, lost=st.booleans())
    def an_honest_client_refreshes(self, which: int, lost: bool) -> None:
        """It sends the newest token that it received; an answer may get lost on its way."""
        session = self.pick(which)
        if session.tampered:
            return
        outcome = self.present(session, session.held + 1)
        assert outcome != "refresh_replayed"
        if outcome == "ok" and not lost:
            session.held = session.gen - 1

    @rule(which=indexes, age=st.integers(0, 2))
    def use_any_access_token(self, which: int, age: int) -> None:
        session = self.pick(which)
        session.tampered = session.tampered or session.gen - 1 - age != session.held
        self.use(session, max(1, session.gen - age))

    @rule(which=indexes)
    def an_honest_client_works(self, which: int) -> None:
        session = self.pick(which)
        self.use(session, session.held + 1)

    @rule(which=indexes, times=st.integers(1, 3), seconds=st.sampled_from([6, 31, 11 * 60, 13 * 86400]))
    def an_honest_client_has_an_ordinary_time(self, which: int, times: int, seconds: int) -> None:
        for _ in range(times):
            self.an_honest_client_refreshes(which, lost=False)
            self.an_honest_client_works(which)
            self.wait(seconds)

    @rule(which=indexes, used=st.booleans(), seconds=st.sampled_from([4, 6, 29, 31]), age=st.integers(1, 2))
    def a_copy_comes_back(self, which: int, used: bool, seconds: int, age: int) -> None:
        session = self.pick(which)
        session.tampered = True
        if self.present(session, session.gen) == "ok" and used:
            self.use(session, session.gen)
        self.wait(seconds)
        self.present(session, max(1, session.gen - age))

    @rule(which=indexes)
    def log_out(self, which: int) -> None:
        session = self.pick(which)
        self.run(self.world.container.log_out()(refresh_token=session.issued[-1].refresh_token, access_token=None))
        session.ended = session.ended or "logged_out"

    @rule(which=indexes)
    def end_a_device(self, which: int) -> None:
        session = self.pick(which)
        self.run(self.world.container.end_session()(user_id=self.user_id, session_id=session.id))
        session.ended = session.ended or "revoked_by_user"

    @rule(which=indexes)
    def end_all_others(self, which: int) -> None:
        keep = self.pick(which)
        self.run(self.world.container.end_all_sessions()(user_id=self.user_id, keep=keep.id))
        self.end_all("revoked_by_user", keep)

    @rule(which=indexes)
    def change_the_password(self, which: int) -> None:
        session = self.pick(which)
        viewer = Viewer(self.user_id, session.id, self.devices[session.device], frozenset())
        password = f"{PASSWORD} {len(self.password)}"[:60] + "x" * (len(self.password) % 7)
        self.run(
            self.world.container.change_password()(
                viewer=viewer, current=self.password, password=password, origin=NOBODY
            )
        )
        self.password = password
        self.end_all("password_changed", session)

    @precondition(lambda self: self.world.cache.available)
    @rule()
    def the_cache_goes_away(self) -> None:
        self.world.cache.available = False

    @precondition(lambda self: not self.world.cache.available)
    @rule()
    def the_cache_comes_back(self) -> None:
        """The worker then tells it of the ends that it missed."""
        self.world.cache.available = True
        self.run(self.world.deliver_session_ends())

    @precondition(lambda self: self.world.cache.available)
    @rule()
    def the_cache_is_flushed(self) -> None:
        self.world.cache.forget()

    # What must always hold.

    @invariant()
    def the_stored_sessions_are_those_of_the_model(self) -> None:
        rows: dict[SessionId, Session] = self.world.database.table("identity.sessions")
        for session in self.sessions:
            row = rows[session.id]
            assert (row.gen, row.end_reason) == (session.gen, session.ended)

    @invariant()
    def live_sessions_keep_to_their_places(self) -> None:
        rows = [row for row in self.world.database.table("identity.sessions").values() if row.ended_at is None]
        assert len({row.slot for row in rows}) == len({row.device_id for row in rows}) == len(rows) <= LIMIT

    # The model.

    def present(self, session: Modelled, gen: int) -> str:
        """Refresh with the token of a generation, and compare what comes of it. Answers `ok` or the error's code."""
        token = session.issued[gen - 1].refresh_token
        expected = self.judged(session, gen)
        at = self.world.clock.now()
        answer = self.attempt(self.world.container.refresh_session()(token=token, device_id=None))
        if isinstance(answer, KosuError):
            assert self.told(answer) == expected
            if answer.code == "refresh_replayed":
                session.ended = "refresh_replayed"
            return answer.code
        assert expected == Expected()
        if expected.outcome == "rotate":
            session.acked = max(session.acked, session.gen)
            session.issued.append(answer)
            session.rotated_at = at
        assert answer.refresh_token == session.issued[-1].refresh_token
        assert read_refresh_token(self.world.keyring, answer.refresh_token).gen == session.gen
        return "ok"

    def judged(self, session: Modelled, gen: int) -> Expected:
        at = self.world.clock.now()
        since = (at - session.rotated_at).total_seconds()
        if session.ended is not None or at >= session.over_at():
            return self.over(session)
        if gen == session.gen:
            return Expected(outcome="repeat" if since < 5 and session.gen > 1 else "rotate")
        if gen == session.gen - 1 and (since < 30 or session.acked < session.gen):
            return Expected(outcome="repeat")
        return Expected("refresh_replayed")

    def use(self, session: Modelled, gen: int) -> None:
        """A request with the access token of a generation, whose sighting is written down."""
        tokens = session.issued[gen - 1]
        minted_at = self.world.container.access_tokens().verify(tokens.access_token, at=session.created_at).expires_at
        at = self.world.clock.now()
        if at >= minted_at:
            expected = Expected("token_expired")
        elif session.ended is not None or at >= session.over_at():
            expected = self.over(session)
        else:
            expected = Expected()
        answer = self.attempt(self.world.use(tokens))
        if isinstance(answer, KosuError):
            assert self.told(answer) == expected
        else:
            assert expected == Expected()
            session.acked = max(session.acked, gen)

    @staticmethod
    def over(session: Modelled) -> Expected:
        if session.ended in {None, "expired"}:
            return Expected("session_expired")
        return Expected("session_revoked", session.ended)

    @staticmethod
    def told(error: KosuError) -> Expected:
        return Expected(error.code, getattr(error, "reason", None))

    def live(self) -> list[Modelled]:
        at = self.world.clock.now()
        return [session for session in self.sessions if session.ended is None and at < session.over_at()]

    def end_all(self, reason: str, keep: Modelled) -> None:
        for session in self.sessions:
            if session is not keep:
                session.ended = session.ended or reason

    def pick(self, which: int) -> Modelled:
        """A session, the newer ones more often: of the old ones there is little to tell."""
        return self.sessions[-1 - which % 7 % min(3, len(self.sessions))]

    def admitted(self, admitted: Admitted, *, device: int) -> None:
        at = self.world.clock.now()
        self.devices[device] = self.world.device(admitted.tokens)
        self.sessions.append(Modelled(admitted.session.id, device, at, at, [admitted.tokens]))

    def attempt(self, what: Awaitable[T]) -> T | KosuError:
        try:
            return self.run(what)
        except KosuError as error:
            return error

    def run(self, what: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await what

        return self.loop.run_until_complete(awaited())


THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
Sessions.TestCase.settings = settings(
    max_examples=20_000 if THOROUGH else 200,
    stateful_step_count=50,
    derandomize=not THOROUGH,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestSessions = Sessions.TestCase
