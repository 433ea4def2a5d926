"""The settings of a test: an embedded set-up in a folder of its own, over the servers that it is given."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from entrypoints.embedded.environment import runtime_environment
from entrypoints.embedded.home import Home
from entrypoints.embedded.runtimes import Addresses
from entrypoints.embedded.secrets import Secrets, load_or_create
from kosu.settings import Settings, read_settings

API_URL = "http://api.test"
EDGE_URL = "http://edge.test"


@lru_cache
def secrets_of_tests() -> Secrets:
    """Made once in a process: an RSA key takes its time."""
    with TemporaryDirectory() as folder:
        return load_or_create(Path(folder) / "secrets.json")


def environment(
    folder: Path, *, database_url: str, redis_url: str, api_url: str = API_URL, edge_url: str = EDGE_URL
) -> dict[str, str]:
    built = runtime_environment(
        {}, home=Home(folder), secrets=secrets_of_tests(), addresses=Addresses(api_url=api_url, edge_url=edge_url)
    )
    return built | {"KOSU_DATABASE_URL": database_url, "KOSU_REDIS_URL": redis_url}


def settings(folder: Path, *, database_url: str, redis_url: str, **changes: str) -> Settings:
    """`changes` are variables of the environment."""
    return read_settings(environment(folder, database_url=database_url, redis_url=redis_url) | changes)
