"""How much one owner may have in the store.

What counts is the declared size of each file of which anything is kept: while its upload is open, while its source is
in the store, and while a revision made of it is, published or replaced lately. What comes of a file is measured by it.
"""

from __future__ import annotations

from kosu.modules.media.errors import UploadQuotaExceeded


def check_quota(*, used_bytes: int, further_bytes: int, limit_bytes: int) -> None:
    """Raises UploadQuotaExceeded unless a further file of this size fits in."""
    if used_bytes + further_bytes > limit_bytes:
        raise UploadQuotaExceeded(limit_bytes=limit_bytes, used_bytes=used_bytes)
