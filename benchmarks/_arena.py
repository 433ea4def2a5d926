"""Where Kosu is measured, alone or by turns with a peer: the same databases, the same load, the same cores."""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

from benchmarks._kosu import Kosu
from benchmarks._load import CompiledGenerator, Generator, PlainGenerator
from benchmarks._machine import OTHER_CORE, stay_on
from benchmarks._peer import Peer, Peers
from entrypoints.embedded.temporary import temporary_postgres, temporary_redis

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """`peer` is None where Kosu is alone; then a generator in Python makes the load."""

    folder: Path
    generate: Generator
    database_url: str
    database_pid: int
    redis_url: str
    redis_pid: int
    peer: Peer | None = None

    def kosu(self, name: str = "kosu", settings: Mapping[str, str] | None = None) -> Kosu:
        """Kosu with settings that differ from what is shipped; all that an arena makes share its databases."""
        return Kosu(
            self.folder / name,
            database_url=self.database_url,
            database_pid=self.database_pid,
            redis_url=self.redis_url,
            name=name,
            settings=settings,
        )


def median(runs: Sequence[T]) -> T:
    """Of several measurements of one kind the median of each figure."""
    figures = {each.name: statistics.median(getattr(run, each.name) for run in runs) for each in fields(runs[0])}
    return type(runs[0])(**figures)


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """With what `arena` and the rounds of a measurement need."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, metavar="FOLDER", help="measure the peer in it, too, on its own stack")
    parser.add_argument("--peer", default="nest", help="which of them (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement (%(default)s)")
    parser.add_argument(
        "--patience", type=float, default=20.0, help="seconds to wait for a quiet machine, each time (%(default)s)"
    )
    return parser


@contextmanager
def arena(arguments: argparse.Namespace) -> Iterator[Arena]:
    """Databases on the last core, with this process and the load: the peers' where there are any, else Kosu's own."""
    stay_on(OTHER_CORE)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="kosu-bench-")))
        if arguments.peers is None:
            postgres, postgres_child = stack.enter_context(temporary_postgres(durable=True))
            redis, redis_child = stack.enter_context(temporary_redis())
            assert postgres_child.pid is not None
            assert redis_child.pid is not None
            yield Arena(
                folder=folder,
                generate=PlainGenerator(),
                database_url=postgres.url("postgres"),
                database_pid=postgres_child.pid,
                redis_url=redis.url(),
                redis_pid=redis_child.pid,
            )
        else:
            peers = Peers(arguments.peers.resolve())
            stack.callback(peers.close)
            yield Arena(
                folder=folder,
                generate=CompiledGenerator(peers.loadgen, folder),
                database_url=peers.database_url,
                database_pid=peers.database_pid,
                redis_url=peers.kosu_redis_url,
                redis_pid=peers.redis_pid,
                peer=Peer(arguments.peer, peers),
            )
