#!/bin/sh
# Installs hashed requirements and the project itself: install.sh BIN REQUIREMENTS, BIN being the bin of an environment.
set -eu
bin=$1
requirements=$2

# uv does not read pip's configuration: where only that knows of an index or a certificate, pip does it, more slowly.
# Compiled now, the first start is quick, and so is every start where Python may not write bytecode.
"$bin/uv" pip install -q --python "$bin/python" --compile-bytecode --require-hashes -r "$requirements" ||
    "$bin/pip" install -q --disable-pip-version-check --require-hashes -r "$requirements"

# Editable, so that the checkout is what runs; its build backend is among the requirements.
"$bin/pip" install -q --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
