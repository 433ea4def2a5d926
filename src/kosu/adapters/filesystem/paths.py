"""Where a key lives below the store's folder.

Each segment of a key becomes one percent-encoded name without a leading dot, and a folder's name ends with `+`, which
no encoded name contains. So no key can leave the folder, and an object `a` stands beside an object `a/b`.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, unquote

_MAX_NAME_BYTES = 254  # one less than file systems allow: a folder's mark


def object_path(root: Path, key: str) -> Path:
    """The file of an object. Raises ValueError when a segment is too long for a file name."""
    folder, _, name = key.rpartition("/")
    return folder_path(root, folder) / escape(name)


def folder_path(root: Path, folder: str) -> Path:
    """The folder of all objects below `folder`, a key's beginning without its last slash; the root for an empty one."""
    return root.joinpath(*(escape(segment) + "+" for segment in folder.split("/"))) if folder else root


def key_of(root: Path, path: Path) -> str:
    """The key whose `object_path` is `path`."""
    return "/".join(unquote(name.removesuffix("+")) for name in path.relative_to(root).parts)


def escape(segment: str) -> str:
    """A file name that stands for any text, reversibly: never hidden, never a way up, never a folder's name."""
    name = quote(segment, safe="")
    if name.startswith("."):
        name = "%2E" + name[1:]
    if len(name) > _MAX_NAME_BYTES:
        msg = f"too long for a file name: {segment!r}"
        raise ValueError(msg)
    return name
