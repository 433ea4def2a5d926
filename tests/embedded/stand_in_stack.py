"""`kosu up` with small programs in place of Kosu's own runtimes: what the supervisor does is the same.

The environment says how the programs behave: STAND_IN_WORKER is the Python source of the worker.
"""

from __future__ import annotations

import os
import sys
from urllib.parse import urlsplit

from entrypoints import cli
from entrypoints.embedded import runtimes, stack
from entrypoints.embedded.runtimes import Addresses, Blueprint, Runtime

STEADY_WORKER = """
import os, pathlib, time
pathlib.Path(os.environ["KOSU_READY_FILE"]).touch()
time.sleep(3600)
"""

SEED = """
import os, pathlib
with pathlib.Path(os.environ["KOSU_STORE_DIR"]).with_name("seeds.txt").open("a") as file: file.write("seeded\\n")
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
        seed_version="1",
    )


def _http_runtime(name: str, base_url: str) -> Runtime:
    address = urlsplit(base_url)
    server = ("-m", "http.server", str(address.port), "--bind", str(address.hostname), "--directory", os.devnull)
    return Runtime(name=name, argv=(sys.executable, *server), health_url=f"{base_url}/")


if __name__ == "__main__":
    stack.up.__kwdefaults__["blueprint"] = blueprint
    sys.exit(cli.main(["up", *sys.argv[1:]]))
