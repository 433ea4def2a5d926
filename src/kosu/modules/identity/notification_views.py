"""What identity answers about notifications."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from kosu.modules.identity.domain.notifications import NotificationKind


class NotificationSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Which mails somebody wants. Those about the account and its security are always sent."""

    receipt: bool
    enrolment: bool
    answer: bool
    certificate: bool

    @classmethod
    def of(cls, muted: Collection[NotificationKind]) -> NotificationSettings:
        return cls(**{kind.value: kind not in muted for kind in NotificationKind})
