"""A GitLab runner and a host, in folders: real scripts, real git and sh, and stand-ins for `docker`, `ssh` and `apk`.

The stand-in for docker writes down how it was called, by which the tests judge; it can be told to fail or to wait.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

CHECKOUT = Path(__file__).parent.parent.parent

_DOCKER = """#!/bin/sh
line="${KOSU_SHA:-} $*"
printf '%s\\n' "$line" >>"$RUN/docker.log"
while [ -f "$RUN/hold" ] && printf '%s\\n' "$line" | grep -q -f "$RUN/hold"; do sleep 0.05; done
[ "$1" != login ] || cat >"$RUN/password"
if [ -f "$RUN/fail" ] && printf '%s\\n' "$line" | grep -q -f "$RUN/fail"; then
    echo "docker: told to fail at $line" >&2
    exit 1
fi
"""
# The far side is a session of its own, as that of a real sshd is, without this side's environment.
_SSH = """#!/bin/sh
printf '%s\\n' "$*" >>"$RUN/ssh.log"
while [ $# -gt 1 ]; do shift; done
echo $$ >"$RUN/session"
exec setsid env -i PATH="$PATH" RUN="$RUN" sh -c "$1"
"""
_APK = """#!/bin/sh
"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """`checkout` is a clone with two commits, `host` the folder to deploy to."""

    run: Path
    checkout: Path
    host: Path
    environment: Mapping[str, str]
    shas: tuple[str, str]

    def job(self, name: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a job of .gitlab-ci.yml as a runner does: its script's lines under `sh -e`, with its variables."""
        job = job_named(name)
        lines = [*job.get("before_script", []), *job["script"]]
        environment = {**self.environment, **variables}
        for key, value in job.get("variables", {}).items():
            environment[key] = environment[value[1:]] if value.startswith("$") else value
        return self.sh("\n".join(lines), environment)

    def deploy(self, sha: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.job("deploy production", CI_COMMIT_SHA=sha, **variables)

    def rollback(self, sha: str) -> subprocess.CompletedProcess[str]:
        return self.job("rollback", ROLLBACK_SHA=sha)

    def started(self, sha: str) -> subprocess.Popen[str]:
        """A deployment under way, in a session of its own."""
        return subprocess.Popen(
            ["sh", "deploy/deploy.sh", sha],
            cwd=self.checkout,
            env=dict(self.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def sh(self, script: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-e", "-c", script],
            cwd=self.checkout,
            env=dict(environment),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def tell(self, what: str, pattern: str) -> None:
        """Make docker `fail`, or `hold` until it is told otherwise, where its call has the pattern."""
        (self.run / what).write_text(pattern + "\n")

    def release(self) -> None:
        (self.run / "hold").unlink()

    def calls(self) -> list[str]:
        """How docker was called so far: the release, and the arguments."""
        log = self.run / "docker.log"
        return log.read_text().splitlines() if log.exists() else []

    def steps(self) -> list[str]:
        """What compose did to the host since the last time this was asked: release and services."""
        steps = []
        for call in self.calls():
            sha, _, arguments = call.partition(" ")
            if " up " in arguments:
                steps.append(f"{self._which(sha)}: {arguments.partition('--wait-timeout 120 ')[2]}")
            elif " run " in arguments or " exec " in arguments:
                steps.append(f"{self._which(sha)}: {arguments.split()[-1] if ' run ' in arguments else 'reload'}")
        (self.run / "docker.log").unlink()
        return steps

    def _which(self, sha: str) -> str:
        return ("old", "new")[self.shas.index(sha)]

    def current(self) -> str | None:
        file = self.host / "current"
        return file.read_text().strip() if file.exists() else None


@pytest.fixture
def delivery(tmp_path: Path) -> Delivery:
    run, checkout, host = tmp_path / "run", tmp_path / "checkout", tmp_path / "host"
    for folder in (run, checkout, host):
        folder.mkdir()
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in {"docker": _DOCKER, "ssh": _SSH, "apk": _APK}.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    for name in ("key", "known_hosts"):
        (tmp_path / name).write_text(name)
    (host / "kosu.env").write_text("")
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(tmp_path / "home"),
        "TMPDIR": str(run),
        "RUN": str(run),
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "CI_REGISTRY": "registry.test",
        "CI_REGISTRY_IMAGE": "registry.test/group/kosu",
        "CI_REGISTRY_USER": "runner",
        "CI_REGISTRY_PASSWORD": "hush-hush",
        "DEPLOY_HOST": "kosu@host.test",
        "DEPLOY_DIR": str(host),
        "DEPLOY_SSH_KEY": str(tmp_path / "key"),
        "DEPLOY_KNOWN_HOSTS": str(tmp_path / "known_hosts"),
    }
    (tmp_path / "home").mkdir()
    shas = _commits(checkout, environment)
    return Delivery(run, checkout, host, environment, shas)


def _commits(checkout: Path, environment: Mapping[str, str]) -> tuple[str, str]:
    """A repository with what is deployed as it stands here, twice."""

    def git(*arguments: str) -> str:
        command = ["git", "-c", "user.name=kosu", "-c", "user.email=kosu@kosu.test", *arguments]
        return subprocess.run(
            command, cwd=checkout, env=dict(environment), capture_output=True, text=True, check=True
        ).stdout.strip()

    subprocess.run(["cp", "-R", CHECKOUT / "deploy", CHECKOUT / "compose.yaml", checkout], check=True)
    git("init", "--quiet")
    shas = []
    for marker in ("old", "new"):
        (checkout / "deploy/marker").write_text(marker)
        git("add", ".")
        git("commit", "--quiet", "--message", marker)
        shas.append(git("rev-parse", "HEAD"))
    return shas[0], shas[1]


def job_named(name: str) -> dict[str, Any]:
    """A job with all that it extends, and the defaults."""
    pipeline = yaml.safe_load((CHECKOUT / ".gitlab-ci.yml").read_text())
    job: dict[str, Any] = pipeline[name]
    while "extends" in job:
        base = dict(pipeline[job["extends"]])
        job = {**base, **{key: value for key, value in job.items() if key != "extends"}}
        if "extends" in base:
            job["extends"] = base["extends"]
    return {**pipeline["default"], **job}


def wait_until(true: Any, *, what: str) -> None:
    for _ in range(400):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError(f"not within 20 s: {what}")
