"""botocore's errors in the port's words.

Source: Amazon S3 API Reference, "Error responses".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from kosu.errors import KosuError
from kosu.ports.object_store import MultipartIncomplete, MultipartNotFound, ObjectNotFound, StoreUnavailable

_ERRORS: dict[str, type[KosuError]] = {
    "NoSuchKey": ObjectNotFound,
    "NoSuchUpload": MultipartNotFound,
    "InvalidPart": MultipartIncomplete,
    "InvalidPartOrder": MultipartIncomplete,
    "EntityTooSmall": MultipartIncomplete,
}


@contextmanager
def s3_errors() -> Iterator[None]:
    """Translate what botocore raises; whatever has no name in the port counts as the store being away."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if (error.operation_name, code) == ("HeadObject", "404"):  # the answer to HEAD has no body to carry a code
            code = "NoSuchKey"
        raise _ERRORS.get(code, StoreUnavailable)(f"{error.operation_name}: {code}") from error
    except ParamValidationError:  # our own mistake: waiting will not mend it
        raise
    except BotoCoreError as error:
        raise StoreUnavailable(str(error)) from error
