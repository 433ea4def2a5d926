"""What Lighthouse says of the pages that strangers arrive at, in its desktop form factor."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from entrypoints.embedded.node import node_argv, node_environment
from entrypoints.embedded.web_builds import WebBuilds
from tests.support.browser import CHROMIUM_OPTIONS, chromium
from tests.support.kosu import Kosu, ok

PERFORMANCE = 0.90
MOST_SHIFT = 0.02
RUNS = TRIES = 3
PATIENCE_SECONDS = 120

KINDS = ("home", "explore", "course")


def lighthouse(kosu: Kosu, builds: WebBuilds, kind: str, *categories: str, report: Path) -> dict[str, Any]:
    """The report of one run that could be recorded."""
    course = ok(kosu.stranger().get("/api/v1/courses"), 200)["items"][0]
    path = {"home": "/", "explore": "/explore", "course": f"/courses/{course['slug']}"}[kind]
    command = node_argv(
        str(builds.workshop / "node_modules/lighthouse/cli/index.js"),
        f"{kosu.web_url}{path}",
        "--quiet",
        "--preset=desktop",
        f"--only-categories={','.join(categories)}",
        "--output=json",
        f"--output-path={report}",
        f"--chrome-flags={' '.join(CHROMIUM_OPTIONS)}",
    )
    environment = node_environment(os.environ) | {"CHROME_PATH": str(chromium())}
    for _ in range(TRIES):
        run = subprocess.run(command, env=environment, check=False, timeout=180, stderr=subprocess.PIPE, text=True)
        # On a busy machine the browser may leave out what Lighthouse begins to count from.
        if "Please run Lighthouse again" not in run.stderr:
            break
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def score(report: dict[str, Any], category: str) -> float:
    return float(report["categories"][category]["score"])


@pytest.mark.parametrize("kind", KINDS)
def test_pages_are_for_everybody_and_hold_still(kosu: Kosu, web_builds: WebBuilds, tmp_path: Path, kind: str) -> None:
    report = lighthouse(kosu, web_builds, kind, "accessibility", "seo", "performance", report=tmp_path / "report.json")
    failed = [name for name, audit in report["audits"].items() if audit["score"] == 0]
    assert score(report, "accessibility") == 1, failed
    assert score(report, "seo") == 1, failed
    assert report["audits"]["cumulative-layout-shift"]["numericValue"] <= MOST_SHIFT


@pytest.fixture
def quiet_machine() -> None:
    """One without other work: Lighthouse takes that for the page's. Waits for what has just ended to be forgotten."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        pytest.skip(
            "performance cannot be measured beside other tests: make test ARGS='-n 0 tests/web/test_lighthouse.py'"
        )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (load := os.getloadavg()[0]) > (cores := os.cpu_count() or 1) / 2:
        if time.monotonic() > deadline:
            pytest.skip(f"performance cannot be measured beside other work: the load is {load:.1f} on {cores} cores")
        time.sleep(1)


@pytest.mark.usefixtures("quiet_machine")
@pytest.mark.parametrize("kind", KINDS)
def test_pages_are_quick(kosu: Kosu, web_builds: WebBuilds, tmp_path: Path, kind: str) -> None:
    """The best of three runs."""
    scores: list[float] = []
    while max(scores, default=0) < PERFORMANCE and len(scores) < RUNS:
        report = tmp_path / f"{len(scores)}.json"
        scores.append(score(lighthouse(kosu, web_builds, kind, "performance", report=report), "performance"))
    assert max(scores) >= PERFORMANCE, scores
