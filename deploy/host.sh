# shellcheck shell=sh
# What deploy.sh and rollback.sh share: who the host is, and what a commit looks like.

checked_sha() {
    # Only a whole SHA is one image for ever; and it becomes part of commands and paths.
    case $1 in
    *[!0-9a-f]*) ;;
    ????????????????????????????????????????)
        printf '%s\n' "$1"
        return
        ;;
    esac
    echo "expected a commit SHA of 40 hexadecimal digits, got '$1'" >&2
    return 1
}

deploy_dir() {
    case ${DEPLOY_DIR:=/srv/kosu} in
    *[!A-Za-z0-9/._-]* | [!/]*)
        echo "DEPLOY_DIR: expected an absolute path of plain letters, got '$DEPLOY_DIR'" >&2
        return 1
        ;;
    esac
    printf '%s\n' "$DEPLOY_DIR"
}

on_host() {
    if [ -n "${DEPLOY_HOST:-}" ]; then
        ssh -o BatchMode=yes "$DEPLOY_HOST" "$1"
    else
        sh -c "$1"
    fi
}
