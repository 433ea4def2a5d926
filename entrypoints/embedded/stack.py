"""The supervisor behind `kosu up`: starts everything in order, keeps it running, and stops it in the reverse order."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from entrypoints import migrate
from entrypoints.demo import ACCOUNTS
from entrypoints.embedded.child import Child, Command, run, stop, wait_until_ready
from entrypoints.embedded.environment import runtime_environment, server_environment
from entrypoints.embedded.errors import ChildFailed
from entrypoints.embedded.home import Home
from entrypoints.embedded.lock import sole_owner
from entrypoints.embedded.ports import HOST, free_port
from entrypoints.embedded.postgres import PostgresServer
from entrypoints.embedded.redis import RedisServer
from entrypoints.embedded.runtimes import (
    READY_FILE_VARIABLE,
    Addresses,
    Blueprint,
    Runtime,
    is_ready,
    kosu,
)
from entrypoints.embedded.secrets import Secrets, load_or_create, write_private
from entrypoints.embedded.signals import StopRequested, StopSignals

DATABASE = "kosu"
_READY_SECONDS = 120
_STEP_SECONDS = 600
_STEADY_SECONDS = 60
"""A process that ran for so long has recovered: its next crash counts as the first."""
_LONGEST_BACKOFF_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the caller of `kosu up` may choose. `port` 0 takes any free one; `ready_file` is written once all is up."""

    home: Path
    port: int = 8000
    demo: bool = True
    ready_file: Path | None = None


def up(
    options: Options,
    say: Callable[[str], None],
    *,
    blueprint: Callable[[Addresses], Blueprint] = kosu,
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Run a stack until it is asked to stop by SIGINT, SIGTERM or SIGHUP. Nothing of it is left afterwards.

    Raises:
        StackError: a part did not start, PostgreSQL or Redis ended, or the home cannot be used.
    """
    home = Home(options.home.resolve())
    home.prepare()
    with StopSignals() as signals:
        try:
            with sole_owner(home.path / "lock", signals.pause) as lock:
                _Stack(home, options, say, signals, blueprint, environment, lock).run()
        except StopRequested:
            pass
    say("everything has stopped; the data is in " + str(home.path))


@dataclass(slots=True)
class _Supervised:
    """A runtime, its process, and how often it has crashed in a row."""

    runtime: Runtime
    child: Child
    ready_file: Path
    started_at: float = 0.0
    crashes: int = 0
    restart_at: float | None = None

    def start(self) -> None:
        self.ready_file.unlink(missing_ok=True)
        self.child.start()
        self.started_at = time.monotonic()
        self.restart_at = None

    def ready(self) -> bool:
        return is_ready(self.runtime, self.ready_file)


@dataclass(slots=True)
class _Stack:
    home: Home
    options: Options
    say: Callable[[str], None]
    signals: StopSignals
    make_blueprint: Callable[[Addresses], Blueprint]
    base_environment: Mapping[str, str]
    lock: int
    servers: list[Child] = field(default_factory=list)
    """In the order in which they are started."""
    apps: list[_Supervised] = field(default_factory=list)

    def run(self) -> None:
        with self._ready_file_removed():
            try:
                self._start()
                self._supervise()
            finally:
                self._stop()

    def _start(self) -> None:
        secrets = load_or_create(self.home.secrets)
        postgres, redis = self._start_servers()
        addresses = self._addresses()
        blueprint = self.make_blueprint(addresses)
        environment = runtime_environment(
            self.base_environment,
            home=self.home,
            secrets=secrets,
            database_url=postgres.url(DATABASE),
            redis_url=redis.url(),
            api_url=addresses.api_url,
            edge_url=addresses.edge_url,
        )
        if not migrate.is_current(postgres.url(DATABASE)):
            self._run_step("migrate", blueprint.migrate, environment)
            self.say("the database is migrated")
        for wave in blueprint.waves:
            self._start_wave(wave, environment)
        if self.options.demo:
            self._seed_once(blueprint, environment)
        self._announce(addresses, secrets)

    def _start_servers(self) -> tuple[PostgresServer, RedisServer]:
        environment = server_environment(self.base_environment)
        home, pause = self.home, self._pause
        redis = RedisServer(data=home.path / "redis", sockets=home.sockets, logs=home.logs)
        redis_child = self._start_server(redis.command(environment, inherited=(self.lock,)))
        postgres = PostgresServer.in_folders(data=home.path / "postgres", sockets=home.sockets, logs=home.logs)
        if postgres.initialise(environment, pause=pause):
            self.say("PostgreSQL has a new cluster")
        postgres_child = self._start_server(postgres.command(environment, inherited=(self.lock,)))
        postgres.wait_until_ready(postgres_child, pause=pause)
        if not postgres.has_database(DATABASE):
            postgres.create_database(DATABASE)
        redis.wait_until_ready(redis_child, pause=pause)
        self.say("PostgreSQL and Redis are running")
        return postgres, redis

    def _start_server(self, command: Command) -> Child:
        child = Child(command)
        self.servers.append(child)
        child.start()
        return child

    def _addresses(self) -> Addresses:
        port = free_port(self.options.port)
        if self.options.port not in {0, port}:
            self.say(f"port {self.options.port} is busy: taking {port}")
        edge_port = free_port(port + 1 if self.options.port else 0)
        return Addresses(api_url=f"http://{HOST}:{port}", edge_url=f"http://{HOST}:{edge_port}")

    def _start_wave(self, wave: tuple[Runtime, ...], environment: Mapping[str, str]) -> None:
        started = [self._start_app(runtime, environment) for runtime in wave]
        for app in started:
            wait_until_ready(app.child, app.ready, timeout_seconds=_READY_SECONDS, pause=self._pause)
            self.say(f"{app.runtime.name} is ready")

    def _start_app(self, runtime: Runtime, environment: Mapping[str, str]) -> _Supervised:
        ready_file = self.home.ready_files / runtime.name
        command = Command(
            name=runtime.name,
            argv=runtime.argv,
            environment={**environment, READY_FILE_VARIABLE: str(ready_file)},
            log=self.home.logs / f"{runtime.name}.log",
            grace_seconds=runtime.grace_seconds,
        )
        app = _Supervised(runtime, Child(command), ready_file)
        self.apps.append(app)
        app.start()
        return app

    def _seed_once(self, blueprint: Blueprint, environment: Mapping[str, str]) -> None:
        stamp = self.home.path / "seeded"
        if stamp.exists() and stamp.read_text() == blueprint.seed_version:
            return
        self._run_step("seed", blueprint.seed, environment)
        stamp.write_text(blueprint.seed_version)
        self.say("the demo is seeded")

    def _run_step(self, name: str, argv: tuple[str, ...], environment: Mapping[str, str]) -> None:
        command = Command(name=name, argv=argv, environment=environment, log=self.home.logs / f"{name}.log")
        run(command, timeout_seconds=_STEP_SECONDS, pause=self._pause)

    def _announce(self, addresses: Addresses, secrets: Secrets) -> None:
        accounts = {role: account for role, account in ACCOUNTS.items() if self.options.demo}
        if self.options.ready_file:
            ready = {
                "api_url": addresses.api_url,
                "web_url": None,
                "pid": os.getpid(),
                "accounts": {r: {"email": a.email, "password": a.password} for r, a in accounts.items()},
                "sandbox": {"webhook_secret": secrets.sandbox_webhook_secret},
            }
            self.options.ready_file.parent.mkdir(parents=True, exist_ok=True)
            write_private(self.options.ready_file, json.dumps(ready, indent=2))
        lines = ["all is healthy", "", f"  Kosu     {addresses.api_url}", f"  API docs {addresses.api_url}/docs", ""]
        lines += [f"  {role:<11}{account.email:<24}{account.password}" for role, account in accounts.items()]
        lines += ["", f"  Data and logs are in {self.home.path}. Ctrl-C stops everything.", ""]
        self.say("\n".join(lines))

    @contextmanager
    def _ready_file_removed(self) -> Iterator[None]:
        """The file says that the stack is up: it is absent before and after."""
        try:
            if self.options.ready_file:
                self.options.ready_file.unlink(missing_ok=True)
            yield
        finally:
            if self.options.ready_file:
                self.options.ready_file.unlink(missing_ok=True)

    def _supervise(self) -> None:
        """Raises StopRequested or ChildFailed: it has no other end."""
        while True:
            now = time.monotonic()
            for app in self.apps:
                if app.restart_at is None and not app.child.running():
                    self._plan_restart(app, now)
                elif app.restart_at is not None and app.restart_at <= now:
                    app.start()
            self._pause(0.5)

    def _plan_restart(self, app: _Supervised, now: float) -> None:
        code = app.child.exit_code()
        app.child.kill_group()
        app.crashes = 1 if now - app.started_at > _STEADY_SECONDS else app.crashes + 1
        delay = min(2 ** (app.crashes - 1), _LONGEST_BACKOFF_SECONDS)
        app.restart_at = now + delay
        log = app.child.command.log
        self.say(f"{app.runtime.name} ended with {code}: starting it again in {delay} s (its log is {log})")

    def _pause(self, seconds: float) -> None:
        """Every wait goes through here, so that none outlasts a stop signal or the end of a server."""
        for child in self.servers:
            if not child.running():
                raise ChildFailed(child.name, f"ended with {child.exit_code()}", child.command.log)
        self.signals.pause(seconds)

    def _stop(self) -> None:
        if self.servers:
            self.say("stopping")
        killed = stop([app.child for app in self.apps])
        for child in reversed(self.servers):
            killed += stop([child])
        for name in killed:
            self.say(f"{name} had to be killed")
