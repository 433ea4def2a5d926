"""Who asks for something and from where, for the audit log."""

from __future__ import annotations

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.client_info import client_of
from kosu.modules.identity.domain.audit import Origin


def origin_of(request: SignedInRequest) -> Origin:
    viewer = request.user
    return Origin(
        actor_id=viewer.user_id,
        session_id=viewer.session_id,
        device_id=viewer.device_id,
        client=client_of(request),
    )
