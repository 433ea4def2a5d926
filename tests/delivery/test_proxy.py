"""Media through the proxy of a small installation: Caddy asks the gate, and reads from a bucket what the gate opens."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

import httpx
import pytest

from entrypoints.embedded.child import Child, Command, stop, wait_until_ready
from entrypoints.embedded.ports import HOST, free_port
from kosu.adapters.cloudfront.delivery_signer import CloudFrontSigner
from tests.delivery.conftest import CHECKOUT
from tests.delivery.test_compose import compose, filled_in
from tests.support.moto_server import accepts_connections
from tests.support.signed_store import running_signed_store

KEY = "media/v/asset/1/video.m3u8"
COVER = "media/covers/course/1.jpg"
CONTENT = b"#EXTM3U\n0123456789"


@dataclass(frozen=True, slots=True)
class Site:
    url: str
    store_url: str
    private_key_pem: str

    def cookies(self, prefix: str = "media/v/asset/1/", *, ttl: timedelta = timedelta(minutes=5)) -> dict[str, str]:
        signer = CloudFrontSigner(
            media_base_url="https://kosu.test", key_pair_id="own", private_key_pem=self.private_key_pem
        )
        signed = signer.sign(prefix, expires_at=datetime.now(UTC) + ttl)
        return {"cookie": "; ".join(f"{name}={value}" for name, value in signed.items())}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The Caddyfile as it is deployed, with addresses of this machine in place of services and domains."""
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("there is no caddy to run (apt install caddy)")
    folder = tmp_path_factory.mktemp("proxy")
    site_port, store_port, gate_port, admin_port = (free_port() for _ in range(4))
    values = filled_in()
    objects = {f"/kosu-media/{KEY}": CONTENT, f"/kosu-media/{COVER}": CONTENT}
    with running_signed_store(values["KOSU_S3_SECRET_ACCESS_KEY"], objects) as bucket_port:
        caddyfile = (CHECKOUT / "deploy/proxy/Caddyfile").read_text()
        for name, address in (
            ("gate:8000", f"{HOST}:{gate_port}"),
            ("store:8333", f"{HOST}:{bucket_port}"),
            ("{$KOSU_DOMAIN} {", f"http://{HOST}:{site_port} {{"),
            ("{$KOSU_STORE_DOMAIN} {", f"http://{HOST}:{store_port} {{"),
            ("{\n\tservers", f"{{\n\tadmin {HOST}:{admin_port}\n\tservers"),
        ):
            assert name in caddyfile, name
            caddyfile = caddyfile.replace(name, address)
        (folder / "Caddyfile").write_text(caddyfile)
        environment = os.environ | values | compose(values)["services"]["gate"]["environment"]
        command = compose(values)["services"]["gate"]["command"]
        gate = [sys.executable, "-m", *command]
        gate[gate.index("--host") + 1], gate[gate.index("--port") + 1] = HOST, str(gate_port)
        children = [
            Child(Command(name="gate", argv=tuple(gate), environment=environment, log=folder / "gate.log")),
            Child(
                Command(
                    name="caddy",
                    argv=(caddy, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"),
                    environment=os.environ | {"KOSU_STORE_DOMAIN": "store.kosu.test", "HOME": str(folder)},
                    log=folder / "caddy.log",
                )
            ),
        ]
        for child in children:
            child.start()
        try:
            for child, port in zip(children, (gate_port, site_port), strict=True):
                wait_until_ready(child, lambda port=port: accepts_connections(port), timeout_seconds=60)  # type: ignore[misc]
            yield Site(
                f"http://{HOST}:{site_port}", f"http://{HOST}:{store_port}", values["KOSU_CLOUDFRONT_PRIVATE_KEY"]
            )
        finally:
            stop(children)


def test_signed_cookies_open_their_video_whole_and_in_ranges(site: Site) -> None:
    whole = httpx.get(f"{site.url}/{KEY}", headers=site.cookies())
    assert (whole.status_code, whole.content) == (200, CONTENT)
    assert whole.headers["cache-control"] == "max-age=60"
    assert whole.headers["content-type"] == "text/plain"
    part = httpx.get(f"{site.url}/{KEY}", headers={**site.cookies(), "range": "bytes=8-11"})
    assert (part.status_code, part.content) == (206, b"0123")
    # Nothing of a query was signed for, and nothing of it is passed on.
    assert httpx.get(f"{site.url}/{KEY}?acl", headers=site.cookies()).content == CONTENT
    head = httpx.head(f"{site.url}/{KEY}", headers=site.cookies())
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(CONTENT)))


def test_without_them_there_is_a_refusal_and_not_a_byte(site: Site) -> None:
    for headers, code in (
        ({}, "missing_cookie"),
        (site.cookies("media/v/other/1/"), "wrong_resource"),
        (site.cookies(ttl=timedelta(seconds=-1)), "expired"),
        (
            {"cookie": site.cookies()["cookie"].replace("CloudFront-Signature=", "CloudFront-Signature=A")},
            "bad_signature",
        ),
        # What the gate tells the proxy is not for clients to tell.
        ({"authorization": "AWS4-HMAC-SHA256 Credential=x", "x-forwarded-uri": f"/{COVER}"}, "missing_cookie"),
    ):
        answer = httpx.get(f"{site.url}/{KEY}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, code)
        assert answer.headers["content-type"] == "application/problem+json"


def test_covers_are_everybodys_and_nothing_else_is(site: Site) -> None:
    assert httpx.get(f"{site.url}/{COVER}").content == CONTENT
    assert httpx.get(f"{site.url}/media/sources/secret").status_code == 404
    assert httpx.post(f"{site.url}/{COVER}").status_code == 405
    assert httpx.get(f"{site.url}/media/covers/none").status_code == 404


@pytest.mark.parametrize("path", ["/media/covers/%2e%2e/v/asset/1/video.m3u8", "/media/covers/../v/asset/1/video.m3u8"])
def test_no_detour_leads_to_a_video(site: Site, path: str) -> None:
    connection = HTTPConnection(urlsplit(site.url).netloc, timeout=10)  # sends the path as it stands
    try:
        connection.request("GET", path)
        assert connection.getresponse().status in {403, 404}
    finally:
        connection.close()


def test_the_store_is_closed_to_all_that_is_not_signed(site: Site) -> None:
    """The store would refuse it, too. Here it does not even see it."""
    url = f"{site.store_url}/kosu-media/{KEY}"
    for answer in (httpx.get(url), httpx.put(url, content=b"x"), httpx.get(f"{url}?uploads")):
        assert (answer.status_code, answer.content) == (403, b"")
    for answer in (
        httpx.get(f"{url}?X-Amz-Signature=0"),
        httpx.get(url, headers={"authorization": "AWS4-HMAC-SHA256 Credential=x"}),
    ):
        assert answer.status_code == 403
        assert b"Error code: 403" in answer.content
