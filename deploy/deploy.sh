#!/bin/sh
# Brings a commit into production: deploy.sh SHA, all 40 digits of it. Its images are in the registry already.
#   DEPLOY_HOST  where, as ssh names it; empty: this machine
#   DEPLOY_DIR   the folder there that holds kosu.env (/srv/kosu)
# The deploying itself is done there, by on-host.sh of that commit: a line that breaks does not stop it half-way.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=deploy/host.sh
. deploy/host.sh
release=$(checked_sha "${1:-}")
folder=$(deploy_dir)/releases/$release

# Out of the commit and not from the checkout, which may hold anything.
archive=$(mktemp)
trap 'rm -f "$archive"' EXIT
git archive "$release" compose.yaml deploy >"$archive"
on_host "mkdir -p '$folder' && tar -xf - -C '$folder'" <"$archive"
on_host "sh '$folder/deploy/on-host.sh' deploy '$release'" </dev/null
