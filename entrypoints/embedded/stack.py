"""The supervisor behind `kosu up`: starts everything in order, keeps it running, and stops it in the reverse order."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NoReturn

from entrypoints import migrate
from entrypoints.demo import ACCOUNTS
from entrypoints.embedded.announcement import welcome, write_ready_file
from entrypoints.embedded.child import Child, Command, run, stop
from entrypoints.embedded.environment import runtime_environment, server_environment
from entrypoints.embedded.errand import Errand
from entrypoints.embedded.errors import ChildFailed, StackError
from entrypoints.embedded.home import Home
from entrypoints.embedded.lock import sole_owner
from entrypoints.embedded.ports import HOST, free_port
from entrypoints.embedded.postgres import DATABASE, PostgresServer
from entrypoints.embedded.redis import RedisServer
from entrypoints.embedded.runtimes import Addresses, Blueprint, Runtime, kosu
from entrypoints.embedded.secrets import load_or_create
from entrypoints.embedded.signals import StopRequested, StopSignals
from entrypoints.embedded.supervised import Supervised, SupervisedRuntime
from entrypoints.embedded.web import web_dev_server, web_server
from entrypoints.embedded.web_builds import WebBuilds
from entrypoints.embedded.web_sources import WebSources

_STEP_SECONDS = 600
_LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the caller of `kosu up` may choose. `port` 0 takes any free one; `ready_file` is written once all is up.

    `full_demo`: the demo gets its learners and its videos too, in the background.
    """

    home: Path
    port: int = 8000
    demo: bool = True
    full_demo: bool = True
    ready_file: Path | None = None
    web: Path | None = None
    """Sources of the web client; None: without one."""
    web_builds: Path | None = None
    """Where its builds are kept; None: in the home."""
    web_dev: bool = False
    """Serve the sources as they change, instead of a build."""


def up(
    options: Options,
    say: Callable[[str], None],
    *,
    blueprint: Callable[[Addresses], Blueprint] = kosu,
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Run a stack until it is asked to stop by SIGINT, SIGTERM or SIGHUP. No process of it is left afterwards.

    Raises:
        StackError: a part did not start, or the home cannot be used.
    """
    home = Home(options.home.resolve())
    home.prepare()
    with StopSignals() as signals:
        try:
            with sole_owner(home.path / "lock", say=say, pause=signals.pause) as lock:
                _Stack(home, options, say, signals, blueprint, environment, lock).run()
        except StopRequested:
            say(f"everything has stopped; the data is in {home.path}")


@dataclass(slots=True)
class _Stack:
    home: Home
    options: Options
    say: Callable[[str], None]
    signals: StopSignals
    make_blueprint: Callable[[Addresses], Blueprint]
    base_environment: Mapping[str, str]
    lock: int
    servers: list[Supervised] = field(default_factory=list)
    """In the order in which they are started."""
    apps: list[SupervisedRuntime] = field(default_factory=list)
    web_build: ExitStack = field(default_factory=ExitStack)
    """Holds the build of the web client that is served."""
    errand: Errand | None = None
    has_started: bool = False

    def run(self) -> NoReturn:
        """Raises StopRequested or ChildFailed: it has no other end."""
        self._remove_ready_file()
        try:
            self._start()
            self.has_started = True
            while True:
                for part in (*self.servers, *self.apps):
                    part.keep_running(self.say)
                if self.errand is not None and self.errand.has_ended(self.say):
                    self.errand = None
                self._pause(_LOOK_SECONDS)
        finally:
            self._remove_ready_file()
            self._stop()
            self.web_build.close()

    def _start(self) -> None:
        secrets = load_or_create(self.home.secrets)
        postgres = self._start_servers()
        make_web = self._web()
        addresses = self._addresses(with_web=make_web is not None)
        blueprint = self.make_blueprint(addresses)
        environment = runtime_environment(self.base_environment, home=self.home, secrets=secrets, addresses=addresses)
        if not migrate.is_current(postgres.url(DATABASE)):
            self._run_step("migrate", blueprint.migrate, environment)
            self.say("the database is migrated")
        for wave in blueprint.waves:
            self._start_wave(wave, environment)
        if make_web:
            self._start_wave((make_web(addresses, self.base_environment),), environment)
        accounts = ACCOUNTS if self.options.demo else {}
        self._seed_once(blueprint, environment)
        if self.options.ready_file:
            write_ready_file(self.options.ready_file, addresses=addresses, accounts=accounts, secrets=secrets)
        self.say(welcome(self.home.path, addresses=addresses, accounts=accounts))
        if self.options.demo and self.options.full_demo:
            self._fill_demo(blueprint, environment)

    def _start_servers(self) -> PostgresServer:
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
        return postgres

    def _start_server(self, command: Command) -> Child:
        server = Supervised(command)
        self.servers.append(server)
        server.start()
        return server.child

    def _web(self) -> Callable[[Addresses, Mapping[str, str]], Runtime] | None:
        """The web client, built if need be. The stack goes on without one that is not there, or cannot be built."""
        if self.options.web is None:
            return None
        sources = WebSources(self.options.web)
        if not sources.exist():
            self.say(f"there is no web client at {sources.folder}: the API runs alone")
            return None
        if self.options.web_dev:
            return partial(web_dev_server, sources.folder)
        builds = WebBuilds(
            folder=(self.options.web_builds or self.home.web_builds).resolve(),
            sources=sources,
            log=self.home.logs / "web-build.log",
        )
        try:
            obtained = builds.obtained(self.base_environment, say=self.say, pause=self._pause)
            return partial(web_server, self.web_build.enter_context(obtained))
        except (StackError, OSError) as error:
            self.say(f"the web client cannot be built, so the API runs alone: {error}")
            return None

    def _addresses(self, *, with_web: bool) -> Addresses:
        port = free_port(self.options.port)
        if self.options.port not in {0, port}:
            self.say(f"port {self.options.port} is busy: taking {port}")
        edge_port = free_port(port + 1 if self.options.port else 0)
        web_port = free_port(edge_port + 1 if self.options.port else 0) if with_web else None
        return Addresses(
            api_url=f"http://{HOST}:{port}",
            edge_url=f"http://{HOST}:{edge_port}",
            web_url=f"http://{HOST}:{web_port}" if web_port else None,
        )

    def _start_wave(self, wave: tuple[Runtime, ...], environment: Mapping[str, str]) -> None:
        started = [SupervisedRuntime(runtime, home=self.home, environment=environment) for runtime in wave]
        self.apps += started
        for app in started:
            app.start()
        for app in started:
            app.wait_until_ready(self._pause)
            self.say(f"{app.name} is ready")

    def _seed_once(self, blueprint: Blueprint, environment: Mapping[str, str]) -> None:
        options = ("--demo",) if self.options.demo else ()
        version = " ".join((blueprint.seed_version, *options))
        stamp = self.home.path / "seeded"
        if stamp.exists() and stamp.read_text() == version:
            return
        self._run_step("seed", (*blueprint.seed, *options), environment)
        stamp.write_text(version)
        self.say("the demo is seeded" if self.options.demo else "the shelves of the catalogue are seeded")

    def _fill_demo(self, blueprint: Blueprint, environment: Mapping[str, str]) -> None:
        command = Command(name="demo", argv=blueprint.fill, environment=environment, log=self.home.logs / "demo.log")
        self.errand = Errand(
            command=command,
            stamp=self.home.path / "filled",
            version=blueprint.seed_version,
            done="the demo is complete: its learners are there, and its lessons play",
        )
        self.errand.begin()

    def _run_step(self, name: str, argv: tuple[str, ...], environment: Mapping[str, str]) -> None:
        command = Command(name=name, argv=argv, environment=environment, log=self.home.logs / f"{name}.log")
        run(command, timeout_seconds=_STEP_SECONDS, pause=self._pause)

    def _remove_ready_file(self) -> None:
        if self.options.ready_file:
            self.options.ready_file.unlink(missing_ok=True)

    def _pause(self, seconds: float) -> None:
        """Every wait goes through here, so that none outlasts a stop signal or a server that does not even start."""
        for server in self.servers:
            if not self.has_started and not server.child.running():
                raise ChildFailed(server.name, f"ended with {server.child.exit_code()}", server.child.command.log)
        self.signals.pause(seconds)

    def _stop(self) -> None:
        self.say("stopping")
        errand = [self.errand.child] if self.errand is not None else []
        killed = stop([*errand, *(app.child for app in self.apps)])
        for server in reversed(self.servers):
            killed += stop([server.child])
        for name in killed:
            self.say(f"{name} had to be killed")
        self.home.remove_sockets()
