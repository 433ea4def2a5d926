"""Password hashers and access tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from kosu.adapters.argon2 import Argon2PasswordHasher
from kosu.adapters.memory.credentials import MemoryAccessTokens, MemoryPasswordHasher
from kosu.adapters.pyjwt import JwtAccessTokens
from kosu.adapters.system import SystemIds
from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.tokens import AccessClaims
from kosu.modules.identity.errors import InvalidToken, TokenExpired
from kosu.modules.identity.ports import AccessTokens, PasswordHasher

AT = datetime(2026, 1, 1, tzinfo=UTC)
KEY = b"k" * 32
ids = SystemIds()
CLAIMS = AccessClaims(
    user_id=UserId(ids.new()),
    session_id=SessionId(ids.new()),
    device_id=DeviceId(ids.new()),
    gen=3,
    expires_at=AT + timedelta(minutes=10),
)


@pytest.fixture(params=[MemoryPasswordHasher, Argon2PasswordHasher])
def hasher(request: pytest.FixtureRequest) -> PasswordHasher:
    made: PasswordHasher = request.param()
    return made


@pytest.fixture(params=["memory", "pyjwt"])
def tokens(request: pytest.FixtureRequest) -> AccessTokens:
    return MemoryAccessTokens() if request.param == "memory" else JwtAccessTokens(keys={"k1": KEY}, issuer="kosu")


async def test_the_right_password_fits_and_no_other(hasher: PasswordHasher) -> None:
    stored = await hasher.hash("correct horse 전지")
    assert "correct" not in stored
    assert await hasher.verify("correct horse 전지", stored)
    assert not await hasher.verify("correct horse", stored)
    assert not await hasher.verify("", stored)


async def test_nobody_has_a_password(hasher: PasswordHasher) -> None:
    assert not await hasher.verify("nobody's password", None)
    assert not await hasher.verify("anything", "not a hash")


def test_claims_come_back_as_they_were_minted(tokens: AccessTokens) -> None:
    assert tokens.verify(tokens.mint(CLAIMS, at=AT), at=AT) == CLAIMS


def test_a_token_ends_to_the_second(tokens: AccessTokens) -> None:
    token = tokens.mint(CLAIMS, at=AT)
    assert tokens.verify(token, at=CLAIMS.expires_at - timedelta(seconds=1)) == CLAIMS
    with pytest.raises(TokenExpired):
        tokens.verify(token, at=CLAIMS.expires_at)


def test_altered_tokens_are_refused(tokens: AccessTokens) -> None:
    token = tokens.mint(CLAIMS, at=AT)
    for forged in (token[:-1], token + "x", token[1:], "", ".", "..", "a.b.c", "ü.ü.ü"):
        with pytest.raises(InvalidToken):
            tokens.verify(forged, at=AT)


def a_jwt(algorithm: str = "HS256", key: bytes | str = KEY, kid: str = "k1", **changes: object) -> str:
    payload = {
        "iss": "kosu", "aud": "kosu", "typ": "access", "sub": str(CLAIMS.user_id), "sid": str(CLAIMS.session_id),
        "did": str(CLAIMS.device_id), "gen": 1, "iat": AT.timestamp(), "exp": CLAIMS.expires_at.timestamp(),
    }  # fmt: skip
    kept = {name: value for name, value in {**payload, **changes}.items() if value is not None}
    return jwt.encode(kept, key, algorithm=algorithm, headers={"kid": kid})


def test_the_forger_in_this_file_can_make_a_good_token() -> None:
    assert JwtAccessTokens(keys={"k1": KEY}, issuer="kosu").verify(a_jwt(), at=AT).gen == 1


@pytest.mark.parametrize(
    "token",
    [
        a_jwt(algorithm="none", key=""),
        a_jwt(algorithm="HS512", key=KEY * 2),
        a_jwt(key=b"x" * 32),
        a_jwt(kid="k2"),
        a_jwt(typ="refresh"),
        a_jwt(iss="other"),
        a_jwt(aud="other"),
        a_jwt(gen=None),
        a_jwt(sub="nobody"),
        a_jwt(exp="soon"),
        a_jwt(exp=10**18),
    ],
)
def test_other_peoples_tokens_are_refused(token: str) -> None:
    with pytest.raises(InvalidToken):
        JwtAccessTokens(keys={"k1": KEY}, issuer="kosu").verify(token, at=AT)
