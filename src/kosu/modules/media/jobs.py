"""The background work that the media module asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kosu.ports.messages import Job


@dataclass(frozen=True, slots=True)
class ProcessRun(Job):
    """Turn an uploaded source into a published revision. On a queue of its own: nothing else waits behind video."""

    queue: ClassVar[str] = "media"

    run_id: UUID


@dataclass(frozen=True, slots=True)
class PublishCaptions(Job):
    """Let the captions of an asset play with its published revision."""

    asset_id: UUID


@dataclass(frozen=True, slots=True)
class EncodeChunks(Job):
    """Help with a long video, if there are chunks left. Whoever holds the run does without help as well."""

    queue: ClassVar[str] = "media"

    run_id: UUID


@dataclass(frozen=True, slots=True)
class ReconcileRuns(Job):
    """Ask again for the runs that nobody holds."""


@dataclass(frozen=True, slots=True)
class DropRevisions(Job):
    """Delete the revisions that were replaced a day ago."""


@dataclass(frozen=True, slots=True)
class ExpireUploads(Job):
    """End the upload sessions whose time is over, and drop what ended sessions left in the store."""
