"""The web client as a part of `kosu up`, with a stand-in for Next on the real Node."""

from __future__ import annotations

import json
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.embedded.test_supervisor import STAND_IN, answers
from tests.support.fake_web import write_fake_web
from tests.support.stack import StackProcess, started_stack


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not below pytest's own folder: PostgreSQL may have to get here as `nobody`."""
    with tempfile.TemporaryDirectory(prefix="kosu-stack-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder).resolve()


def start(folder: Path, web: Path, **environment: str) -> AbstractContextManager[StackProcess]:
    variables = {"TEST_BUILDS": str(folder / "made.txt"), **environment}
    return started_stack(folder / "home", "--web", str(web), command=STAND_IN, environment=variables)


def asked(url: str) -> dict[str, Any]:
    with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own server
        content: dict[str, Any] = json.load(answer)
    return content


def test_the_web_client_is_served_and_told_first(folder: Path) -> None:
    with start(folder, write_fake_web(folder / "web")) as stack:
        ready = stack.wait_until_ready()
        assert asked(f"{ready['web_url']}/some/page")["path"] == "/some/page"
        stack.wait_for(lambda: "Ctrl-C stops everything" in stack.output, "nothing was told")
        told = stack.output.partition("all is healthy")[2]
        assert 0 < told.index(ready["web_url"]) < told.index(ready["api_url"])
        assert stack.stop() == 0
        assert "had to be killed" not in stack.output


def test_the_web_client_knows_addresses_and_no_secret(folder: Path) -> None:
    with start(folder, write_fake_web(folder / "web"), KOSU_STRIPE_SECRET_KEY="sk_test") as stack:
        ready = stack.wait_until_ready()
        variables = asked(f"{ready['web_url']}/")["variables"]
    edge = variables["KOSU_EDGE_ORIGIN"]
    assert edge not in {ready["api_url"], ready["web_url"]}
    assert {name: value for name, value in variables.items() if name.startswith("KOSU_")} == {
        "KOSU_WEB_URL": ready["web_url"],
        "KOSU_API_ORIGIN": ready["api_url"],
        "KOSU_EDGE_ORIGIN": edge,
        "KOSU_UPLOAD_ORIGIN": edge,
        "KOSU_READY_FILE": str(folder / "home/ready/web"),
    }
    assert variables["NODE_ENV"] == "production"


def test_a_crashed_web_client_is_started_again(folder: Path) -> None:
    with start(folder, write_fake_web(folder / "web")) as stack:
        web_url = stack.wait_until_ready()["web_url"]
        crashed = stack.part("server.js")
        assert crashed is not None
        os.kill(crashed, signal.SIGKILL)
        stack.wait_for(lambda: "web ended with -9: starting it again in 1 s" in stack.output, "the crash was not seen")
        stack.wait_for(lambda: answers(web_url), "the web client was not started again")


def test_a_second_start_builds_nothing(folder: Path) -> None:
    web = write_fake_web(folder / "web")
    for _ in range(2):
        with start(folder, web) as stack:
            stack.wait_until_ready()
    assert (folder / "made.txt").read_text().split() == ["built"]


def test_the_api_runs_alone_where_the_web_client_cannot_be_built(folder: Path) -> None:
    with start(folder, write_fake_web(folder / "web", build="console.error('the reason'); process.exit(1)")) as stack:
        ready = stack.wait_until_ready()
        assert answers(ready["api_url"])
        assert ready["web_url"] is None
        assert "the web client cannot be built, so the API runs alone: npm run build ended with 1" in stack.output
        assert "the reason" in stack.output


def test_the_api_runs_alone_where_there_is_no_web_client(folder: Path) -> None:
    with start(folder, folder / "none") as stack:
        ready = stack.wait_until_ready()
        assert answers(ready["api_url"])
        assert ready["web_url"] is None
        assert f"there is no web client at {folder / 'none'}: the API runs alone" in stack.output


def test_a_stop_signal_is_heard_while_the_web_client_is_built(folder: Path) -> None:
    with start(folder, write_fake_web(folder / "web", build="setInterval(() => 0, 1000)")) as stack:
        stack.wait_for(lambda: "building the web client" in stack.output, "the build did not begin")
        assert stack.stop() == 0
        stack.wait_until_gone()
