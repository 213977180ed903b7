#!/usr/bin/env bash
# A stranger's first minute: a fresh clone, `make run`, the page behind the printed link; stopped and run a second time,
# after which the log must hold what it held, and the rows of the first run must still verify.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
server=
finish() {
    stop
    rm -rf "$work"
}
trap finish EXIT

stop() { # the supervisor and its children, as Ctrl-C in a terminal would
    [ -n "$server" ] || return 0
    kill -INT -- "-$server" 2>/dev/null || true
    for _ in $(seq 100); do
        kill -0 -- "-$server" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL -- "-$server" 2>/dev/null || true
    server=
}

start() { # `make run` in the clone; waits for the sign-in link, which it prints last
    local log=$1
    # A session of its own, so that all of it can be stopped; Python takes Ctrl-C although it runs in the background.
    (cd "$work/clone" && exec setsid python3 -c '
import os, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
os.execvp("make", ["make", "run", "PORT=" + os.environ["PORT"]])' >"$log" 2>&1 </dev/null) &
    server=$!
    for _ in $(seq 1200); do
        link=$(grep -oE 'http://[^ ]+/[^ ]*[A-Za-z0-9_-]{43}[^ ]*' "$log" | head -1 || true)
        if [ -n "$link" ] && curl -fsS -o /dev/null --max-time 5 "http://localhost:$PORT/healthz" 2>/dev/null; then
            return 0
        fi
        if ! kill -0 "$server" 2>/dev/null; then
            break
        fi
        sleep 0.5
    done
    echo "make run printed no sign-in link that answers:" >&2
    tail -40 "$log" >&2
    exit 1
}

press() { # the link asks with GET and signs in with POST, so that programs that preview addresses do not spend it
    local jar page token
    jar=$(mktemp -p "$work")
    page=$(curl -fsS -c "$jar" "$link")
    token=$(grep -oE 'name="csrfmiddlewaretoken" value="[^"]+"' <<<"$page" | head -1 | cut -d'"' -f4)
    curl -sS -b "$jar" -c "$jar" -o "$work/answer.html" -w 'status %{http_code}' \
        -H "Referer: $link" --data-urlencode "csrfmiddlewaretoken=$token" "$link"
    curl -sS -b "$jar" -o "$work/home.html" -w ', then the home page: status %{http_code}' "${link%%/sign-in/*}/"
}

inside() { (cd "$work/clone" && TWOSTROKE_HOME=.home/demo .venv/bin/twostroke "$@"); }

# A free port, so that whatever else runs here is left alone.
PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export PORT

git clone --quiet . "$work/clone"
unset TWOSTROKE_HOME TWOSTROKE_DATABASE_URL PYTHONPATH

start "$work/first.log"
cat "$work/first.log"
first=$(press)
echo "the button behind the link: $first"
second=$(press)
echo "pressed by somebody else after that: $second"
[[ $first == *"home page: status 200" && $second != *"home page: status 200" ]] || {
    echo "The link must sign in once, and only once." >&2
    exit 1
}
stop
inside verify
before=$(inside state-hash --json)

start "$work/second.log"
echo "--- second run"
cat "$work/second.log"
stop
inside verify
after=$(inside state-hash --json)
[ "$before" = "$after" ] || { echo "The second run changed the state." >&2; exit 1; }
echo "The second run destroyed nothing: equal state hash."
