"""What catalog tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kosu.ports.messages import Event


@dataclass(frozen=True, slots=True)
class CatalogueChanged(Event):
    """Something that public pages may show was written. It says no more: whoever keeps a page asks for it again."""

    broadcast: ClassVar[bool] = True
