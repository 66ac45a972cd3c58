# Shared by the scripts that need Docker: test-compose, test-image. To be sourced by one that has `say` and `cannot`, and sets project, a
# name, and work, a temporary folder of its own.
# shellcheck shell=bash

# bounded SECONDS COMMAND..: not in the foreground, where a signal to us would wait for its end.
helper=
bounded() {
    local status=0
    timeout --kill-after=30 "$@" </dev/null &
    helper=$!
    wait "$helper" || status=$?
    helper=
    return "$status"
}

answers() { timeout 20 docker info >/dev/null 2>&1; }

daemon=
server=
made_opt=false
# What runs a command where the published ports are.
beside=()

# start_daemon DRIVER: dockerd with all its state under $work, as the first process of its own network, mount and
# process namespaces: whatever it started or mounted ends with it, and it ends with this script. In a session of its
# own, so that Ctrl-C reaches it only after the stack is down.
start_daemon() {
    local driver=$1 waited=0
    [ -e /opt/containerd ] || made_opt=true
    # shellcheck disable=SC2016 # expanded by the inner shell
    setsid setpriv --pdeathsig KILL unshare --net --mount --pid --fork --kill-child --mount-proc -- sh -c '
        mount -t tmpfs none /run && mkdir -p /etc/docker && mount -t tmpfs none /etc/docker && ip link set lo up &&
        exec dockerd "$@"' dockerd \
        --host "unix://$work/docker.sock" --pidfile "$work/dockerd.pid" --data-root "$work/data" \
        --exec-root "$work/exec" --storage-driver "$driver" --exec-opt native.cgroupdriver=cgroupfs \
        --cgroup-parent "/$project" >"$work/dockerd.log" 2>&1 </dev/null &
    daemon=$!
    while ! answers; do
        if ! kill -0 "$daemon" 2>/dev/null || [ "$waited" -ge 60 ]; then
            end_daemon
            return 1
        fi
        sleep 1
        waited=$((waited + 1))
    done
    server=$(cat "/proc/$daemon/task/$daemon/children")
    server=${server%% *}
    beside=(nsenter --net="/proc/$server/ns/net" --)
}

end_daemon() {
    [ -n "$daemon" ] || return 0
    local waited=0
    [ -z "$server" ] || kill -TERM "$server" 2>/dev/null || true
    while [ -n "$server" ] && [ "$waited" -lt 20 ] && kill -0 "$daemon" 2>/dev/null; do
        sleep 1
        waited=$((waited + 1))
    done
    # Its namespaces' other processes end with it.
    kill -KILL "$daemon" 2>/dev/null || true
    wait "$daemon" 2>/dev/null || true
    daemon=
    server=
    find /sys/fs/cgroup -depth -type d -path "*/$project*" -exec rmdir {} + 2>/dev/null || true
    # containerd makes these wherever its state is.
    ! $made_opt || rmdir /opt/containerd/* /opt/containerd 2>/dev/null || true
}

ensure_daemon() {
    ! answers || return 0
    [ "$(id -u)" = 0 ] || cannot "no Docker daemon answers, and starting a private one needs root"
    export DOCKER_HOST="unix://$work/docker.sock"
    unset DOCKER_CONTEXT DOCKER_TLS_VERIFY
    for driver in overlay2 vfs; do
        if start_daemon "$driver"; then
            say "private daemon, storage $driver"
            return
        fi
        say "dockerd did not start with storage $driver:"
        tail -n 5 "$work/dockerd.log" >&2
    done
    cannot "this machine does not let dockerd run"
}
