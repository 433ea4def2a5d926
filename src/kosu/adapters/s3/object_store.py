"""The object store in an S3 bucket. boto3 blocks, so every call runs in a pool of threads of the adapter's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NotRequired, TypedDict, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from kosu.adapters.s3.chunks import file_chunks, in_parts
from kosu.adapters.s3.errors import s3_errors
from kosu.ports.object_store import (
    MultipartNotFound,
    PartRequest,
    PresignedPart,
    StoredObject,
    StoredPart,
    StoreUnavailable,
    check_folder,
    check_key,
    check_order,
)

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

T = TypeVar("T")

PART_BYTES = 8 * 1024 * 1024  # of our own uploads: 10,000 of them hold 78 GiB
READ_BYTES = 1024 * 1024


class S3ObjectStore:
    """Empty credentials mean the SDK's own chain (role, profile); an `endpoint_url`, a store other than Amazon's."""

    def __init__(
        self,
        *,
        bucket: str,
        region: str,
        endpoint_url: str = "",
        access_key_id: str = "",
        secret_access_key: str = "",
        threads: int = 16,
    ) -> None:
        self._bucket = bucket
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="s3")
        self._client = boto3.session.Session().client(
            "s3",
            region_name=region,
            endpoint_url=endpoint_url or None,
            aws_access_key_id=access_key_id or None,
            aws_secret_access_key=secret_access_key or None,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path" if endpoint_url else "virtual"},
                max_pool_connections=threads,
                connect_timeout=2,
                read_timeout=10,
                retries={"max_attempts": 3, "mode": "standard"},
                # Stores other than Amazon's do not know the newer checksums, and a presigned URL must not ask for one.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def close(self) -> None:
        """End the threads and connections. Calls that have not begun are dropped."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    async def put(
        self, key: str, chunks: AsyncIterator[bytes], *, content_type: str, cache_control: str = ""
    ) -> StoredObject:
        return await self._put(check_key(key), chunks, content_type, cache_control)

    async def put_file(
        self,
        key: str,
        path: Path,
        *,
        content_type: str,
        cache_control: str = "",
        on_bytes: Callable[[int], None] | None = None,
    ) -> StoredObject:
        return await self._put(check_key(key), file_chunks(path, PART_BYTES), content_type, cache_control, on_bytes)

    async def download(self, key: str, path: Path, *, on_bytes: Callable[[int], None] | None = None) -> StoredObject:
        answer = await self._call(partial(self._client.get_object, Bucket=self._bucket, Key=check_key(key)))
        body = answer["Body"]
        # The local file is the caller's: its errors are not the store's.
        file = await asyncio.to_thread(path.open, "wb")
        try:
            while data := await self._call(partial(body.read, READ_BYTES)):
                await asyncio.to_thread(file.write, data)
                if on_bytes:
                    on_bytes(len(data))
        finally:
            body.close()
            await asyncio.to_thread(file.close)
        return StoredObject(key, answer["ContentLength"], answer["ContentType"], answer.get("CacheControl", ""))

    async def read(self, key: str, *, start: int = 0, length: int) -> bytes:
        if length < 1:  # no range in HTTP is empty
            await self.head(key)
            return b""
        return await self._call(partial(self._read, check_key(key), start, length))

    async def head(self, key: str) -> StoredObject:
        answer = await self._call(partial(self._client.head_object, Bucket=self._bucket, Key=check_key(key)))
        return StoredObject(key, answer["ContentLength"], answer["ContentType"], answer.get("CacheControl", ""))

    async def list_keys(self, prefix: str) -> Sequence[str]:
        return await self._call(partial(self._keys, prefix))

    async def delete(self, key: str) -> None:
        await self._call(partial(self._client.delete_object, Bucket=self._bucket, Key=check_key(key)))

    async def delete_prefix(self, prefix: str) -> int:
        keys = await self.list_keys(check_folder(prefix))
        for start in range(0, len(keys), 1000):  # as many as one request takes
            await self._call(partial(self._delete_keys, keys[start : start + 1000]))
        return len(keys)

    async def begin_multipart(self, key: str, *, content_type: str) -> str:
        return await self._begin(check_key(key), content_type)

    async def presign_parts(
        self, key: str, multipart_id: str, parts: Sequence[PartRequest], *, ttl: timedelta
    ) -> Sequence[PresignedPart]:
        expires_at = datetime.now(UTC).replace(microsecond=0) + ttl
        upload = {"Bucket": self._bucket, "Key": check_key(key), "UploadId": multipart_id}
        return [
            PresignedPart(
                part.part_number,
                # ContentLength becomes a signed header, which every client sends by itself.
                self._client.generate_presigned_url(
                    "upload_part",
                    Params={**upload, "PartNumber": part.part_number, "ContentLength": part.size_bytes},
                    ExpiresIn=int(ttl.total_seconds()),
                ),
                {},
                expires_at,
            )
            for part in parts
        ]

    async def list_parts(self, key: str, multipart_id: str) -> Sequence[StoredPart]:
        answer = await self._call(
            partial(self._client.list_parts, Bucket=self._bucket, Key=check_key(key), UploadId=multipart_id)
        )
        return [StoredPart(part["PartNumber"], part["Size"], part["ETag"]) for part in answer.get("Parts", [])]

    async def complete_multipart(self, key: str, multipart_id: str, parts: Sequence[StoredPart]) -> StoredObject:
        check_order(parts)  # that the store holds them, S3 checks by itself
        # S3 answers a repeated completion with success for some time, and with NoSuchUpload later; this is exact.
        await self.list_parts(key, multipart_id)
        await self._complete(key, multipart_id, [{"PartNumber": part.part_number, "ETag": part.etag} for part in parts])
        return await self.head(key)

    async def abort_multipart(self, key: str, multipart_id: str) -> None:
        with suppress(MultipartNotFound):
            await self._call(
                partial(
                    self._client.abort_multipart_upload, Bucket=self._bucket, Key=check_key(key), UploadId=multipart_id
                )
            )

    async def ping(self) -> None:
        def head_bucket() -> None:
            try:
                self._client.head_bucket(Bucket=self._bucket)
            except ClientError as error:
                raise StoreUnavailable(f"the bucket {self._bucket!r} does not answer: {error}") from error

        await self._call(head_bucket)

    async def _call(self, operation: Callable[[], T]) -> T:
        with s3_errors():
            return await asyncio.get_running_loop().run_in_executor(self._executor, operation)

    async def _put(
        self,
        key: str,
        chunks: AsyncIterator[bytes],
        content_type: str,
        cache_control: str,
        on_bytes: Callable[[int], None] | None = None,
    ) -> StoredObject:
        """One request for what is smaller than a part, a multipart upload of our own for more."""
        parts = in_parts(chunks, PART_BYTES)
        part = await anext(parts)
        size_bytes = len(part)
        if size_bytes < PART_BYTES:
            attributes = _attributes(content_type, cache_control)
            await self._call(partial(self._client.put_object, Bucket=self._bucket, Key=key, Body=part, **attributes))
            if on_bytes and part:
                on_bytes(size_bytes)
            return StoredObject(key, size_bytes, content_type, cache_control)
        multipart_id = await self._begin(key, content_type, cache_control)
        try:
            sent: list[CompletedPartTypeDef] = []
            while part:
                sent.append(await self._send(key, multipart_id, len(sent) + 1, part))
                if on_bytes:
                    on_bytes(len(part))
                part = await anext(parts, b"")
                size_bytes += len(part)
            await self._complete(key, multipart_id, sent)
        except MultipartNotFound as error:  # ended behind our back, or completed by a request whose answer got lost
            raise StoreUnavailable(f"the upload of {key!r} was interrupted") from error
        except BaseException:
            # The reason for the failure counts, not that of the clean-up: the bucket's lifecycle rule is its backstop.
            with suppress(StoreUnavailable):
                await asyncio.shield(self.abort_multipart(key, multipart_id))
            raise
        return StoredObject(key, size_bytes, content_type, cache_control)

    async def _begin(self, key: str, content_type: str, cache_control: str = "") -> str:
        attributes = _attributes(content_type, cache_control)
        answer = await self._call(
            partial(self._client.create_multipart_upload, Bucket=self._bucket, Key=key, **attributes)
        )
        return answer["UploadId"]

    async def _send(self, key: str, multipart_id: str, part_number: int, part: bytes) -> CompletedPartTypeDef:
        answer = await self._call(
            partial(
                self._client.upload_part,
                Bucket=self._bucket,
                Key=key,
                UploadId=multipart_id,
                PartNumber=part_number,
                Body=part,
            )
        )
        return {"PartNumber": part_number, "ETag": answer["ETag"]}

    async def _complete(self, key: str, multipart_id: str, parts: Sequence[CompletedPartTypeDef]) -> None:
        await self._call(
            partial(
                self._client.complete_multipart_upload,
                Bucket=self._bucket,
                Key=key,
                UploadId=multipart_id,
                MultipartUpload={"Parts": parts},
            )
        )

    def _read(self, key: str, start: int, length: int) -> bytes:
        span = f"bytes={start}-{start + length - 1}"
        try:
            return self._client.get_object(Bucket=self._bucket, Key=key, Range=span)["Body"].read()
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "InvalidRange":  # behind the end
                return b""
            raise

    def _keys(self, prefix: str) -> list[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def _delete_keys(self, keys: Sequence[str]) -> None:
        answer = self._client.delete_objects(
            Bucket=self._bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
        )
        if failed := answer.get("Errors"):
            raise StoreUnavailable(f"{len(failed)} objects were not deleted, the first because of {failed[0]}")


class _Attributes(TypedDict):
    ContentType: str
    CacheControl: NotRequired[str]


def _attributes(content_type: str, cache_control: str) -> _Attributes:
    if cache_control:
        return {"ContentType": content_type, "CacheControl": cache_control}
    return {"ContentType": content_type}
