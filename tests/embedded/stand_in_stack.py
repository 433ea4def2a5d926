"""`kosu up` with small programs in place of Kosu's own runtimes: what the supervisor does is the same.

STAND_IN_WORKER in the environment is the Python source of the worker.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from entrypoints.embedded.runtimes import Addresses, Blueprint, Runtime
from entrypoints.embedded.stack import Options
from entrypoints.embedded.terminal import run_up

STEADY_WORKER = """
import os, pathlib, time
pathlib.Path(os.environ["KOSU_READY_FILE"]).touch()
time.sleep(3600)
"""

SEED = """
import os, pathlib, sys
with pathlib.Path(os.environ["KOSU_STORE_DIR"]).with_name("seeds.txt").open("a") as file:
    file.write(" ".join(["seeded", *sys.argv[1:], ""]))
"""


FILL = """
import os, pathlib
with pathlib.Path(os.environ["KOSU_STORE_DIR"]).with_name("fills.txt").open("a") as file:
    file.write("filled ")
"""


def blueprint(addresses: Addresses) -> Blueprint:
    worker = os.environ.get("STAND_IN_WORKER", STEADY_WORKER)
    return Blueprint(
        waves=(
            (_http_runtime("api", addresses.api_url), _http_runtime("edge", addresses.edge_url)),
            (Runtime(name="worker", argv=(sys.executable, "-c", worker), grace_seconds=1),),
        ),
        migrate=(sys.executable, "-c", ""),
        seed=(sys.executable, "-c", SEED),
        fill=(sys.executable, "-c", os.environ.get("STAND_IN_FILL", FILL)),
        seed_version="1",
    )


def _http_runtime(name: str, base_url: str) -> Runtime:
    address = urlsplit(base_url)
    folder = str(Path(__file__).parent)
    server = ("-m", "http.server", str(address.port), "--bind", str(address.hostname), "--directory", folder)
    return Runtime(name=name, argv=(sys.executable, *server), health_url=f"{base_url}/")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ready-file", type=Path, required=True)
    parser.add_argument("--no-demo", action="store_true")
    parser.add_argument("--web", type=Path)
    parser.add_argument("--quiet-demo", action="store_true")
    given = parser.parse_args()
    options = Options(
        home=given.home,
        port=given.port,
        ready_file=given.ready_file,
        demo=not given.no_demo,
        full_demo=not given.quiet_demo,
        web=given.web,
    )
    return run_up(options, blueprint)


if __name__ == "__main__":
    sys.exit(main())
