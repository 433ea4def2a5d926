"""Wires identity's use cases."""

from __future__ import annotations

from dependency_injector import containers, providers

from kosu.modules.identity.activity import Activity
from kosu.modules.identity.admission import Admission, TokenMint
from kosu.modules.identity.audit_trail import AuditTrail
from kosu.modules.identity.denials import Denials
from kosu.modules.identity.domain.device_policy import DevicePolicy
from kosu.modules.identity.domain.tokens import Keyring
from kosu.modules.identity.facade import AuditLog, Identity
from kosu.modules.identity.notifications import Notifications
from kosu.modules.identity.password_check import PasswordCheck
from kosu.modules.identity.ports import (
    AccessTokens,
    IdentityQueries,
    IdentityRecords,
    NotificationBook,
    PasswordHasher,
    SessionCache,
    StoredSessions,
    StreamLeases,
)
from kosu.modules.identity.revocation import Revocation
from kosu.modules.identity.session_lookup import SessionLookup
from kosu.modules.identity.throttling import Throttling
from kosu.modules.identity.use_cases.admit_device import AdmitDevice
from kosu.modules.identity.use_cases.authenticate_request import AuthenticateRequest
from kosu.modules.identity.use_cases.bury_session import BurySession
from kosu.modules.identity.use_cases.change_password import ChangePassword
from kosu.modules.identity.use_cases.choose_notifications import ChooseNotifications, Unsubscribe
from kosu.modules.identity.use_cases.close_account import CloseAccount, EraseClosedAccounts
from kosu.modules.identity.use_cases.edit_profile import EditProfile, NameDevice
from kosu.modules.identity.use_cases.end_session import EndAllSessions, EndSession
from kosu.modules.identity.use_cases.export_account import ExportAccount
from kosu.modules.identity.use_cases.hear_broadcasts import HearBroadcasts
from kosu.modules.identity.use_cases.hold_stream import ClaimStream, KeepStream, ReleaseStream
from kosu.modules.identity.use_cases.log_in import LogIn
from kosu.modules.identity.use_cases.log_out import LogOut
from kosu.modules.identity.use_cases.notify_owner import NotifyOwner
from kosu.modules.identity.use_cases.operate_accounts import ChangeRoles, DisableAccount, RevokeSessions
from kosu.modules.identity.use_cases.purge_identity import PurgeOldRows
from kosu.modules.identity.use_cases.refresh_session import RefreshSession
from kosu.modules.identity.use_cases.register_user import RegisterUser
from kosu.modules.identity.use_cases.reset_password import MailPasswordReset, RequestPasswordReset, ResetPassword
from kosu.modules.identity.use_cases.verify_email import (
    MailEmailVerification,
    RequestEmailVerification,
    VerifyEmail,
)
from kosu.modules.identity.use_cases.watch_accounts import FindAccounts, ReadAuditLog
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource, SecretSource
from kosu.ports.mailer import Mailer
from kosu.ports.throttle import Throttle
from kosu.ports.unit_of_work import Transaction


class IdentityContainer(containers.DeclarativeContainer):
    clock: providers.Provider[Clock] = providers.Dependency()
    ids: providers.Provider[IdSource] = providers.Dependency()
    secrets: providers.Provider[SecretSource] = providers.Dependency()
    transaction: providers.Provider[Transaction[IdentityRecords]] = providers.Dependency()
    queries: providers.Provider[IdentityQueries] = providers.Dependency()
    cache: providers.Provider[SessionCache] = providers.Dependency()
    stored_sessions: providers.Provider[StoredSessions] = providers.Dependency()
    streams: providers.Provider[StreamLeases] = providers.Dependency()
    throttle: providers.Provider[Throttle] = providers.Dependency()
    passwords: providers.Provider[PasswordHasher] = providers.Dependency()
    access_tokens: providers.Provider[AccessTokens] = providers.Dependency()
    mailer: providers.Provider[Mailer] = providers.Dependency()
    keyring: providers.Provider[Keyring] = providers.Dependency()
    device_policy: providers.Provider[DevicePolicy] = providers.Dependency()
    stream_limit: providers.Provider[int] = providers.Dependency()
    access_ttl_seconds: providers.Provider[int] = providers.Dependency()
    link_base: providers.Provider[str] = providers.Dependency()
    api_url: providers.Provider[str] = providers.Dependency()
    notification_book: providers.Provider[NotificationBook] = providers.Dependency()

    trail = providers.Singleton(AuditTrail, ids=ids)
    denials = providers.Singleton(Denials)
    throttling = providers.Singleton(Throttling, throttle=throttle, clock=clock)
    mint = providers.Singleton(
        TokenMint, keyring=keyring, access_tokens=access_tokens, access_ttl_seconds=access_ttl_seconds
    )
    revocation = providers.Singleton(Revocation, cache=cache, streams=streams, denials=denials, trail=trail)
    lookup = providers.Singleton(SessionLookup, cache=cache, stored=stored_sessions, denials=denials)
    admission = providers.Singleton(Admission, ids=ids, secrets=secrets, policy=device_policy, revocation=revocation)
    activity = providers.Singleton(Activity, queries=queries)
    password_check = providers.Singleton(
        PasswordCheck, transaction=transaction, passwords=passwords, throttling=throttling
    )

    # Signing in and out.
    register_user = providers.Singleton(
        RegisterUser,
        transaction=transaction,
        passwords=passwords,
        admission=admission,
        throttling=throttling,
        trail=trail,
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
        throttling=throttling,
        trail=trail,
        mint=mint,
        clock=clock,
        ids=ids,
        secrets=secrets,
    )
    admit_device = providers.Singleton(
        AdmitDevice,
        transaction=transaction,
        admission=admission,
        revocation=revocation,
        throttling=throttling,
        trail=trail,
        mint=mint,
        clock=clock,
    )
    refresh_session = providers.Singleton(
        RefreshSession,
        transaction=transaction,
        queries=queries,
        revocation=revocation,
        lookup=lookup,
        mint=mint,
        clock=clock,
    )
    authenticate_request = providers.Singleton(
        AuthenticateRequest, access_tokens=access_tokens, lookup=lookup, activity=activity, clock=clock
    )
    log_out = providers.Singleton(LogOut, transaction=transaction, revocation=revocation, mint=mint, clock=clock)

    # Devices and streams.
    end_session = providers.Singleton(EndSession, transaction=transaction, revocation=revocation, clock=clock)
    end_all_sessions = providers.Singleton(EndAllSessions, transaction=transaction, revocation=revocation, clock=clock)
    name_device = providers.Singleton(NameDevice, transaction=transaction)
    claim_stream = providers.Singleton(ClaimStream, leases=streams, ids=ids, clock=clock, limit=stream_limit)
    keep_stream = providers.Singleton(KeepStream, leases=streams, clock=clock)
    release_stream = providers.Singleton(ReleaseStream, leases=streams)

    # Passwords and addresses.
    request_password_reset = providers.Singleton(RequestPasswordReset, transaction=transaction, throttling=throttling)
    mail_password_reset = providers.Singleton(
        MailPasswordReset,
        transaction=transaction,
        trail=trail,
        mailer=mailer,
        clock=clock,
        secrets=secrets,
        link_base=link_base,
    )
    reset_password = providers.Singleton(
        ResetPassword,
        transaction=transaction,
        passwords=passwords,
        revocation=revocation,
        throttling=throttling,
        trail=trail,
        clock=clock,
    )
    change_password = providers.Singleton(
        ChangePassword,
        transaction=transaction,
        passwords=passwords,
        check=password_check,
        revocation=revocation,
        trail=trail,
        clock=clock,
    )
    request_email_verification = providers.Singleton(
        RequestEmailVerification, transaction=transaction, throttling=throttling
    )
    mail_email_verification = providers.Singleton(
        MailEmailVerification,
        transaction=transaction,
        mailer=mailer,
        clock=clock,
        secrets=secrets,
        link_base=link_base,
    )
    verify_email = providers.Singleton(
        VerifyEmail, transaction=transaction, throttling=throttling, trail=trail, clock=clock
    )

    # The account.
    edit_profile = providers.Singleton(EditProfile, transaction=transaction)
    export_account = providers.Singleton(
        ExportAccount, transaction=transaction, queries=queries, trail=trail, clock=clock
    )
    close_account = providers.Singleton(
        CloseAccount, transaction=transaction, revocation=revocation, trail=trail, clock=clock
    )

    # What people are told by mail.
    choose_notifications = providers.Singleton(ChooseNotifications, book=notification_book)
    unsubscribe = providers.Singleton(Unsubscribe, book=notification_book, keyring=keyring)
    notifications = providers.Singleton(
        Notifications,
        book=notification_book,
        mailer=mailer,
        keyring=keyring,
        clock=clock,
        api_url=api_url,
        link_base=link_base,
    )

    # Operators.
    find_accounts = providers.Singleton(
        FindAccounts, transaction=transaction, queries=queries, trail=trail, clock=clock
    )
    read_audit_log = providers.Singleton(
        ReadAuditLog, transaction=transaction, queries=queries, trail=trail, clock=clock
    )
    disable_account = providers.Singleton(
        DisableAccount, transaction=transaction, queries=queries, revocation=revocation, trail=trail, clock=clock
    )
    change_roles = providers.Singleton(
        ChangeRoles, transaction=transaction, queries=queries, revocation=revocation, trail=trail, clock=clock
    )
    revoke_sessions = providers.Singleton(
        RevokeSessions, transaction=transaction, revocation=revocation, trail=trail, clock=clock
    )

    # Reactions, jobs and broadcasts.
    bury_session = providers.Singleton(BurySession, cache=cache, streams=streams)
    notify_owner = providers.Singleton(NotifyOwner, queries=queries, mailer=mailer, link_base=link_base)
    hear_broadcasts = providers.Singleton(HearBroadcasts, queries=queries, denials=denials, clock=clock)
    erase_closed_accounts = providers.Singleton(
        EraseClosedAccounts, transaction=transaction, queries=queries, trail=trail, clock=clock
    )
    purge_old_rows = providers.Singleton(PurgeOldRows, queries=queries, book=notification_book, clock=clock)
    facade = providers.Singleton(Identity, queries=queries)
    audit_log = providers.Singleton(AuditLog, transaction=transaction, trail=trail)
