"""The supervisor behind `kosu up`, with real PostgreSQL and Redis and stand-ins for Kosu's own runtimes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest
import redis

from entrypoints.demo import ACCOUNTS
from entrypoints.embedded.home import Home
from entrypoints.embedded.postgres import PostgresServer
from entrypoints.embedded.redis import RedisServer
from tests.support.stack import StackProcess, started_stack

STAND_IN = (sys.executable, str(Path(__file__).with_name("stand_in_stack.py")))


def start(home: Path, *arguments: str, worker: str | None = None, **environment: str) -> AbstractContextManager[Any]:
    variables = environment | ({"STAND_IN_WORKER": worker} if worker else {})
    return started_stack(home, *arguments, command=STAND_IN, environment=variables)


@pytest.fixture
def home() -> Iterator[Path]:
    """Not below pytest's own folder, which each run of pytest closes to all others: `nobody` may have to get here."""
    with tempfile.TemporaryDirectory(prefix="kosu-stack-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder).resolve() / "home"


@pytest.fixture
def stack(home: Path) -> Iterator[StackProcess]:
    with start(home) as stack:
        stack.wait_until_ready()
        yield stack


def database(home: Path) -> psycopg.Connection:
    paths = Home(home)
    server = PostgresServer.in_folders(data=home / "postgres", sockets=paths.sockets, logs=paths.logs)
    return psycopg.connect(server.url("kosu"), autocommit=True)


def cache(home: Path) -> redis.Redis:
    paths = Home(home)
    return redis.Redis.from_url(RedisServer(data=home / "redis", sockets=paths.sockets, logs=paths.logs).url())


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own server
            return bool(answer.status == 200)
    except OSError:
        return False


def process_of(stack: StackProcess, marker: str) -> int:
    """The process directly below the supervisor whose command line contains `marker`."""
    listing = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,command="], capture_output=True, text=True, check=True
    )
    rows = [line.split(maxsplit=2) for line in listing.stdout.splitlines()]
    (pid,) = (int(pid) for pid, parent, command in rows if int(parent) == stack.process.pid and marker in command)
    return pid


def test_the_ready_file_tells_all_that_a_client_needs(home: Path) -> None:
    with start(home) as stack:
        ready = stack.wait_until_ready()
        assert answers(ready["api_url"])
        assert ready["web_url"] is None
        assert ready["pid"] == stack.process.pid
        assert ready["accounts"] == {
            role: {"email": account.email, "password": account.password} for role, account in ACCOUNTS.items()
        }
        assert ready["sandbox"]["webhook_secret"].startswith("whsec_")
        assert stack.ready_file.stat().st_mode & 0o777 == 0o600
        stack.stop()
        assert not stack.ready_file.exists()


def test_without_a_demo_the_shelves_alone_are_seeded(home: Path) -> None:
    with start(home, "--no-demo") as stack:
        assert stack.wait_until_ready()["accounts"] == {}
        assert (home / "seeds.txt").read_text().split() == ["seeded"]


def test_a_demo_can_be_had_later(home: Path) -> None:
    with start(home, "--no-demo") as stack:
        stack.wait_until_ready()
        stack.stop()
    with start(home) as stack:
        stack.wait_until_ready()
    assert (home / "seeds.txt").read_text().split() == ["seeded", "seeded", "--demo"]


def test_the_demo_is_filled_once_after_the_start(home: Path) -> None:
    for _ in range(2):
        with start(home) as stack:
            stack.wait_until_ready()
            stack.wait_for((home / "filled").exists, "the demo was not filled")
            stack.stop()
    assert (home / "fills.txt").read_text().split() == ["filled"]


def test_a_demo_that_was_not_filled_is_tried_again_at_the_next_start(home: Path) -> None:
    with start(home, STAND_IN_FILL="raise SystemExit(3)") as stack:
        stack.wait_for(lambda: "demo ended with 3: the next start tries it again" in stack.output, "it was not told")
        assert not (home / "filled").exists()
        stack.stop()
    with start(home) as stack:
        stack.wait_for((home / "filled").exists, "it was not tried again")


def test_a_stack_stops_while_its_demo_is_being_filled(home: Path) -> None:
    with start(home, STAND_IN_FILL="import time; time.sleep(3600)") as stack:
        stack.wait_until_ready()
        stack.wait_for(lambda: stack.part("import time; time.sleep(3600)"), "it has not begun")
        assert stack.stop() == 0
        stack.wait_until_gone()
        assert not (home / "filled").exists()


def test_a_quiet_demo_is_not_filled(home: Path) -> None:
    with start(home, "--quiet-demo") as stack:
        stack.wait_until_ready()
        stack.stop()
    assert not (home / "fills.txt").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_leaves_no_process(stack: StackProcess, number: signal.Signals) -> None:
    assert stack.stop(number) == 0
    assert len(stack.descendants) >= 5
    stack.wait_until_gone()


def test_data_secrets_and_the_seed_survive_a_restart(home: Path) -> None:
    with start(home) as stack:
        secrets = stack.wait_until_ready()["sandbox"]
        with database(home) as connection:
            connection.execute("create table kept as select 42 as answer")
        cache(home).set("kept", "42")
        stack.stop()
    with start(home) as stack:
        assert stack.wait_until_ready()["sandbox"] == secrets
        with database(home) as connection:
            assert connection.execute("select answer from kept").fetchone() == (42,)
        assert cache(home).get("kept") == b"42"
    assert (home / "seeds.txt").read_text().split() == ["seeded", "--demo"]


def test_a_crashed_runtime_is_started_again(stack: StackProcess, home: Path) -> None:
    worker = process_of(stack, "KOSU_READY_FILE")
    os.kill(worker, signal.SIGKILL)
    stack.wait_for(lambda: "starting it again" in stack.output, "the crash was not seen")
    stack.wait_for((home / "ready/worker").exists, "the worker was not started again")
    assert process_of(stack, "KOSU_READY_FILE") != worker
    assert "worker ended with -9: starting it again in 1 s" in stack.output


def test_a_crashing_runtime_is_started_ever_more_slowly(home: Path) -> None:
    crashing = "import os, pathlib, time; pathlib.Path(os.environ['KOSU_READY_FILE']).touch(); time.sleep(0.3)"
    with start(home, worker=crashing) as stack:
        stack.wait_for(lambda: "starting it again in 2 s" in stack.output, "it did not slow down")
        assert "starting it again in 1 s" in stack.output


def test_a_crashed_redis_is_started_again_with_its_memory(stack: StackProcess, home: Path) -> None:
    cache(home).set("kept", "42")
    os.kill(process_of(stack, "redis-server"), signal.SIGKILL)
    stack.wait_for(lambda: "redis ended with -9: starting it again in 1 s" in stack.output, "the crash was not seen")
    stack.wait_for(lambda: socket_answers(home), "Redis was not started again")
    assert cache(home).get("kept") == b"42"


def test_a_crashed_postgres_is_started_again_with_all_that_was_committed(stack: StackProcess, home: Path) -> None:
    with database(home) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(process_of(stack, "postgres"), signal.SIGKILL)
    stack.wait_for(lambda: "postgres ended with -9: starting it again" in stack.output, "the crash was not seen")
    stack.wait_for(lambda: accepts_connections(home), "PostgreSQL was not started again")
    with database(home) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def socket_answers(home: Path) -> bool:
    try:
        return bool(cache(home).ping())
    except redis.RedisError:
        return False


def accepts_connections(home: Path) -> bool:
    try:
        database(home).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_runtime_that_does_not_start_is_told_with_the_end_of_its_log(home: Path) -> None:
    with start(home, worker="raise SystemExit('the reason')") as stack:
        assert stack.process.wait(60) == 1
        assert "worker ended with 1 before it was ready" in stack.output
        assert "the reason" in stack.output
        assert not stack.ready_file.exists()


def test_a_stop_signal_is_heard_while_a_runtime_is_awaited(home: Path) -> None:
    with start(home, worker="import time; time.sleep(3600)") as stack:
        stack.wait_for(lambda: "edge is ready" in stack.output, "the first wave did not start")
        assert stack.stop() == 0


def test_a_runtime_that_does_not_stop_is_killed_with_all_its_children(home: Path) -> None:
    stubborn = """
import os, pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
pathlib.Path(os.environ["KOSU_READY_FILE"]).touch()
time.sleep(3600)
"""
    with start(home, worker=stubborn) as stack:
        stack.wait_until_ready()
        assert stack.stop() == 0
        assert "worker had to be killed" in stack.output
        stack.wait_until_gone()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_a_killed_supervisor_leaves_no_process(home: Path) -> None:
    with start(home) as stack:
        stack.wait_until_ready()
        stack.stop(signal.SIGKILL)
        stack.wait_until_gone()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_a_start_after_a_killed_supervisor_waits_for_its_servers(home: Path) -> None:
    """It would meet them in the data folders otherwise."""
    with start(home) as stack:
        stack.wait_until_ready()
        server = process_of(stack, "redis-server")
        os.kill(server, signal.SIGSTOP)
        stack.stop(signal.SIGKILL)
        with start(home) as successor:
            try:
                successor.wait_for(lambda: "waiting for the servers" in successor.output, "it did not wait")
            finally:
                os.kill(server, signal.SIGCONT)
            successor.wait_until_ready()


def test_a_second_stack_on_the_same_home_is_refused(stack: StackProcess, home: Path) -> None:
    arguments = ["--home", str(home), "--port", "0", "--ready-file", str(home / "second.json")]
    second = subprocess.run(
        [*STAND_IN, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert second.returncode == 1
    assert f"another `kosu up` (process {stack.process.pid}) runs on {home}" in second.stderr
    assert stack.process.poll() is None
    assert stack.ready_file.exists()


def test_a_busy_port_gives_way_to_the_next_free_one(home: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        busy = listener.getsockname()[1]
        with start(home, "--port", str(busy)) as stack:
            url = stack.wait_until_ready()["api_url"]
            assert int(url.rpartition(":")[2]) > busy
            assert f"port {busy} is busy" in stack.output


def test_a_home_with_a_long_path_works(home: Path) -> None:
    """A socket's path has some hundred bytes at most."""
    deep = home / ("long" * 30)
    deep.parent.mkdir()
    with start(deep) as stack:
        stack.wait_until_ready()
        with database(deep) as connection:
            assert connection.execute("select 1").fetchone() == (1,)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_without_user_namespaces_runs_postgres_as_nobody(home: Path, tmp_path: Path) -> None:
    refused = tmp_path / "bin/unshare"
    refused.parent.mkdir()
    refused.write_text("#!/bin/sh\nexit 1\n")
    refused.chmod(0o755)
    path = f"{refused.parent}{os.pathsep}{os.environ['PATH']}"
    begin = partial(start, home, PATH=path)
    with begin() as stack:
        stack.wait_until_ready()
        owner = Path(f"/proc/{process_of(stack, 'postgres')}").stat().st_uid if sys.platform == "linux" else None
        assert owner != 0
        stack.stop(signal.SIGKILL)
        stack.wait_until_gone()
    # The same data, by the other identity again.
    with start(home) as stack:
        stack.wait_until_ready()
