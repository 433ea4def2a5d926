"""The committed OpenAPI document is what the application serves."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar import Litestar

from entrypoints.api.app import create_litestar
from entrypoints.api.openapi import PLACEHOLDERS, document
from kosu.container import Container
from kosu.settings import read_settings

COMMITTED = Path(__file__).parent.parent.parent / "openapi.json"


@pytest.fixture(scope="module")
def app() -> Litestar:
    return create_litestar(Container(settings=read_settings(PLACEHOLDERS)))


def operations(app: Litestar) -> list[dict[str, Any]]:
    paths: dict[str, dict[str, dict[str, Any]]] = msgspec.json.decode(document(app))["paths"]
    return [operation for methods in paths.values() for operation in methods.values()]


def test_the_committed_document_is_fresh(app: Litestar) -> None:
    assert COMMITTED.read_text() == document(app), "run `make openapi` and commit openapi.json"


def test_every_operation_has_a_name_of_its_own(app: Litestar) -> None:
    names = Counter(operation.get("operationId") for operation in operations(app))
    assert None not in names
    assert [name for name, count in names.items() if count > 1] == []
    assert all(name and name.isalnum() and name[0].islower() for name in names)


def test_every_operation_says_how_it_fails(app: Litestar) -> None:
    assert all("default" in operation["responses"] for operation in operations(app))


def test_names_of_schemas_are_names(app: Litestar) -> None:
    """Generic and doubled structs get made-up names with their module path, which clients would have to spell."""
    schemas = msgspec.json.decode(document(app))["components"]["schemas"]
    assert [name for name in schemas if not name.isalnum()] == []
