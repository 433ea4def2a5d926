"""A real edge process, as the embedded stack runs it, on a folder of the test's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from entrypoints.embedded.child import Child, Command, stop, wait_until_ready
from entrypoints.embedded.ports import HOST, free_port
from kosu.adapters.cloudfront.delivery_signer import CloudFrontSigner
from kosu.adapters.filesystem.object_store import FilesystemObjectStore
from kosu.adapters.system.clock import SystemClock

SIGNING_KEY = "a key that signs the presigned URLs of tests"
KEY_PAIR_ID = "KTEST"


@dataclass(frozen=True, slots=True)
class EdgeServer:
    """The edge's own address, and what the other processes of the stack know: the folder and the keys."""

    url: str
    directory: Path
    private_key_pem: str
    process: Child

    def kill(self) -> None:
        """As `kill -9` does, the server's worker included."""
        self.process.kill_group()

    def store(self) -> FilesystemObjectStore:
        """The store on the edge's folder, as the API and the worker have it."""
        return FilesystemObjectStore(
            directory=self.directory, url=f"{self.url}/storage", signing_key=SIGNING_KEY, clock=SystemClock()
        )

    def signer(self) -> CloudFrontSigner:
        return CloudFrontSigner(media_base_url=self.url, key_pair_id=KEY_PAIR_ID, private_key_pem=self.private_key_pem)


@contextmanager
def running_edge(folder: Path) -> Iterator[EdgeServer]:
    """An edge on a free port, with its objects and its log in `folder`."""
    port = free_port()
    url, directory, pem = f"http://{HOST}:{port}", folder / "objects", rsa_key_pem()
    child = Child(edge_command(port, edge_environment(url, directory, pem), folder / "edge.log"))
    child.start()
    try:
        wait_until_ready(child, lambda: _is_live(url), timeout_seconds=60)
        yield EdgeServer(url, directory, pem, child)
    finally:
        stop([child])


def edge_command(port: int, environment: Mapping[str, str], log: Path) -> Command:
    """How the embedded stack starts an edge."""
    server = (
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--factory",
        "--loop",
        "uvloop",
        "--no-access-log",
    )
    argv = (*server, "--host", HOST, "--port", str(port), "entrypoints.edge.app:create_app")
    return Command(name="edge", argv=argv, environment=environment, log=log)


def edge_environment(url: str, directory: Path, private_key_pem: str) -> dict[str, str]:
    """All required settings; of those that the edge does not use, any value will do."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "KOSU_PROFILE": "embedded",
        "KOSU_DATABASE_URL": "postgresql://unused",
        "KOSU_REDIS_URL": "redis://unused",
        "KOSU_OBJECT_STORE": "filesystem",
        "KOSU_STORE_DIR": str(directory),
        "KOSU_STORE_URL": f"{url}/storage",
        "KOSU_STORE_SIGNING_KEY": SIGNING_KEY,
        "KOSU_MEDIA_BASE_URL": url,
        "KOSU_CLOUDFRONT_KEY_PAIR_ID": KEY_PAIR_ID,
        "KOSU_CLOUDFRONT_PRIVATE_KEY": private_key_pem,
        "KOSU_TOKEN_KEYS": "k1:" + "A" * 43 + "=",
        "KOSU_API_URL": "http://unused",
    }


def rsa_key_pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _is_live(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/live", timeout=2).status_code == 200
    except httpx.TransportError:
        return False
