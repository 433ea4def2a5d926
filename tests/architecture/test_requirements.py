"""What is installed is what was looked at: every pin has hashes, and no file says where to fetch it from."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).parent.parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_has_its_hashes(lock: Path) -> None:
    text = re.sub(r"\\\n\s*", " ", lock.read_text())
    pins = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert pins
    for pin in pins:
        assert re.fullmatch(r"[\w.-]+==[\w.+!-]+( ; .+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", pin), pin


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_locks_name_no_registry(lock: Path) -> None:
    assert not re.search(r"https?:|--(extra-)?index-url|--find-links|@ ", lock.read_text())


def test_every_package_of_the_web_client_has_its_hash() -> None:
    packages = msgspec.json.decode((ROOT / "web" / "package-lock.json").read_bytes())["packages"]
    without = [
        name
        for name, package in packages.items()
        if name and not package.get("link") and not str(package.get("integrity", "")).startswith("sha512-")
    ]
    assert without == []
    assert [name for name, package in packages.items() if "resolved" in package and "://" in package["resolved"]] == []
