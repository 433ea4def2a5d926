"""The parts of the embedded stack that need no server: secrets, settings, ports, revisions."""

from __future__ import annotations

import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from entrypoints import cli, migrate
from entrypoints.embedded import launch
from entrypoints.embedded.child import Child, Command, run, stop, wait_until_ready
from entrypoints.embedded.environment import runtime_environment
from entrypoints.embedded.errors import ChildFailed, HomeUnusable, NoFreePort
from entrypoints.embedded.home import Home
from entrypoints.embedded.ports import free_port
from entrypoints.embedded.runtimes import Addresses, kosu
from entrypoints.embedded.secrets import load_or_create, write_private
from entrypoints.worker.__main__ import CONCURRENCY
from kosu.container import QUEUES
from kosu.settings import read_settings

ADDRESSES = Addresses(api_url="http://127.0.0.1:8000", edge_url="http://127.0.0.1:8001")


def python(tmp_path: Path, source: str, *, grace_seconds: float = 5) -> Command:
    return Command(
        name="child",
        argv=(sys.executable, "-c", source),
        environment={},
        log=tmp_path / "child.log",
        grace_seconds=grace_seconds,
    )


def test_the_environment_of_the_runtimes_is_complete(tmp_path: Path) -> None:
    secrets = load_or_create(tmp_path / "secrets.json")
    environment = runtime_environment({}, home=Home(tmp_path), secrets=secrets, addresses=ADDRESSES)
    settings = read_settings(environment)
    assert settings.profile == "embedded"
    assert settings.delivery.media_base_url == ADDRESSES.edge_url
    for folder in (settings.object_store.directory, settings.mail.directory, settings.media.work_directory):
        assert folder.is_relative_to(tmp_path)
    load_pem_private_key(settings.delivery.private_key_pem.encode(), password=None)


def test_with_a_web_client_all_that_browsers_ask_is_of_its_origin(tmp_path: Path) -> None:
    """Cookies that open media, and forms of checkout pages, are for one origin; parts of uploads go to the edge."""
    addresses = Addresses(api_url=ADDRESSES.api_url, edge_url=ADDRESSES.edge_url, web_url="http://127.0.0.1:8002")
    secrets = load_or_create(tmp_path / "secrets.json")
    settings = read_settings(runtime_environment({}, home=Home(tmp_path), secrets=secrets, addresses=addresses))
    assert settings.http.web_url == settings.http.api_url == settings.delivery.media_base_url == addresses.web_url
    assert settings.object_store.url == f"{addresses.edge_url}/storage"


def test_nobody_is_believed_about_addresses_that_everybody_could_forge(tmp_path: Path) -> None:
    """On the loopback all clients have the address of the peer: a forged header must not spare throttling."""
    secrets = load_or_create(tmp_path / "secrets.json")
    settings = read_settings(runtime_environment({}, home=Home(tmp_path), secrets=secrets, addresses=ADDRESSES))
    assert settings.http.trusted_proxy_hops == 0


def test_the_callers_settings_stay_in_force_unless_the_stack_decides_them(tmp_path: Path) -> None:
    """A developer's PGHOST or production KOSU_DATABASE_URL must not lead the demo to another database."""
    base = {"KOSU_DEVICE_LIMIT": "3", "KOSU_DATABASE_URL": "postgresql://prod/kosu", "PGHOST": "prod"}
    secrets = load_or_create(tmp_path / "secrets.json")
    environment = runtime_environment(base, home=Home(tmp_path), secrets=secrets, addresses=ADDRESSES)
    assert environment["KOSU_DEVICE_LIMIT"] == "3"
    assert "prod" not in environment["KOSU_DATABASE_URL"]
    assert "PGHOST" not in environment


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    assert load_or_create(file) == load_or_create(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_or_create(tmp_path / "other.json") != load_or_create(file)


def test_a_secret_that_a_later_release_needs_is_added_to_the_others(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.write_text('{"token_keys": "k1:kept"}')
    assert load_or_create(file).token_keys == "k1:kept"
    assert load_or_create(file).store_signing_key == load_or_create(file).store_signing_key


def test_damaged_secrets_are_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.write_text("{")
    with pytest.raises(HomeUnusable, match="damaged"):
        load_or_create(file)
    assert file.read_text() == "{"


def test_secrets_do_not_show_in_a_repr(tmp_path: Path) -> None:
    assert "whsec_" not in repr(load_or_create(tmp_path / "secrets.json"))


def test_a_private_file_takes_the_place_of_a_public_one(tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    file.write_text("old")
    file.chmod(0o644)
    write_private(file, "new")
    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_free_port_is_taken_as_wanted() -> None:
    port = free_port()
    assert free_port(port) == port


def test_when_no_port_is_free_it_is_said() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 65_535))
        listener.listen()
        with pytest.raises(NoFreePort):
            free_port(65_535)


def test_the_newest_revision_is_the_one_that_none_follows(tmp_path: Path) -> None:
    (tmp_path / "0001.py").write_text('revision = "0001"\ndown_revision = None\n')
    (tmp_path / "0002.py").write_text("revision: str = '0002'\ndown_revision: str | None = '0001'\n")
    assert migrate.newest_revision(tmp_path) == "0002"


def test_two_newest_revisions_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.py").write_text(f'revision = "{name}"\ndown_revision = "0001"\n')
    with pytest.raises(ValueError, match="a, b"):
        migrate.newest_revision(tmp_path)


def test_a_command_that_fails_tells_the_end_of_its_log(tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match="the reason"):
        run(python(tmp_path, "raise SystemExit('the reason')"), timeout_seconds=30)


def test_a_command_that_does_not_end_is_killed(tmp_path: Path) -> None:
    command = python(tmp_path, "import os, time; print(os.getpid(), flush=True); time.sleep(3600)")
    with pytest.raises(ChildFailed, match=r"did not end within 0\.5 s"):
        run(command, timeout_seconds=0.5)
    assert not Path(f"/proc/{command.log.read_text().strip() or 'none'}").exists()


def test_a_child_that_is_never_ready_is_given_up(tmp_path: Path) -> None:
    child = Child(python(tmp_path, "import time; time.sleep(3600)"))
    child.start()
    with pytest.raises(ChildFailed, match=r"was not ready within 0\.1 s"):
        wait_until_ready(child, lambda: False, timeout_seconds=0.1)
    assert stop([child]) == []
    assert not child.running()


def test_a_child_does_not_outlive_a_parent_that_died_before_it_started() -> None:
    """Between fork and the request for the death signal, the parent may be gone: nobody would send it."""
    no_parent = "1" if sys.platform != "linux" else "4194305"
    arguments = [no_parent, "15", "-", "-", sys.executable, "-c", "print('started')"]
    launched = subprocess.run([sys.executable, "-I", launch.__file__, *arguments], capture_output=True, check=False)
    assert (launched.stdout == b"") == (sys.platform == "linux")


def test_waiting_ends_soon_after_the_child_is_ready(tmp_path: Path) -> None:
    child = Child(python(tmp_path, "import time; time.sleep(3600)"))
    child.start()
    ready_at = time.monotonic() + 0.1
    wait_until_ready(child, lambda: time.monotonic() > ready_at, timeout_seconds=30)
    assert child.running()
    stop([child])


def test_settings_are_printed_as_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor", "--settings"]) == 0
    assert "| `KOSU_DATABASE_URL` | `required` |" in capsys.readouterr().out


@pytest.mark.parametrize("port", ["70000", "abc", "1.5"])
def test_a_port_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], port: str) -> None:
    with pytest.raises(SystemExit):
        cli.main(["up", "--port", port])
    assert f"{port} is not a port" in capsys.readouterr().err


def test_what_a_stack_keeps_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Mails, paid videos and sources; the home itself can be passed through, for PostgreSQL's user."""
    home = Home(tmp_path / "home")
    home.prepare()
    modes = {folder.name: folder.stat().st_mode & 0o077 for folder in home.path.iterdir()}
    assert {"objects", "mail", "work", "logs"} <= set(modes)
    assert set(modes.values()) == {0}


def test_every_queue_is_worked_on_in_a_process_of_its_own() -> None:
    """Neither video nor what follows from a payment holds up the next payment."""
    commands = [runtime.argv for wave in kosu(ADDRESSES).waves for runtime in wave]
    worked_on = [argv[-1] for argv in commands if "--queues" in argv]
    assert sorted(worked_on) == sorted(QUEUES) == sorted(CONCURRENCY)
