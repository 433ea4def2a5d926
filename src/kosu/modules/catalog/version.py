"""What a process knows of the catalogue's state, so that pages made of it can be kept until it changes."""

from __future__ import annotations


class CatalogueVersion:
    """A number that changes with each change that is heard of, whoever made it.

    A page that was begun and looked at under the same version is as good as a new one. While nobody listens to the
    database, changes go unheard, and there is no version.
    """

    def __init__(self) -> None:
        self._number = 0
        self._is_listening = False

    @property
    def current(self) -> int | None:
        """None: nobody can tell, so that nothing may be kept."""
        return self._number if self._is_listening else None

    def changed(self) -> None:
        self._number += 1

    def listening(self) -> None:
        """Changes are heard of from now on; what changed before may have been missed."""
        self._number += 1
        self._is_listening = True

    def deaf(self) -> None:
        """Changes are not heard of any more."""
        self._is_listening = False
