"""Bodies of PATCH: what is left out stays as it is."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET


def given(edit: msgspec.Struct) -> dict[str, Any]:
    """The fields of an edit that were sent; a list becomes the tuple that the domain holds."""
    given = {field: getattr(edit, field) for field in edit.__struct_fields__}
    return {
        field: tuple(value) if isinstance(value, list) else value
        for field, value in given.items()
        if value is not UNSET
    }
