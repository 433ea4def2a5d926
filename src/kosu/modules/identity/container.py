"""Wires identity's use cases."""

from __future__ import annotations

from dependency_injector import containers, providers

from kosu.modules.identity.activity import Activity
from kosu.modules.identity.admission import Admission, TokenMint
from kosu.modules.identity.domain.tokens import Keyring
from kosu.modules.identity.facade import Identity
from kosu.modules.identity.ports import (
    AccessTokens,
    IdentityQueries,
    IdentityRecords,
    PasswordHasher,
    SessionCache,
)
from kosu.modules.identity.revocation import Revocation
from kosu.modules.identity.use_cases.authenticate_request import AuthenticateRequest
from kosu.modules.identity.use_cases.bury_session import BurySession
from kosu.modules.identity.use_cases.edit_profile import EditProfile, NameDevice
from kosu.modules.identity.use_cases.end_session import EndAllSessions, EndSession
from kosu.modules.identity.use_cases.log_in import LogIn
from kosu.modules.identity.use_cases.log_out import LogOut
from kosu.modules.identity.use_cases.refresh_session import RefreshSession
from kosu.modules.identity.use_cases.register_user import RegisterUser
from kosu.modules.identity.use_cases.welcome_user import WelcomeUser
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource, SecretSource
from kosu.ports.mailer import Mailer
from kosu.ports.unit_of_work import Transaction


class IdentityContainer(containers.DeclarativeContainer):
    clock: providers.Provider[Clock] = providers.Dependency()
    ids: providers.Provider[IdSource] = providers.Dependency()
    secrets: providers.Provider[SecretSource] = providers.Dependency()
    transaction: providers.Provider[Transaction[IdentityRecords]] = providers.Dependency()
    queries: providers.Provider[IdentityQueries] = providers.Dependency()
    cache: providers.Provider[SessionCache] = providers.Dependency()
    passwords: providers.Provider[PasswordHasher] = providers.Dependency()
    access_tokens: providers.Provider[AccessTokens] = providers.Dependency()
    mailer: providers.Provider[Mailer] = providers.Dependency()
    keyring: providers.Provider[Keyring] = providers.Dependency()
    device_limit: providers.Provider[int] = providers.Dependency()
    access_ttl_seconds: providers.Provider[int] = providers.Dependency()

    mint = providers.Singleton(
        TokenMint, keyring=keyring, access_tokens=access_tokens, access_ttl_seconds=access_ttl_seconds
    )
    admission = providers.Singleton(Admission, ids=ids, secrets=secrets, device_limit=device_limit)
    revocation = providers.Singleton(Revocation, cache=cache)
    activity = providers.Singleton(Activity, queries=queries)

    register_user = providers.Singleton(
        RegisterUser,
        transaction=transaction,
        passwords=passwords,
        admission=admission,
        mint=mint,
        clock=clock,
        ids=ids,
    )
    log_in = providers.Singleton(
        LogIn,
        transaction=transaction,
        passwords=passwords,
        admission=admission,
        revocation=revocation,
        mint=mint,
        clock=clock,
    )
    refresh_session = providers.Singleton(
        RefreshSession, transaction=transaction, queries=queries, revocation=revocation, mint=mint, clock=clock
    )
    authenticate_request = providers.Singleton(
        AuthenticateRequest, access_tokens=access_tokens, cache=cache, queries=queries, activity=activity, clock=clock
    )
    log_out = providers.Singleton(LogOut, transaction=transaction, revocation=revocation, mint=mint, clock=clock)
    end_session = providers.Singleton(EndSession, transaction=transaction, revocation=revocation, clock=clock)
    end_all_sessions = providers.Singleton(EndAllSessions, transaction=transaction, revocation=revocation, clock=clock)
    edit_profile = providers.Singleton(EditProfile, transaction=transaction)
    name_device = providers.Singleton(NameDevice, transaction=transaction)
    bury_session = providers.Singleton(BurySession, cache=cache)
    welcome_user = providers.Singleton(WelcomeUser, queries=queries, mailer=mailer)
    facade = providers.Singleton(Identity, queries=queries)
