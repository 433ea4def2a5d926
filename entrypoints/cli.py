"""The `kosu` command. Each subcommand imports what it needs by itself: `kosu version` is quick."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kosu.container import Container

WEB = Path(__file__).resolve().parent.parent / "web"
"""Sources of the web client, in a checkout."""


def main(argv: Sequence[str] | None = None) -> int:
    """Answers the exit status: 0, or 1 with a reason on standard error."""
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    return command(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kosu", description="Kosu, an e-learning platform.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    up = commands.add_parser("up", help="run everything on this machine: databases, API, workers, web client")
    up.add_argument("--home", type=Path, default=Path(".kosu"), help="where data, logs and secrets live (%(default)s)")
    up.add_argument(
        "--port", type=_port, default=8000, help="of the API; busy: the next free one; 0: any (%(default)s)"
    )
    up.add_argument("--no-demo", action="store_true", help="without demo accounts and courses")
    web = up.add_mutually_exclusive_group()
    web.add_argument("--no-web", action="store_true", help="without the web client")
    web.add_argument("--web-dev", action="store_true", help="serve the sources of the web client, as they change")
    up.add_argument("--web-builds", type=Path, help="where builds of the web client are kept (HOME/web)")
    up.add_argument("--quiet-demo", action="store_true", help="of the demo its courses only: no learners, no videos")
    up.add_argument("--ready-file", type=Path, help="write URLs and accounts here, as JSON, once all is healthy")
    up.set_defaults(command=_up)

    migrate = commands.add_parser("migrate", help="bring the database to the newest migration")
    migrate.add_argument(
        "--new", metavar="MESSAGE", help="instead, write the migration that the tables in the code need"
    )
    migrate.set_defaults(command=_migrate)

    seed = commands.add_parser("seed", help="make the shelves of the catalogue, where they are missing")
    seed.add_argument("--demo", action="store_true", help="and the people and courses of the demo")
    seed.add_argument("--full", action="store_true", help="and its learners and videos: takes a minute, and workers")
    seed.add_argument("--courses", type=_count, metavar="N", help="and so many made-up courses, once")
    seed.set_defaults(command=_seed)

    doctor = commands.add_parser("doctor", help="say in plain words what is wrong with this set-up")
    doctor.add_argument("--settings", action="store_true", help="print the table of all settings, as Markdown")
    doctor.add_argument(
        "--home", type=Path, default=Path(".kosu"), help="the embedded stack to look at, without settings (%(default)s)"
    )
    doctor.set_defaults(command=_doctor)

    backup = commands.add_parser("backup", help="save the database and all objects in a new folder, while all goes on")
    backup.add_argument("folder", type=Path)
    backup.set_defaults(command=_backup)

    restore = commands.add_parser("restore", help="fill an empty database and object store from such a folder")
    restore.add_argument("folder", type=Path)
    restore.set_defaults(command=_restore)

    version = commands.add_parser("version", help="print the version")
    version.set_defaults(command=_version)
    return parser


def _up(arguments: argparse.Namespace) -> int:
    from entrypoints.embedded.stack import Options  # noqa: PLC0415 - see the module's docstring
    from entrypoints.embedded.terminal import run_up  # noqa: PLC0415

    return run_up(
        Options(
            home=arguments.home,
            port=arguments.port,
            demo=not arguments.no_demo,
            full_demo=not arguments.quiet_demo,
            ready_file=arguments.ready_file,
            web=None if arguments.no_web else WEB,
            web_builds=arguments.web_builds,
            web_dev=arguments.web_dev,
        )
    )


def _migrate(arguments: argparse.Namespace) -> int:
    from entrypoints import migrate  # noqa: PLC0415

    if arguments.new:
        from entrypoints.embedded.temporary import temporary_postgres  # noqa: PLC0415

        with temporary_postgres() as (server, _):
            migrate.upgrade(server.url("postgres"))
            migrate.write_revision(server.url("postgres"), arguments.new)
        return 0

    from kosu.settings import SettingsError, read_settings  # noqa: PLC0415

    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        return _fail(str(error))
    _print("migrated" if migrate.upgrade(settings.postgres.url) else "nothing to migrate")
    return 0


def _seed(arguments: argparse.Namespace) -> int:
    from entrypoints import seed  # noqa: PLC0415

    seed.main(demo=arguments.demo, full=arguments.full)
    if arguments.courses is None:
        return 0

    from entrypoints import large_catalogue  # noqa: PLC0415

    try:
        large_catalogue.main(arguments.courses)
    except large_catalogue.AlreadyMadeError:
        return _fail("the catalogue has its made-up courses already")
    _print(f"made {arguments.courses} courses")
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    from entrypoints import doctor  # noqa: PLC0415

    if arguments.settings:
        _print(doctor.settings_markdown())
        return 0
    environment = _environment_to_examine(arguments.home)
    if environment is None:
        return _fail(
            f"there is neither a stack at {arguments.home} (make up starts one) nor a KOSU_ setting to examine"
        )
    findings = doctor.examine(environment)
    for finding in findings:
        _print(f"{'ok     ' if finding.fine else 'PROBLEM'} {finding.text}")
    return 0 if all(finding.fine for finding in findings) else 1


def _environment_to_examine(folder: Path) -> Mapping[str, str] | None:
    from entrypoints.embedded.environment import runtime_environment  # noqa: PLC0415
    from entrypoints.embedded.home import Home  # noqa: PLC0415
    from entrypoints.embedded.runtimes import Addresses  # noqa: PLC0415
    from entrypoints.embedded.secrets import load_or_create  # noqa: PLC0415

    home = Home(folder.resolve())
    if "KOSU_DATABASE_URL" in os.environ:
        return os.environ
    if not home.secrets.exists():
        return os.environ if any(name.startswith("KOSU_") for name in os.environ) else None
    # Its addresses differ from start to start, and none of the findings depends on them.
    addresses = Addresses(api_url="http://127.0.0.1", edge_url="http://127.0.0.1")
    return runtime_environment(os.environ, home=home, secrets=load_or_create(home.secrets), addresses=addresses)


def _backup(arguments: argparse.Namespace) -> int:
    from entrypoints import backup  # noqa: PLC0415 - see the module's docstring

    return _with_stores(lambda container: backup.save(container, arguments.folder, say=_print))


def _restore(arguments: argparse.Namespace) -> int:
    from entrypoints import backup  # noqa: PLC0415 - see the module's docstring

    return _with_stores(lambda container: backup.restore(container, arguments.folder, say=_print))


def _with_stores(work: Callable[[Container], Coroutine[Any, Any, None]]) -> int:
    """Run a backup or a restore over the settings of the environment."""
    from psycopg import OperationalError  # noqa: PLC0415 - see the module's docstring
    from psycopg_pool import PoolTimeout  # noqa: PLC0415

    from entrypoints.backup import BackupError  # noqa: PLC0415
    from kosu.container import Container  # noqa: PLC0415
    from kosu.errors import Unavailable  # noqa: PLC0415
    from kosu.settings import SettingsError, read_settings  # noqa: PLC0415

    try:
        asyncio.run(work(Container(settings=read_settings(os.environ))))
    except (BackupError, SettingsError, Unavailable, OperationalError, PoolTimeout, OSError) as error:
        return _fail(str(error).strip())
    return 0


def _version(_: argparse.Namespace) -> int:
    from kosu import __version__  # noqa: PLC0415

    _print(__version__)
    return 0


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to 1000000")
    return int(text)


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the output of the command


def _fail(text: str) -> int:
    print(f"kosu: {text}", file=sys.stderr, flush=True)  # noqa: T201 - the output of the command
    return 1


if __name__ == "__main__":
    sys.exit(main())
