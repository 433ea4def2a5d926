"""/api/v1/ops: what operators see of accounts and do to them, and the audit log. All of it is audited."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.dependencies import Identity
from entrypoints.api.lists import ColumnText, Limit, QueryText
from entrypoints.api.origin import origin_of
from kosu.ids import UserId
from kosu.modules.identity.views import AccountView, AuditEntryView
from kosu.paging import BY_ID, Cursor, page_of

Reason = Annotated[str, msgspec.Meta(max_length=500)]
Role = Annotated[str, msgspec.Meta(max_length=40)]


class Disabling(msgspec.Struct, frozen=True):
    """`disabled: false` opens the account again, also one that waits to be erased."""

    disabled: bool = True
    reason: Reason = ""


class Roles(msgspec.Struct, frozen=True):
    roles: Annotated[list[Role], msgspec.Meta(max_length=10)]


class SessionsRevocation(msgspec.Struct, frozen=True):
    reason: Reason = ""


class AccountPage(msgspec.Struct, frozen=True):
    items: list[AccountView]
    next_cursor: str | None


class AuditPage(msgspec.Struct, frozen=True):
    items: list[AuditEntryView]
    next_cursor: str | None


class OpsAccountController(Controller):
    path = "/api/v1/ops"
    tags = ("ops",)

    @get("/users", operation_id="listUsers")
    async def users(  # noqa: PLR0917 - the query's parameters
        self,
        request: SignedInRequest,
        identity: NamedDependency[Identity],
        q: ColumnText = None,
        role: ColumnText = None,
        cursor: QueryText = None,
        limit: Limit = 20,
    ) -> AccountPage:
        """Accounts, newest first; `q` is part of an e-mail address or a name."""
        found = await identity.find_accounts()(
            viewer=request.user,
            text=q,
            role=role,
            before=None if cursor is None else UserId(Cursor.decode(cursor, sort=BY_ID).id),
            limit=limit + 1,
            origin=origin_of(request),
        )
        items, following = page_of(found, limit, lambda account: Cursor(BY_ID, account.id))
        return AccountPage(items=list(items), next_cursor=following.encode() if following else None)

    @post("/users/{user_id:uuid}/disable", operation_id="disableUser", status_code=HTTP_200_OK)
    async def disable(
        self,
        user_id: FromPath[UUID],
        request: SignedInRequest,
        identity: NamedDependency[Identity],
        data: JSONBody[Disabling | None] = None,
    ) -> AccountView:
        """Close an account and end its sessions, or open it again."""
        wish = data or Disabling()
        return await identity.disable_account()(
            viewer=request.user,
            user_id=UserId(user_id),
            disabled=wish.disabled,
            reason=wish.reason,
            origin=origin_of(request),
        )

    @post("/users/{user_id:uuid}/roles", operation_id="changeUserRoles", status_code=HTTP_200_OK)
    async def roles(
        self,
        user_id: FromPath[UUID],
        data: JSONBody[Roles],
        request: SignedInRequest,
        identity: NamedDependency[Identity],
    ) -> AccountView:
        """Replace the roles of an account; everybody stays a learner. Its next request sees it."""
        return await identity.change_roles()(
            viewer=request.user, user_id=UserId(user_id), roles=frozenset(data.roles), origin=origin_of(request)
        )

    @post("/users/{user_id:uuid}/sessions/revoke", operation_id="revokeUserSessions", status_code=HTTP_204_NO_CONTENT)
    async def revoke(
        self,
        user_id: FromPath[UUID],
        request: SignedInRequest,
        identity: NamedDependency[Identity],
        data: JSONBody[SessionsRevocation | None] = None,
    ) -> None:
        """End every session of an account."""
        wish = data or SessionsRevocation()
        await identity.revoke_sessions()(
            viewer=request.user, user_id=UserId(user_id), reason=wish.reason, origin=origin_of(request)
        )

    @get("/audit", operation_id="listAuditLog")
    async def audit(  # noqa: PLR0917 - the query's parameters
        self,
        request: SignedInRequest,
        identity: NamedDependency[Identity],
        user_id: FromQuery[UUID | None] = None,
        action: ColumnText = None,
        cursor: QueryText = None,
        limit: Limit = 20,
    ) -> AuditPage:
        """Security events, newest first: all, or those about an account or by it."""
        found = await identity.read_audit_log()(
            viewer=request.user,
            user_id=None if user_id is None else UserId(user_id),
            action=action,
            before=None if cursor is None else Cursor.decode(cursor, sort=BY_ID).id,
            limit=limit + 1,
            origin=origin_of(request),
        )
        items, following = page_of(found, limit, lambda entry: Cursor(BY_ID, entry.id))
        return AuditPage(items=list(items), next_cursor=following.encode() if following else None)
