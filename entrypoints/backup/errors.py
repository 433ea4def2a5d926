"""Why a backup is not made, or not taken. The messages are for the person at the terminal."""

from __future__ import annotations


class BackupError(Exception):
    """The base of all of them."""


class FolderTaken(BackupError):  # noqa: N818 - named as the sentence reads
    """Something is there already."""


class Damaged(BackupError):  # noqa: N818
    """The backup is not as it was made: something is missing, cut off or changed."""


class NotEmpty(BackupError):  # noqa: N818
    """There is something that a restore would mix with."""


class FromAnotherRelease(BackupError):  # noqa: N818
    """Its tables are newer than this release knows, or its form is another one."""


class ProgramFailed(BackupError):  # noqa: N818
    """pg_dump or pg_restore is missing, or ended with an error."""
