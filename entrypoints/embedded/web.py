"""The web client as a runtime of the stack: its own server from a build, or `next dev` on the sources."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from entrypoints.embedded.node import node_argv, node_environment
from entrypoints.embedded.ports import HOST
from entrypoints.embedded.runtimes import Addresses, Runtime

_HEALTH = "/api/health"


def web_server(build: Path, addresses: Addresses, environment: Mapping[str, str]) -> Runtime:
    """Raises ProgramMissing."""
    variables = _environment(addresses, environment) | {"NODE_ENV": "production"}
    return _runtime(node_argv(str(build / "server.js")), addresses, variables)


def web_dev_server(sources: Path, addresses: Addresses, environment: Mapping[str, str]) -> Runtime:
    """Shows a change of the sources at once; it needs their `node_modules`.

    Raises:
        ProgramMissing
    """
    program = str(sources / "node_modules/next/dist/bin/next")
    return _runtime(node_argv(program, "dev", str(sources)), addresses, _environment(addresses, environment))


def _runtime(argv: tuple[str, ...], addresses: Addresses, environment: Mapping[str, str]) -> Runtime:
    # Its streams end with the API: what is still open after these seconds nobody waits for.
    return Runtime(
        name="web", argv=argv, health_url=f"{addresses.web_url}{_HEALTH}", grace_seconds=3, environment=environment
    )


def _environment(addresses: Addresses, base: Mapping[str, str]) -> dict[str, str]:
    """No secret is in it: the web client asks the API as its visitor, with the visitor's cookies."""
    return node_environment(base) | {
        "HOSTNAME": HOST,
        "PORT": str(urlsplit(addresses.web_url).port),
        "KOSU_WEB_URL": str(addresses.web_url),
        "KOSU_API_ORIGIN": addresses.api_url,
        "KOSU_EDGE_ORIGIN": addresses.edge_url,
        "KOSU_UPLOAD_ORIGIN": addresses.edge_url,
    }
