"""A web client of a few lines, built and served by plain Node as Next does it, without any package."""

from __future__ import annotations

import json
from pathlib import Path

_BUILD = """
import { appendFileSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
appendFileSync(process.env.TEST_BUILDS, 'built\\n')
mkdirSync('.next/standalone', { recursive: true })
mkdirSync('.next/static')
writeFileSync('.next/static/chunk.js', 'chunk')
writeFileSync('.next/standalone/variables.json', JSON.stringify(process.env))
copyFileSync('server.js', '.next/standalone/server.js')
"""

_SERVER = """
const answer = (request, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ path: request.url, variables: process.env }))
}
require('node:http').createServer(answer).listen(Number(process.env.PORT), process.env.HOSTNAME)
"""


def write_fake_web(folder: Path, *, build: str = _BUILD) -> Path:
    """Make the sources; each build adds a line to the file that TEST_BUILDS in the environment names."""
    package = {"name": "fake-web", "version": "1.0.0", "scripts": {"build": "node build.mjs"}}
    lock = {"name": "fake-web", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": package}}
    (folder / "public").mkdir(parents=True)
    for name, text in {
        "package.json": json.dumps(package),
        "package-lock.json": json.dumps(lock),
        "build.mjs": build,
        "server.js": _SERVER,
        "public/robots.txt": "everybody is welcome",
    }.items():
        (folder / name).write_text(text)
    return folder
