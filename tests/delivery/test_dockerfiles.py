"""What every image is: run by a user without rights, of a commit that it names, and able to say how it is."""

from __future__ import annotations

import re

import pytest

from tests.delivery.conftest import CHECKOUT


def stages(dockerfile: str) -> dict[str, list[str]]:
    """Instructions by stage, the continued lines joined; the last one is named "" where it has no name."""
    text = (CHECKOUT / dockerfile).read_text().replace("\\\n", "")
    found: dict[str, list[str]] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        if match := re.fullmatch(r"FROM (\S+)(?: AS (\w+))?", line):
            inherited = found.get(match[1], [])
            found[match[2] or ""] = instructions = [*inherited]
        elif found and not line.startswith("#"):
            instructions.append(line)
    return found


def last(instructions: list[str], name: str) -> str:
    return [line for line in instructions if line.startswith(name)][-1]


@pytest.mark.parametrize(
    ("dockerfile", "stage"),
    [("Dockerfile", "api"), ("Dockerfile", "worker"), ("Dockerfile", "scheduler"), ("web/Dockerfile", "")],
)
def test_images_run_without_rights_name_their_commit_and_tell_how_they_are(dockerfile: str, stage: str) -> None:
    instructions = stages(dockerfile)[stage]
    assert last(instructions, "USER") == "USER 10001"
    assert 'revision="${COMMIT_SHA}"' in last(instructions, "LABEL")
    assert last(instructions, "STOPSIGNAL") == "STOPSIGNAL SIGTERM"
    assert last(instructions, "HEALTHCHECK")
    assert last(instructions, "CMD").startswith('CMD ["')


def test_the_web_client_is_served_by_its_own_server_alone() -> None:
    instructions = stages("web/Dockerfile")[""]
    assert "/api/health" in last(instructions, "HEALTHCHECK")
    assert [line for line in instructions if line.startswith("COPY")] == ["COPY --from=build /app/.next/standalone ./"]
    assert {"node_modules", ".next"} <= set((CHECKOUT / "web/.dockerignore").read_text().splitlines())


def test_only_the_worker_brings_ffmpeg() -> None:
    assert [name for name, lines in stages("Dockerfile").items() if "ffmpeg" in " ".join(lines)] == ["worker"]
