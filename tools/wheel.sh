#!/usr/bin/env bash
# Builds the wheel and lets a stranger use it: an empty environment, a new home, a small file, and the log verified.
# Once for every Python we support that stands on this machine; at least one other than that of .venv must be there.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

.venv/bin/python -m pip --quiet wheel --no-deps --wheel-dir "$work/dist" .

cat >"$work/companies.csv" <<'CSV'
id,name,domain,country
1,Harbour Hotel,harbour-hotel.example,Ireland
2,Northern Law,northern-law.example,Norway
CSV

newest() { # the interpreter of a version: on the path, else the newest under pyenv; empty where there is none
    local version=$1 path
    path=$(ls -d "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python 2>/dev/null | sort -V | tail -1)
    [ -n "$path" ] || path=$(command -v "python$version" || true)
    [ -n "$path" ] && "$path" -c 'import ensurepip, venv' 2>/dev/null && echo "$path" || true
}

passed=0 absent=
for version in 3.11 3.12 3.13; do
    python=$(newest "$version")
    if [ -z "$python" ]; then
        echo "Python $version is not on this machine: the wheel was not tried on it."
        absent="$absent $version"
        continue
    fi
    "$python" -m venv "$work/$version"
    "$work/$version/bin/python" -m pip --quiet install "$work"/dist/twostroke-*.whl
    twostroke="$work/$version/bin/twostroke"
    ( # away from the repository, so that nothing but the wheel can be found
        cd "$work"
        unset PYTHONPATH TWOSTROKE_DATABASE_URL
        export TWOSTROKE_HOME="$work/home-$version"
        "$twostroke" --version
        "$twostroke" init
        "$twostroke" import companies.csv --as smoke
        "$twostroke" verify
    )
    passed=$((passed + 1))
done

echo "The wheel works on $passed of 3 Pythons."
if [ "${TWOSTROKE_NOTHING_SKIPPED:-}" = 1 ] && [ "$absent" ]; then
    echo "Nothing may be left out here, and these Pythons are missing:$absent." >&2
    exit 1
fi
