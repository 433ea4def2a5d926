#!/bin/sh
# Brings a commit back that was deployed before: rollback.sh SHA. Nothing is built, and no migration is taken back.
# DEPLOY_HOST and DEPLOY_DIR are those of deploy.sh.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=deploy/host.sh
. deploy/host.sh
release=$(checked_sha "${1:-}")
folder=$(deploy_dir)/releases/$release

on_host "test -f '$folder/compose.yaml'" </dev/null || {
    echo "$release was never deployed to ${DEPLOY_HOST:-this machine}" >&2
    exit 1
}
on_host "sh '$folder/deploy/on-host.sh' rollback '$release'" </dev/null
