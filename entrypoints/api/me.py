"""/api/v1/me: one's account and devices."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_202_ACCEPTED

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.dependencies import Identity, WholeContainer
from entrypoints.api.origin import origin_of
from entrypoints.api.personal_data import Export, export_of
from kosu.ids import SessionId
from kosu.modules.identity.errors import SignInRequired
from kosu.modules.identity.views import SessionView, UserView

ShortText = Annotated[str, msgspec.Meta(max_length=200)]


class ProfileEdit(msgspec.Struct, frozen=True):
    display_name: ShortText | None = None
    locale: ShortText | None = None


class DeviceEdit(msgspec.Struct, frozen=True):
    label: ShortText


class Sessions(msgspec.Struct, frozen=True):
    """The live devices of an account, all on one page."""

    items: list[SessionView]
    next_cursor: str | None = None


class MeController(Controller):
    path = "/api/v1/me"
    tags = ("identity",)

    @get("/", operation_id="getMe")
    async def me(self, request: SignedInRequest, identity: NamedDependency[Identity]) -> UserView:
        user = await identity.queries().user(request.user.user_id)
        if user is None:
            msg = "This account does not exist any more."
            raise SignInRequired(msg)
        return user

    @patch("/", operation_id="editMe")
    async def edit(
        self, data: JSONBody[ProfileEdit], request: SignedInRequest, identity: NamedDependency[Identity]
    ) -> UserView:
        return await identity.edit_profile()(
            user_id=request.user.user_id, display_name=data.display_name, locale=data.locale
        )

    @get("/sessions", operation_id="listMySessions")
    async def sessions(self, request: SignedInRequest, identity: NamedDependency[Identity]) -> Sessions:
        viewer = request.user
        items = await identity.queries().live_sessions(
            viewer.user_id, current=viewer.session_id, at=identity.clock().now()
        )
        return Sessions(items=list(items))

    @patch("/sessions/{session_id:uuid}", operation_id="nameMySession")
    async def name(
        self,
        session_id: FromPath[UUID],
        data: JSONBody[DeviceEdit],
        request: SignedInRequest,
        identity: NamedDependency[Identity],
    ) -> SessionView:
        viewer = request.user
        return await identity.name_device()(
            user_id=viewer.user_id, session_id=SessionId(session_id), label=data.label, current=viewer.session_id
        )

    @delete("/sessions/{session_id:uuid}", operation_id="endMySession")
    async def end(
        self, session_id: FromPath[UUID], request: SignedInRequest, identity: NamedDependency[Identity]
    ) -> Response[None]:
        viewer = request.user
        await identity.end_session()(
            user_id=viewer.user_id, session_id=SessionId(session_id), origin=origin_of(request)
        )
        cookies = request.auth.clear() if session_id == viewer.session_id else []
        return Response(None, status_code=204, cookies=cookies)

    @delete("/sessions", operation_id="endMySessions")
    async def end_all(
        self, request: SignedInRequest, identity: NamedDependency[Identity], keep_current: FromQuery[bool] = True
    ) -> Response[None]:
        viewer = request.user
        await identity.end_all_sessions()(
            user_id=viewer.user_id, keep=viewer.session_id if keep_current else None, origin=origin_of(request)
        )
        return Response(None, status_code=204, cookies=[] if keep_current else request.auth.clear())

    @get("/export", operation_id="exportMe")
    async def export(self, request: SignedInRequest, container: NamedDependency[WholeContainer]) -> Response[Export]:
        """All that Kosu keeps about this person, for the person to keep."""
        return Response(
            await export_of(container, request.user, origin_of(request)),
            headers={"Content-Disposition": 'attachment; filename="kosu-account.json"'},
        )

    @delete("/", operation_id="deleteMe", status_code=HTTP_202_ACCEPTED)
    async def close(self, request: SignedInRequest, identity: NamedDependency[Identity]) -> Response[None]:
        """Close the account at once and erase it after seven days, within which an operator can open it again."""
        await identity.close_account()(viewer=request.user, origin=origin_of(request))
        return Response(None, status_code=HTTP_202_ACCEPTED, cookies=request.auth.clear())
