"""Runs the images that check-images.sh built, on real stores, and asks their own health checks whether they are well.

`python -m deploy.try_images SHA BUILDAH…`, the command being buildah with where it keeps its images; as root, and in a
network namespace of its own.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from moto.server import ThreadedMotoServer

from entrypoints.embedded.temporary import temporary_postgres, temporary_redis

S3 = "http://127.0.0.1:8333"
OWN_PLACES = ("/tmp/", "/work/")  # noqa: S108 - where a runtime may write: compose.yaml makes all else read-only


def main(sha: str, *buildah: str) -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)  # noqa: S607 - as PATH has it, like all tools here
    images = Images(buildah, sha)
    with stores() as environment:
        with images.container("api", environment) as api:
            api.run("python", "-m", "entrypoints.cli", "migrate")
        for runtime in ("api", "scheduler", "worker", "web"):
            with images.container(runtime, environment if runtime != "web" else {}) as container:
                container.serve()
                if runtime == "worker":
                    container.run("ffmpeg", "-hide_banner", "-version")
                    container.run("python", "-m", "entrypoints.cli", "doctor")


@contextmanager
def stores() -> Iterator[dict[str, str]]:
    """PostgreSQL, Redis and S3, and production's settings for them."""
    s3 = ThreadedMotoServer("127.0.0.1", 8333)
    s3.start()
    client = boto3.client(
        "s3",
        endpoint_url=S3,
        region_name="us-east-1",
        aws_access_key_id="kosu",
        aws_secret_access_key="kosu",  # noqa: S106 - moto asks for none
    )
    client.create_bucket(Bucket="kosu-media")
    with temporary_postgres() as (postgres, _), temporary_redis() as (redis, _):
        for socket in (redis.socket_path, *postgres.sockets.iterdir()):
            # Other users' processes come in, too.
            socket.parent.chmod(0o711)
            socket.chmod(0o777)
        postgres.create_database("kosu")
        yield {
            "KOSU_DATABASE_URL": postgres.url("kosu"),
            "KOSU_REDIS_URL": redis.url(),
            "KOSU_S3_ENDPOINT_URL": S3,
            "KOSU_S3_ACCESS_KEY_ID": "kosu",
            "KOSU_S3_SECRET_ACCESS_KEY": "kosu",
            "KOSU_MEDIA_BASE_URL": "https://kosu.test",
            "KOSU_CLOUDFRONT_KEY_PAIR_ID": "KTEST",
            "KOSU_CLOUDFRONT_PRIVATE_KEY": rsa.generate_private_key(public_exponent=65537, key_size=2048)
            .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            .decode(),
            "KOSU_TOKEN_KEYS": f"k1:{b64encode(os.urandom(32)).decode()}",
            "KOSU_API_URL": "https://kosu.test",
            "KOSU_READY_FILE": "/tmp/ready",  # noqa: S108
            "SOCKETS": f"{postgres.sockets} {redis.socket_path.parent}",
        }
    s3.stop()


@dataclass(frozen=True, slots=True)
class Images:
    buildah: Sequence[str]
    sha: str

    @contextmanager
    def container(self, runtime: str, environment: Mapping[str, str]) -> Iterator[Container]:
        """A new container; afterwards it is looked for what was written where nothing may be."""
        print(f"\n== {runtime}", flush=True)  # noqa: T201
        image = json.loads(self._ask("inspect", "--type", "image", f"localhost/kosu-{runtime}"))["Docker"]["config"]
        expect(image["User"] == "10001", f"{runtime} runs as {image['User']}")
        revision = image["Labels"]["org.opencontainers.image.revision"]
        expect(revision == self.sha, f"{runtime} is of {revision}")
        container_id = self._ask("from", "--pull-never", f"localhost/kosu-{runtime}").strip()
        try:
            yield Container(self, container_id, image, environment)
            mounted = self._ask("mount", container_id).strip()
            found = self._output("find", mounted, "-xdev", "-uid", "10001")
            written = [path.removeprefix(mounted) for path in found.splitlines()]
            stray = [path for path in written if not f"{path}/".startswith(OWN_PLACES)]
            expect(not stray, f"{runtime} wrote where nothing may be: {stray}")
        finally:
            self._ask("rm", container_id)

    def _ask(self, *arguments: str) -> str:
        return self._output(*self.buildah, *arguments)

    def _output(self, *command: str) -> str:
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


@dataclass(frozen=True, slots=True)
class Container:
    images: Images
    container_id: str
    image: Mapping[str, Any]
    environment: Mapping[str, str]

    def run(self, *command: str) -> None:
        """As the image's user. Raises CalledProcessError."""
        subprocess.run(self._command(command), check=True)  # noqa: S603

    def serve(self) -> None:
        """Run the image's own command until its own health check answers, and see it end when it is told to."""
        check = self.image["Healthcheck"]["Test"][1:]
        began = time.monotonic()
        server = subprocess.Popen(self._command(self.image["Cmd"]), start_new_session=True)  # noqa: S603
        try:
            while subprocess.run(self._command(check), check=False, stderr=subprocess.DEVNULL).returncode:  # noqa: S603
                expect(server.poll() is None, "it ended by itself")
                expect(time.monotonic() < began + 120, "its health check does not pass")
                time.sleep(0.5)
            print(f"healthy after {time.monotonic() - began:.1f} s", flush=True)  # noqa: T201
            os.kill(_inmost(server.pid), signal.SIGTERM)
            status = server.wait(30)
            expect(status in {0, 128 + signal.SIGTERM}, f"it ends with status {status}")
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)

    def _command(self, command: Sequence[str]) -> list[str]:
        variables = [f"--env={name}={value}" for name, value in self.environment.items() if name != "SOCKETS"]
        volumes = [f"--volume={path}:{path}" for path in self.environment.get("SOCKETS", "").split()]
        buildah = [*self.images.buildah, "run", "--isolation", "chroot", *volumes, *variables]
        return [*buildah, self.container_id, "--", *command]


def _inmost(pid: int) -> int:
    """The first process that is not buildah itself, which passes no signals on."""
    while "buildah" in Path(f"/proc/{pid}/cmdline").read_text().partition("\0")[0]:
        children = (file.read_text().split() for file in Path(f"/proc/{pid}/task").glob("*/children"))
        pid = int(next(child for of_thread in children for child in of_thread))
    return pid


def expect(true: bool, otherwise: str) -> None:
    """Raises SystemExit."""
    if not true:
        sys.exit(f"try_images: {otherwise}")


if __name__ == "__main__":
    main(*sys.argv[1:])
