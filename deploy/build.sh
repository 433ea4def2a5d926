#!/bin/sh
# Builds one image of a commit, and sends it to the registry: build.sh api|worker|scheduler|web SHA
#   KOSU_IMAGE_PREFIX  where to: a registry and a path in it
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=deploy/host.sh
. deploy/host.sh
runtime=$1
sha=$(checked_sha "${2:-}")
image=${KOSU_IMAGE_PREFIX:?}/$runtime:$sha

case $runtime in
api | worker | scheduler) set -- --target "$runtime" . ;;
web) set -- web ;;
*)
    echo "no such image: $runtime" >&2
    exit 2
    ;;
esac
docker build --build-arg COMMIT_SHA="$sha" --tag "$image" "$@"
docker push "$image"
