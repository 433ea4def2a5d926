"""Several processes of each runtime behind a balancer, as in production, on databases of their own."""

from __future__ import annotations

import asyncio
import itertools
import math
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from entrypoints import migrate
from entrypoints.embedded.child import Child, Command, run, stop
from entrypoints.embedded.environment import runtime_environment
from entrypoints.embedded.home import Home
from entrypoints.embedded.ports import HOST, free_port
from entrypoints.embedded.runtimes import READY_FILE_VARIABLE, Addresses, Runtime, is_ready, kosu
from entrypoints.embedded.secrets import load_or_create
from entrypoints.embedded.temporary import temporary_postgres, temporary_redis

DATABASE = "fleet"
GRACE_SECONDS = 40
READY_SECONDS = 120
# Long enough for the balancer to have noticed, short enough for a run to have many restarts.
DRAIN_SECONDS = 2
LOOK_SECONDS = 0.25
# An hour of video in each lesson, so that heartbeats have a place; no media is served here.
VIDEOS = "UPDATE catalog.lessons SET duration_ms = 3600000, media_revision = 1 WHERE kind = 'video'"


class Member:
    """One process of the fleet."""

    def __init__(self, runtime: Runtime, *, home: Home, environment: Mapping[str, str]) -> None:
        self.name = runtime.name
        self.runtime = runtime
        self._ready_file = home.ready_files / runtime.name
        variables = environment if runtime.environment is None else runtime.environment
        self.child = Child(
            Command(
                name=runtime.name,
                argv=runtime.argv,
                environment={**variables, READY_FILE_VARIABLE: str(self._ready_file)},
                log=home.logs / f"{runtime.name}.log",
                grace_seconds=GRACE_SECONDS,
            )
        )

    def start(self) -> None:
        self._ready_file.unlink(missing_ok=True)
        self.child.start()

    async def ready(self) -> None:
        async with asyncio.timeout(READY_SECONDS):
            while not await asyncio.to_thread(is_ready, self.runtime, self._ready_file):
                assert self.child.running(), f"{self.name} ended; see {self.child.command.log}"
                await asyncio.sleep(0.1)

    async def restart(self) -> int:
        """As a deploy does: told to stop, waited for, started anew and waited for. Answers how it ended: 0 is well."""
        self.child.signal(signal.SIGTERM)
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                while self.child.running():  # noqa: ASYNC110 - a process says nothing when it ends
                    await asyncio.sleep(0.05)
        code = self.child.exit_code()
        self.child.kill_group()
        self.start()
        await self.ready()
        return -signal.SIGKILL if code is None else code


class Balancer:
    """Passes connections on to whoever is ready, in turn, as a balancer of TCP does."""

    def __init__(self, backends: Sequence[Member], port: int) -> None:
        self._backends = {backend.name: backend for backend in backends}
        self._ready = set(self._backends)
        self._turns = itertools.count()
        self._port = port

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._pass_on, HOST, self._port)
        watch = [asyncio.create_task(self._watch(backend)) for backend in self._backends.values()]
        try:
            yield
        finally:
            for task in watch:
                task.cancel()
            server.close()

    async def _watch(self, backend: Member) -> None:
        while True:
            if await asyncio.to_thread(is_ready, backend.runtime, Path("none")):
                self._ready.add(backend.name)
            else:
                self._ready.discard(backend.name)
            await asyncio.sleep(LOOK_SECONDS)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        turn = next(self._turns)
        names = sorted(self._ready) or sorted(self._backends)
        for number in range(len(names)):
            backend = self._backends[names[(turn + number) % len(names)]]
            try:
                back, forth = await asyncio.open_connection(HOST, _port_of(backend))
            except OSError:
                continue
            # Cancelled at the end, when clients keep connections open.
            with suppress(asyncio.CancelledError):
                await asyncio.gather(_pump(reader, forth), _pump(back, writer))
            return
        # Nobody is there: the client sees a connection that is refused, as far as TCP can still say so.
        writer.transport.abort()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    url: str
    database_url: str
    apis: Sequence[Member]
    workers: Sequence[Member]
    schedulers: Sequence[Member]
    balancer: Balancer
    home: Home
    environment: Mapping[str, str] = field(repr=False)
    others: list[Member] = field(default_factory=list)

    @property
    def members(self) -> Sequence[Member]:
        return [*self.apis, *self.workers, *self.schedulers]

    def member(self, runtime: Runtime) -> Member:
        """One more process, which is stopped with the rest; whoever asks for it starts it."""
        self.others.append(Member(runtime, home=self.home, environment=self.environment))
        return self.others[-1]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The balancer is of this event loop; the processes are started here, and stopped by the one who made them."""
        for member in self.members:
            member.start()
        for member in self.members:
            await member.ready()
        async with self.balancer.serving():
            yield

    async def restart_in_turn(self, *, until: float = math.inf, rounds: int = 1_000) -> dict[str, int]:
        """One process after the other, of each kind in turn, until this time, or so often all of them.

        Answers how often each was, by its name. Whoever does not end well by itself makes this fail.
        """
        restarts = dict.fromkeys((member.name for member in self.members), 0)
        order = [member for group in zip(self.apis, self.workers, self.schedulers, strict=True) for member in group]
        for member in order * rounds:
            if time.monotonic() >= until:
                break
            code = await member.restart()
            assert code == 0, f"{member.name} ended with {code}; see {member.child.command.log}"
            restarts[member.name] += 1
        return restarts


@contextmanager
def fleet(*, size: int = 2, durable: bool = True) -> Iterator[Fleet]:
    """A fleet of `size` processes of each kind, whose database is migrated and holds the courses of the demo."""
    with (
        TemporaryDirectory(prefix="kosu-fleet-") as folder,
        temporary_postgres(durable=durable) as (postgres, _),
        temporary_redis() as (redis, _),
    ):
        home = Home(Path(folder).resolve())
        home.prepare()
        url = f"http://{HOST}:{free_port()}"
        environment = runtime_environment(
            {**os.environ, "KOSU_DRAIN_SECONDS": str(DRAIN_SECONDS)},
            home=home,
            secrets=load_or_create(home.secrets),
            addresses=Addresses(api_url=url, edge_url=f"http://{HOST}:1"),
        ) | {
            "KOSU_DATABASE_URL": postgres.url(DATABASE),
            "KOSU_REDIS_URL": redis.url(),
            # Everybody comes from an address of their own.
            "KOSU_TRUSTED_PROXY_HOPS": "1",
        }
        postgres.create_database(DATABASE)
        migrate.upgrade(postgres.url(DATABASE))
        seed = (sys.executable, "-m", "entrypoints.cli", "seed", "--demo")
        run(Command(name="seed", argv=seed, environment=environment, log=home.logs / "seed.log"), timeout_seconds=300)
        with psycopg.connect(postgres.url(DATABASE)) as connection:
            connection.execute(VIDEOS)

        def members(kind: str, make: Sequence[Runtime]) -> list[Member]:
            runtimes = [replace(runtime, name=f"{kind}-{number}") for number, runtime in enumerate(make, 1)]
            return [Member(runtime, home=home, environment=environment) for runtime in runtimes]

        apis = members("api", [_api() for _ in range(size)])
        workers = members("worker", [_python("entrypoints.worker", "--queues", "payments,default")] * size)
        schedulers = members("scheduler", [_python("entrypoints.scheduler")] * size)
        made = Fleet(
            url=url,
            database_url=postgres.url(DATABASE),
            apis=apis,
            workers=workers,
            schedulers=schedulers,
            balancer=Balancer(apis, _port(url)),
            home=home,
            environment=environment,
        )
        try:
            yield made
        finally:
            stop([member.child for member in (*made.members, *made.others)])


def _api() -> Runtime:
    addresses = Addresses(api_url=f"http://{HOST}:{free_port()}", edge_url=f"http://{HOST}:1")
    api = next(runtime for wave in kosu(addresses).waves for runtime in wave if runtime.name == "api")
    # As in the image, where the grace is the container's, and not the few seconds of somebody at a terminal.
    at = api.argv.index("--workers-kill-timeout")
    return replace(api, argv=(*api.argv[:at], *api.argv[at + 2 :]))


def _python(module: str, *arguments: str) -> Runtime:
    return Runtime(name=module, argv=(sys.executable, "-m", module, *arguments))


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])


def _port_of(member: Member) -> int:
    assert member.runtime.health_url is not None
    return int(member.runtime.health_url.split(":")[2].partition("/")[0])


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    with suppress(OSError):
        writer.close()
