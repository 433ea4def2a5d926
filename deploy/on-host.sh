#!/bin/sh
# On the host itself: on-host.sh deploy|rollback SHA, as deploy.sh and rollback.sh call it. Beside kosu.env are
#   releases/SHA/  compose.yaml and deploy/ of each commit that was brought here
#   running/       those of the release that runs; compose is always called here, so that folders which containers have
#                  mounted stay where they are
#   current        the SHA that runs, written once all of it is healthy
#   logs/          what each deployment said
#   lock           held while one is under way
set -eu
verb=$1
release=$2
cd "$(dirname "$0")/../../.."
home=$PWD

# The work is done apart from whoever asked for it: a line that breaks, or a job that is cancelled, leaves nothing half-way.
if [ -z "${KOSU_APART:-}" ]; then
    mkdir -p logs
    log=logs/$(date -u +%Y%m%dT%H%M%SZ)-$verb-$release-$$
    : >"$log"
    KOSU_APART=1 nohup sh "$home/releases/$release/deploy/on-host.sh" "$verb" "$release" >"$log" 2>&1 </dev/null &
    worker=$!
    tail -n +1 -f --pid="$worker" "$log" || :
    wait "$worker"
    exit
fi

say() { echo "[$(date -u +%H:%M:%S)] $*"; }
fail() {
    say "$*"
    exit 1
}
compose() { KOSU_SHA=$target docker compose --project-directory "$home/running" --env-file "$KOSU_ENV_FILE" "$@"; }

# Whatever is started is healthy when this answers 0: that is the gate.
start() {
    say "$target: $*"
    compose up --detach --no-deps --wait --wait-timeout 120 "$@"
}

# Before anything that runs is touched: the release's files are in place and its images are here.
prepare() {
    target=$1
    mkdir -p running &&
        cp -R "releases/$target/." running/ &&
        compose pull --quiet api worker-default scheduler web
}

# One after the other, so that a release that does not work is noticed while most of the last one still runs.
roll_out() {
    start api gate &&
        start worker-payments worker-default worker-media &&
        start scheduler &&
        start web &&
        compose exec -T proxy caddy reload --config /etc/caddy/Caddyfile
}

go_back() {
    [ -n "$previous" ] || fail "$1; there is no release to go back to"
    [ "$previous" != "$release" ] || fail "$1, and it is what ran before: look at the stores"
    say "$1; going back to $previous"
    if ! prepare "$previous" || { [ "$2" = touched ] && ! roll_out; }; then
        fail "$previous does not start either: somebody has to look at this host"
    fi
    fail "$previous runs as before"
}

KOSU_ENV_FILE=$home/kosu.env
export KOSU_ENV_FILE
[ -f "$KOSU_ENV_FILE" ] || fail "$KOSU_ENV_FILE is missing: deploy/kosu.env.example says what belongs into it"
exec 9>lock
flock --nonblock 9 || fail "another deployment is under way on this host"
previous=$(cat current 2>/dev/null || :)

prepare "$release" || go_back "the images of $release cannot be had" untouched
if [ "$verb" = deploy ]; then
    start postgres redis store proxy || go_back "the stores are not healthy" untouched
    # What runs keeps working on the new schema, and keeps running where this fails: first expand, later contract.
    say "$release: migrations"
    compose run --rm --no-deps migrate || go_back "the migrations of $release failed" untouched
fi
if ! roll_out; then
    compose logs --no-color --tail 40 api gate worker-payments worker-default worker-media scheduler web || :
    go_back "$release is not healthy" touched
fi
printf '%s\n' "$release" >current.new
mv current.new current
say "$release runs"
