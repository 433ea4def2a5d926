"""The secrets of an embedded stack: made at its first start, and the same ever after, so that sessions survive."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from entrypoints.embedded.errors import HomeUnusable


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """Each in the form that the setting of the same purpose has."""

    token_keys: str = field(repr=False)
    sandbox_webhook_secret: str = field(repr=False)
    store_signing_key: str = field(repr=False)
    delivery_private_key_pem: str = field(repr=False)


def load_or_create(path: Path) -> Secrets:
    """Read the secrets kept at `path`; what is missing there is made, and kept readable by its owner alone.

    Raises:
        HomeUnusable: the file is damaged. It is left alone: new secrets would end all sessions.
    """
    kept: dict[str, str] = {}
    if path.exists():
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise HomeUnusable(f"{path} is damaged: restore it, or remove it to get new secrets") from error
    makers = {
        "token_keys": lambda: f"k1:{_random_base64(32)}",
        "sandbox_webhook_secret": lambda: f"whsec_{_random_base64(32)}",
        "store_signing_key": lambda: _random_base64(32),
        "delivery_private_key_pem": _rsa_key_pem,
    }
    secrets = Secrets(**{name: kept.get(name) or makers[name]() for name in (f.name for f in fields(Secrets))})
    if asdict(secrets) != kept:
        write_private(path, json.dumps(asdict(secrets), indent=2))
    return secrets


def write_private(path: Path, text: str) -> None:
    """Replace a file as a whole by one that only its owner can read."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _random_base64(size_bytes: int) -> str:
    return b64encode(os.urandom(size_bytes)).decode()


def _rsa_key_pem() -> str:
    # Imported where it is needed: once in the life of a stack.
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
