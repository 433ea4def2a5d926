"""Dashboards and alerts ask for figures that exist, in PromQL that is valid, and say what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import promql_parser
import pytest
import yaml
from prometheus_client import REGISTRY

from entrypoints import metrics
from entrypoints.api import metrics as api_metrics
from entrypoints.scheduler import metrics as scheduler_metrics

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "deploy" / "observability"
DASHBOARD: dict[str, Any] = msgspec.json.decode((FOLDER / "dashboard.json").read_bytes())
RULES: dict[str, Any] = yaml.safe_load((FOLDER / "alerts.yaml").read_text())
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
RUNBOOK = ROOT / "docs" / "runbook.md"

# Of prometheus-client itself: on Linux alone, and not the same for each Python.
OF_THE_PROCESS = {"process_resident_memory_bytes", "process_cpu_seconds_total"}


def selectors(expression: object) -> Iterator[promql_parser.VectorSelector]:
    """All selectors of a parsed expression, however deep."""
    if isinstance(expression, promql_parser.VectorSelector):
        yield expression
        return
    for name in ("expr", "vector_selector", "lhs", "rhs", "args", "param"):
        part = getattr(expression, name, None)
        for inner in part if isinstance(part, list) else [part]:
            if inner is not None:
                yield from selectors(inner)


def exposed() -> dict[str, set[str]]:
    """Every series that the code can tell, with its labels."""
    series: dict[str, set[str]] = {}
    own = [value for module in (metrics, api_metrics, scheduler_metrics) for value in vars(module).values()]
    for metric in own:
        if not hasattr(metric, "_labelnames"):
            continue
        [family] = metric.describe()
        labels = set(metric._labelnames) or set(getattr(metric, "_labelvalues", ()))
        suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}.get(family.type, ("",))
        for suffix in suffixes:
            series[family.name + suffix] = labels | ({"le"} if suffix == "_bucket" else set())
    for family in metrics._Pools._families():
        series[family.name] = set(family._labelnames)
    return series | {name: set() for name in OF_THE_PROCESS}


def expressions() -> list[tuple[str, str]]:
    asked = [(alert["alert"], alert["expr"]) for alert in ALERTS]
    for panel in DASHBOARD["panels"]:
        asked += [(panel["title"], target["expr"]) for target in panel.get("targets", ())]
    return asked


@pytest.mark.parametrize(("title", "expression"), expressions())
def test_what_is_asked_for_is_there(title: str, expression: str) -> None:
    parsed = promql_parser.parse(expression.replace("$__rate_interval", "5m"))
    series = exposed()
    found = list(selectors(parsed))
    assert found, title
    for selector in found:
        assert selector.name in series, f"{title} asks for {selector.name}"
        asked = {matcher.name for matcher in selector.matchers.matchers}
        assert asked <= series[selector.name] | {"job", "instance"}, f"{title} asks {selector.name} for {asked}"
    by = set(re.findall(r"\w+", " ".join(re.findall(r"by \(([^)]*)\)", expression))))
    assert by <= set().union(*(series[str(selector.name)] for selector in found)) | {"job", "instance"}


def test_every_figure_of_ours_is_shown_or_watched() -> None:
    text = " ".join(expression for _, expression in expressions())
    families = {re.sub(r"_(bucket|count|sum)$", "", name) for name in exposed()}
    assert sorted(name for name in families if name not in text) == []


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_every_alert_says_what_is_wrong_and_what_to_do(alert: dict[str, Any]) -> None:
    assert alert["annotations"]["summary"].endswith((".", "?"))
    assert alert["labels"]["severity"] in {"page", "ticket"}
    document, _, chapter = alert["annotations"]["runbook_url"].partition("#")
    assert document == "docs/runbook.md"
    assert chapter in {anchor(line) for line in RUNBOOK.read_text().splitlines() if line.startswith("#")}


def anchor(heading: str) -> str:
    """As GitLab and GitHub make it of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lstrip("# ").lower()).replace(" ", "-")


def test_alerts_have_names_of_their_own() -> None:
    names = [alert["alert"] for alert in ALERTS]
    assert len(set(names)) == len(names)


def test_panels_do_not_lie_upon_one_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert max(x for x, _ in cells) < 24
        assert not cells & taken, panel["title"]
        taken |= cells


def test_what_the_process_tells_of_itself_is_still_called_so() -> None:
    told = {sample.name for family in REGISTRY.collect() for sample in family.samples}
    assert told >= OF_THE_PROCESS
