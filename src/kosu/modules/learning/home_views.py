"""The home page for the one who asks."""

from __future__ import annotations

import msgspec

from kosu.modules.catalog import HomeRow
from kosu.modules.learning.views import EnrolmentView


class ContinueRow(msgspec.Struct, frozen=True, tag_field="kind", tag="continue_learning"):
    """The learner's own courses that were begun, the last touched first."""

    items: list[EnrolmentView]


class HomeView(msgspec.Struct, frozen=True):
    rows: list[ContinueRow | HomeRow]
