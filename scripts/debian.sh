# Shared by the scripts that make a Debian root: images-from-debian, test-packages. To be sourced by one that has `say` and `give_up`,
# and sets work, a temporary folder of its own.
# shellcheck shell=bash

# Where apt has the running release from: one mirror, then its components with commas between.
mirror() {
    local release
    release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    # shellcheck disable=SC2016 # apt expands them
    apt-get indextargets --format '$(RELEASE) $(REPO_URI) $(COMPONENT)' 'Created-By: Packages' |
        awk -v release="$release" '
            $1 != release { next }
            uri == "" { uri = $2 }
            $2 == uri && !seen[$3]++ { components = components (components == "" ? "" : ",") $3 }
            END { if (uri == "") exit 1; print uri " " components }'
}

# Runs a command in namespaces of its own, so that what it mounts or starts is gone when it ends or is killed. What it says
# goes to a log; of that only a failure is shown, and without the mirror's address.
running=
quietly() {
    # Not in the foreground, where a signal to us would wait for its end.
    setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child -- timeout 900 "$@" >"$work/log" 2>&1 </dev/null &
    running=$!
    if wait "$running"; then
        running=
        return
    fi
    running=
    tail -n 15 "$work/log" | sed -E 's#[a-z+]+://[^ ]*#(the mirror)#g' >&2
    give_up "$1 failed; the end of its log is above"
}

# bootstrap ROOT [OPTION..]: a minimal Debian of the release that runs here, from where apt has it.
bootstrap() {
    local root=$1 release found uri components proxy=''
    shift
    release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    found=$(mirror) || give_up "apt has no source for the release that runs here ('$release')"
    read -r uri components <<<"$found"
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    [ -z "$proxy" ] || export http_proxy=$proxy
    quietly debootstrap --variant=minbase --components="$components" "$@" "$release" "$root" "$uri"
}

clean_up() {
    if [ -n "$running" ]; then
        kill -KILL "$running" 2>/dev/null || true
        wait "$running" 2>/dev/null || true
    fi
    # Once more, should a process that was killed have written a last file meanwhile.
    rm -rf "$work" 2>/dev/null || { sleep 1 && rm -rf "$work"; }
}
