"""Builds of the web client: one for each state of the sources, whole or not there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from entrypoints.embedded.errors import ChildFailed, NoStandaloneServer
from entrypoints.embedded.signals import StopRequested
from entrypoints.embedded.web_builds import WebBuilds
from entrypoints.embedded.web_sources import WebSources
from tests.support.fake_web import write_fake_web

UNENDING = """
import { mkdirSync } from 'node:fs'
mkdirSync('.next/standalone', { recursive: true })
setInterval(() => 0, 1000)
"""


class Yard:
    """Sources, the folder of builds, and what was told."""

    def __init__(self, folder: Path) -> None:
        self.sources = write_fake_web(folder / "web")
        self.builds = WebBuilds(folder=folder / "builds", sources=WebSources(self.sources), log=folder / "build.log")
        self.made = folder / "made.txt"
        self.told: list[str] = []

    @contextmanager
    def build(self, **environment: str) -> Iterator[Path]:
        variables = {**os.environ, "TEST_BUILDS": str(self.made), **environment}
        with self.builds.obtained(variables, say=self.told.append, pause=time.sleep) as build:
            yield build

    def count(self) -> int:
        return len(self.made.read_text().splitlines()) if self.made.exists() else 0

    def kept(self) -> list[str]:
        """The names of all builds; a killed one would be among them if it had left something."""
        return sorted(entry.name for entry in self.builds.folder.iterdir() if entry.name not in {"lock", "workshop"})


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard(tmp_path)


def test_a_build_holds_all_that_its_server_serves(yard: Yard) -> None:
    with yard.build() as build:
        assert (build / "server.js").is_file()
        assert (build / ".next/static/chunk.js").read_text() == "chunk"
        assert (build / "public/robots.txt").is_file()


def test_unchanged_sources_are_built_once(yard: Yard) -> None:
    with yard.build() as first:
        pass
    (yard.sources / "server.js").touch()
    (yard.sources / "node_modules/other").mkdir(parents=True)
    (yard.sources / "node_modules/other/index.js").write_text("what a developer has installed")
    (yard.sources / "tsconfig.tsbuildinfo").write_text("what a tool has left")
    with yard.build() as second:
        assert second == first
    assert yard.count() == 1


@pytest.mark.parametrize("file", ["server.js", "public/robots.txt", "package-lock.json", ".npmrc", "src/new.ts"])
def test_whatever_changes_is_built_anew_and_the_old_build_is_removed(yard: Yard, file: str) -> None:
    with yard.build() as old:
        pass
    (yard.sources / file).parent.mkdir(exist_ok=True)
    with (yard.sources / file).open("a") as changed:
        changed.write("\n")
    with yard.build() as new:
        assert yard.kept() == [new.name]
    assert new != old
    assert yard.count() == 2


def test_a_renamed_file_is_a_change(yard: Yard) -> None:
    before = WebSources(yard.sources).fingerprint()
    (yard.sources / "public/robots.txt").rename(yard.sources / "public/humans.txt")
    assert WebSources(yard.sources).fingerprint() != before


def test_a_removed_file_is_not_built_again_from_an_older_copy(yard: Yard) -> None:
    with yard.build():
        pass
    (yard.sources / "public/robots.txt").unlink()
    (yard.sources / "public/humans.txt").write_text("hello")
    with yard.build() as build:
        assert [file.name for file in (build / "public").iterdir()] == ["humans.txt"]


def test_a_build_that_a_stack_serves_is_not_removed(yard: Yard) -> None:
    """Its server reads its files when a page asks for them, hours later."""
    with yard.build() as served:
        (yard.sources / "public/robots.txt").write_text("changed")
        with yard.build() as new:
            assert yard.kept() == sorted([served.name, new.name])
    with yard.build():
        assert yard.kept() == [new.name]


def test_packages_are_installed_again_only_for_another_lock(yard: Yard) -> None:
    with yard.build():
        pass
    installed = yard.builds.workshop / "node_modules/installed"
    installed.touch()
    (yard.sources / "public/robots.txt").write_text("changed")
    with yard.build():
        assert installed.exists()
    with (yard.sources / "package-lock.json").open("a") as changed:
        changed.write("\n")
    with yard.build():
        assert not installed.exists()


def test_a_failing_build_is_told_with_the_end_of_its_output(yard: Yard) -> None:
    (yard.sources / "build.mjs").write_text("console.error('the reason'); process.exit(1)")
    with pytest.raises(ChildFailed, match="npm run build ended with 1") as raised, yard.build():
        pass
    assert "the reason" in str(raised.value)
    assert yard.kept() == []


def test_a_build_without_a_server_is_refused(yard: Yard) -> None:
    (yard.sources / "build.mjs").write_text("")
    with pytest.raises(NoStandaloneServer), yard.build():
        pass
    assert yard.kept() == []


def test_a_build_that_is_stopped_leaves_nothing(yard: Yard) -> None:
    """As Ctrl-C does, while the build has made half of its files."""
    (yard.sources / "build.mjs").write_text(UNENDING)

    def pause(seconds: float) -> None:
        if (yard.builds.workshop / ".next/standalone").exists():
            raise StopRequested
        time.sleep(seconds)

    with (
        pytest.raises(StopRequested),
        yard.builds.obtained(os.environ, say=yard.told.append, pause=pause),
    ):
        pass
    assert yard.kept() == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_a_build_whose_supervisor_is_killed_leaves_nothing_and_the_next_one_is_whole(yard: Yard) -> None:
    (yard.sources / "build.mjs").write_text(UNENDING)
    program = f"""
import os, time
from pathlib import Path
from entrypoints.embedded.web_builds import WebBuilds
from entrypoints.embedded.web_sources import WebSources
builds = WebBuilds(
    folder=Path({str(yard.builds.folder)!r}),
    sources=WebSources(Path({str(yard.sources)!r})),
    log=Path({str(yard.builds.log)!r}),
)
with builds.obtained(os.environ, say=print, pause=time.sleep):
    pass
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", program], env=environment) as supervisor:
        deadline = time.monotonic() + 60
        while not (yard.builds.workshop / ".next/standalone").exists():
            assert time.monotonic() < deadline, "the build did not begin"
            time.sleep(0.02)
        supervisor.send_signal(signal.SIGKILL)
    assert yard.kept() == []
    # The sources of the killed build are whole as well: only their build was not.
    write_fake_web(yard.sources.with_name("whole"))
    (yard.sources / "build.mjs").write_text((yard.sources.with_name("whole") / "build.mjs").read_text())
    with yard.build() as build:
        assert (build / "public/robots.txt").is_file()


def test_two_stacks_at_once_make_one_build(yard: Yard) -> None:
    builds: list[Path] = []

    def obtain() -> None:
        with yard.build() as build:
            builds.append(build)

    stacks = [threading.Thread(target=obtain) for _ in range(2)]
    for stack in stacks:
        stack.start()
    for stack in stacks:
        stack.join()
    assert len(builds) == 2
    assert len(set(builds)) == 1
    assert yard.count() == 1
    assert "waiting for another stack, which builds the web client" in yard.told


def test_nothing_of_the_callers_environment_changes_what_is_built(yard: Yard) -> None:
    strange = {"NODE_ENV": "production", "NEXT_PUBLIC_TITLE": "x", "KOSU_TOKEN_KEYS": "k1:secret", "PGHOST": "prod"}
    with yard.build(npm_config_cache=str(yard.made.with_name("npm")), **strange) as build:
        seen = json.loads((build / "variables.json").read_text())
    assert not strange.keys() & seen.keys()
    assert seen["NEXT_TELEMETRY_DISABLED"] == "1"
    assert seen["npm_config_cache"] == str(yard.made.with_name("npm"))
