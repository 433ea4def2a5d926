"""What can go wrong in media, by whose turn it is: the client's, the source file's, or ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from kosu.errors import Conflict, Forbidden, Invalid, KosuError, NotFound, TooLarge, Unavailable


class UploadNotFound(NotFound):
    code = "upload_not_found"


class AssetNotFound(NotFound):
    code = "asset_not_found"


class UploadForbidden(Forbidden):
    """Only instructors upload, and only to lessons of their own courses."""

    code = "upload_forbidden"


class EmptyFile(Invalid):
    code = "empty_file"


class InvalidFilename(Invalid):
    code = "invalid_filename"


class InvalidContentType(Invalid):
    code = "invalid_content_type"


class InvalidFingerprint(Invalid):
    code = "invalid_fingerprint"


class FileTooLarge(TooLarge):
    code = "file_too_large"
    facts = ("limit_bytes",)

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"A source may have {limit_bytes} bytes at most.")
        self.limit_bytes = limit_bytes


class UploadQuotaExceeded(Conflict):
    """The file does not fit beside what its owner has in the store. There is room again when something goes."""

    code = "upload_quota_exceeded"
    facts = ("limit_bytes", "used_bytes")

    def __init__(self, *, limit_bytes: int, used_bytes: int) -> None:
        super().__init__(f"{used_bytes} of {limit_bytes} bytes are in use; the file does not fit in.")
        self.limit_bytes = limit_bytes
        self.used_bytes = used_bytes


class InvalidLanguage(Invalid):
    code = "invalid_language"


class InvalidWebVtt(Invalid):
    """The captions are no WebVTT as the standard has it; `line` counts from 1."""

    code = "invalid_webvtt"
    facts = ("line", "reason")

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"Line {line}: {reason}.")
        self.line = line
        self.reason = reason


class TooManyLanguages(Conflict):
    """The asset has captions in as many languages as it may."""

    code = "too_many_languages"
    facts = ("limit",)

    def __init__(self, limit: int) -> None:
        super().__init__(f"A video may have captions in {limit} languages at most.")
        self.limit = limit


class UnknownPart(Invalid):
    """A part number outside of the session's plan."""

    code = "unknown_part"


class UploadClosed(Conflict):
    """The session has ended: no part can be sent to it, and it cannot be completed."""

    code = "upload_closed"
    facts = ("state",)

    def __init__(self, state: str) -> None:
        super().__init__(f"The upload is {state}.")
        self.state = state


class UploadIncomplete(Conflict):
    """The store does not hold every part of the plan in its planned size."""

    code = "upload_incomplete"
    facts = ("missing_parts",)

    def __init__(self, missing_parts: Sequence[int]) -> None:
        super().__init__(f"{len(missing_parts)} part(s) have not arrived.")
        self.missing_parts = list(missing_parts)


class UploadLost(Conflict):
    """The store knows neither the upload nor an object made of it; the file has to be sent again."""

    code = "upload_lost"


class MediaNotReady(Conflict):
    """No revision of the lesson's video is published yet."""

    code = "not_ready"


class NotRetryable(Conflict):
    """There is no failed or cancelled run to try again, or trying again would change nothing."""

    code = "not_retryable"


class NothingToCancel(Conflict):
    """Nothing is being uploaded or processed, or the new revision is already published."""

    code = "nothing_to_cancel"


class LeaseLost(KosuError):  # noqa: N818 - named as the sentence reads, as the kinds are
    """Another worker holds the run, or it was cancelled: whoever sees this must not write any more."""

    code = "lease_lost"


class TranscoderFailed(Unavailable):
    """The transcoder died, stalled, or made something that does not pass its checks; the source is not blamed."""

    code = "transcoder_failed"


class ChunksUnfit(KosuError):  # noqa: N818 - named as the sentence reads, as the kinds are
    """A video cannot be put together from chunks; in a single pass it may well be encoded."""

    code = "chunks_unfit"


class ScratchFull(Unavailable):
    """There is not enough free disk for a run."""

    code = "scratch_full"


class Verdict(Invalid):
    """The source itself is at fault: trying again changes nothing. `hint` says what its owner can do."""

    code = "source_refused"
    hint: ClassVar[str] = "Export the video again, for example as MP4 with H.264 and AAC, and upload it anew."
    retryable: ClassVar[bool] = False


class NotAVideo(Verdict):
    code = "not_a_video"
    hint = (
        "The file is no video or sound in a format that we know. Upload MP4, MOV, MKV, WebM, AVI or MPEG, or sound as "
        "MP3, M4A, WAV, FLAC or Ogg."
    )


class NothingToPlay(Verdict):
    """The file is a container with neither a moving picture nor sound in it."""

    code = "nothing_to_play"
    hint = "The file has neither a moving picture nor sound. Check that it plays, or export it again."


class SourceTruncated(Verdict):
    code = "source_truncated"
    hint = "The end of the video is missing. Check that the file plays to its end, and upload it again."


class SourceCorrupt(Verdict):
    code = "source_corrupt"
    hint = "Parts of the video cannot be decoded. Export it again and upload the new file."


class SourceMissing(Verdict):
    code = "source_missing"
    hint = "The uploaded file is no longer in the store. Upload it again."
