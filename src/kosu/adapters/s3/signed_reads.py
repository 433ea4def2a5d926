"""Headers by which a proxy reads one object from a private bucket, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import boto3
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest

from kosu.ports.object_store import check_key


class SignedReads:
    """Addresses objects by path, as stores other than Amazon's want it. Empty credentials mean the SDK's own chain.

    Raises:
        ValueError: there are no credentials.

    Source: Amazon S3 API reference, "Authenticating requests: using the authorization header".
    """

    def __init__(
        self, *, bucket: str, region: str, endpoint_url: str, access_key_id: str = "", secret_access_key: str = ""
    ) -> None:
        session = boto3.session.Session(
            aws_access_key_id=access_key_id or None, aws_secret_access_key=secret_access_key or None
        )
        credentials = session.get_credentials()
        if credentials is None:
            msg = "neither the settings nor the SDK's own chain have credentials"
            raise ValueError(msg)
        self._credentials = credentials
        self._region = region
        self._base_url = f"{endpoint_url}/{bucket}"

    def headers(self, key: str, *, head: bool = False) -> Mapping[str, str]:
        """For a GET of the object or a range of it, or for a HEAD. They hold for a quarter of an hour.

        Nothing is asked of the store, not even whether there is such an object.

        Raises:
            ValueError: it is no key.
        """
        request = AWSRequest("HEAD" if head else "GET", f"{self._base_url}/{check_key(key)}")
        S3SigV4Auth(self._credentials, "s3", self._region).add_auth(request)
        return {name.lower(): value for name, value in request.headers.items()}
