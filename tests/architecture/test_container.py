"""The wiring: every provider can be built, does no IO, and fits the port that it is annotated with."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest
from dependency_injector import providers

import kosu.container
from kosu.adapters.memory.queue import MemoryQueue
from kosu.container import Container
from tests.support.settings import settings

CONNECTIONS = {"database_url": "postgresql://nowhere.invalid/kosu", "redis_url": "redis://nowhere.invalid/0"}


@pytest.fixture
def container(tmp_path: Path) -> Container:
    return Container(settings=settings(tmp_path, **CONNECTIONS))


def all_providers(container: Any) -> dict[str, providers.Provider[Any]]:
    """By dotted name, those of the modules' containers among them."""
    found: dict[str, providers.Provider[Any]] = {}
    for name, provider in container.providers.items():
        if isinstance(provider, providers.Container):
            inner = all_providers(getattr(container, name))
            found |= {f"{name}.{inner_name}": inner_provider for inner_name, inner_provider in inner.items()}
        elif name != "__self__":
            found[name] = provider
    return found


def annotated_ports() -> dict[str, Any]:
    """The port of each provider that is annotated with one that can be checked at run time.

    Read from the source: the injector's metaclass drops the annotations.
    """
    (root,) = (
        node
        for node in ast.parse(inspect.getsource(kosu.container)).body
        if isinstance(node, ast.ClassDef) and node.name == "Container"
    )
    ports = {
        node.target.id: getattr(kosu.container, node.annotation.slice.id)
        for node in root.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.annotation, ast.Subscript)
        and isinstance(node.annotation.slice, ast.Name)
    }
    return {name: port for name, port in ports.items() if getattr(port, "_is_runtime_protocol", False)}


async def test_every_provider_can_be_built_without_a_server(container: Container) -> None:
    container.check_dependencies()
    built = all_providers(container)
    assert len(built) > 60
    for name, provider in built.items():
        assert provider() is not None or name.endswith("_url"), name


async def test_adapters_fit_their_ports(container: Container) -> None:
    """Annotations of providers are checked by mypy; this checks what selectors and factories really built."""
    ports = annotated_ports()
    assert len(ports) >= 10
    for name, port in ports.items():
        assert isinstance(getattr(container, name)(), port), name


async def test_a_provider_can_be_replaced_at_construction(tmp_path: Path) -> None:
    queue = MemoryQueue()
    container = Container(settings=settings(tmp_path, **CONNECTIONS), queue=providers.Object(queue))
    assert container.queue() is queue
