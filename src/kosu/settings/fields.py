"""What a setting is made of."""

from __future__ import annotations

import dataclasses
from base64 import b64decode
from typing import Any


class Secret(str):
    """Text that never shows itself in a repr or a log; `str.__str__` still gives the value where it is used."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('…')"


def setting(env: str, doc: str, default: Any = dataclasses.MISSING) -> Any:
    """A field read from the variable `env`; without a default it is required."""
    return dataclasses.field(default=default, metadata={"env": env, "doc": doc})


def webhook_secrets(by_commas: str) -> list[str]:
    """Secrets as Standard Webhooks writes them. Raises ValueError on a malformed one."""
    secrets = by_commas.split(",") if by_commas else []
    for secret in secrets:
        if not secret.startswith("whsec_") or not b64decode(secret.removeprefix("whsec_"), validate=True):
            msg = "each secret is whsec_ and base64"
            raise ValueError(msg)
    return secrets
