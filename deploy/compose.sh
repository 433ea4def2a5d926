#!/bin/sh
# docker compose on the host, with its settings and the release that runs, in running/deploy: compose.sh ps, logs api, ...
set -eu
cd "$(dirname "$0")/../.."
KOSU_SHA=$(cat current)
KOSU_ENV_FILE=$PWD/kosu.env
export KOSU_SHA KOSU_ENV_FILE
exec docker compose --project-directory "$PWD/running" --env-file "$KOSU_ENV_FILE" "$@"
