"""`kosu backup` and `kosu restore`: an installation in a folder, and back. For small ones: docs/backup.md.

PostgreSQL comes first and the objects after it: what a row names is never changed, and deleted only long after the row
has let go of it, so that everything the dump speaks of is there. Redis is left out, since nothing is kept there alone.
"""

from entrypoints.backup.errors import BackupError
from entrypoints.backup.restoring import restore
from entrypoints.backup.saving import save

__all__ = ["BackupError", "restore", "save"]
