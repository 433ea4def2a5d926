"""The processes of Kosu itself that an embedded stack runs, as data."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from entrypoints.embedded.ports import HOST

ENTRYPOINTS = Path(__file__).parent.parent
DEMO = ENTRYPOINTS / "demo"

READY_FILE_VARIABLE = "KOSU_READY_FILE"
"""Names the file that a runtime without HTTP touches once it is ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """A long-running process. It is ready when `health_url` answers 200; without one, when its ready file exists."""

    name: str
    argv: tuple[str, ...]
    health_url: str | None = None
    grace_seconds: float = 15.0
    environment: Mapping[str, str] | None = None
    """All that the process sees; None: what Kosu's own runtimes see, with its secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Base URLs, without a trailing slash, at which the stack is reached."""

    api_url: str
    edge_url: str
    web_url: str | None = None
    """None while there is no web client."""

    @property
    def public_api_url(self) -> str:
        """Where browsers ask the API: the web client, where there is one, passes it on, and all is of one origin."""
        return self.web_url or self.api_url

    @property
    def public_media_url(self) -> str:
        """Where browsers get media, likewise: the cookies that open them are for that origin."""
        return self.web_url or self.edge_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """What a stack runs on top of PostgreSQL and Redis.

    The runtimes of a wave start together, each wave when all of the one before are ready. `migrate` and `seed` are
    commands that end; `seed` runs once for each `seed_version`, and takes `--demo`. `fill`
    completes a seeded demo beside all else, and takes a while.
    """

    waves: tuple[tuple[Runtime, ...], ...]
    migrate: tuple[str, ...]
    seed: tuple[str, ...]
    fill: tuple[str, ...]
    seed_version: str


def kosu(addresses: Addresses) -> Blueprint:
    """Kosu's own runtimes. The HTTP ones come first: on two cores, importing all at once delays the first answer."""
    kosu_command = (sys.executable, "-m", "entrypoints.cli")
    return Blueprint(
        waves=(
            (
                _http_runtime("api", addresses.api_url, "entrypoints.api.app:create_app", health="/health/ready"),
                _http_runtime("edge", addresses.edge_url, "entrypoints.edge.app:create_app", health="/health/live"),
            ),
            (
                # Apart: what follows from a payment takes more of a processor than the payment itself, and the probe
                # and the copies of videos more than both.
                _worker("payments-worker", "payments"),
                _worker("worker", "default"),
                _worker("media-worker", "media"),
                Runtime(name="scheduler", argv=(sys.executable, "-m", "entrypoints.scheduler")),
            ),
        ),
        migrate=(*kosu_command, "migrate"),
        seed=(*kosu_command, "seed"),
        fill=(*kosu_command, "seed", "--full"),
        seed_version=_content_hash(
            ENTRYPOINTS / "seed.py", *sorted(file for file in DEMO.rglob("*") if file.suffix in {".py", ".toml"})
        ),
    )


def is_ready(runtime: Runtime, ready_file: Path) -> bool:
    """Whether a running runtime says that it is ready."""
    if runtime.health_url is None:
        return ready_file.exists()
    url = urlsplit(runtime.health_url)
    connection = http.client.HTTPConnection(url.netloc, timeout=5)
    try:
        connection.request("GET", url.path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _http_runtime(name: str, base_url: str, factory: str, *, health: str) -> Runtime:
    port = str(urlsplit(base_url).port)
    options = f"--interface asgi --factory --http 1 --no-ws --loop uvloop --host {HOST} --port {port} --no-access-log"
    granian = (sys.executable, "-m", "granian", *options.split(), "--workers-kill-timeout", "5", factory)
    return Runtime(name=name, argv=granian, health_url=base_url + health)


def _worker(name: str, queue: str) -> Runtime:
    return Runtime(name=name, argv=(sys.executable, "-m", "entrypoints.worker", "--queues", queue))


def _content_hash(*files: Path) -> str:
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
