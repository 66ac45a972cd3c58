# Shared by the load scripts: finds the binary, starts and stops a service. To be sourced.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The binary: CACHEMARK, or a release build of this tree.
cachemark() {
    if [ -n "${CACHEMARK:-}" ]; then
        "$CACHEMARK" "$@"
    else
        (cd "$root" && cargo build --release --quiet) && "$root/target/release/cachemark" "$@"
    fi
}

# Starts `cachemark serve` with the arguments given; sets service_pid and service_url.
start_service() {
    [ -n "${CACHEMARK:-}" ] || { (cd "$root" && cargo build --release --quiet); CACHEMARK=$root/target/release/cachemark; }
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

# Prints the comment at the head of the script.
usage() {
    sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
}
