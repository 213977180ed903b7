#!/bin/sh
# Makes .venv with a Python we run on, or says in one sentence what is missing. Called by the Makefile:
#   sh tools/environment.sh FOLDER [PYTHON]
set -eu
folder=$1
asked=${2:-python3}

say() {
    echo "$1" >&2
    exit 1
}

fits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

# The named one first; where it does not fit, another that stands on the path does as well.
found=
for python in "$asked" python3.13 python3.12 python3.11; do
    if command -v "$python" >/dev/null 2>&1 && fits "$python"; then
        found=$python
        break
    fi
done

if [ -z "$found" ]; then
    if command -v "$asked" >/dev/null 2>&1; then
        version=$("$asked" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo "of an unknown version")
        say "Twostroke needs Python 3.11, 3.12 or 3.13, and $asked is $version: install python3.12 (or name one: make PYTHON=/path/to/python3.12)."
    fi
    say "Twostroke needs Python 3.11, 3.12 or 3.13, and there is no $asked: install the package python3 (Debian, Ubuntu: apt-get install python3 python3-venv)."
fi

if ! "$found" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    say "$found cannot make environments: install the package python3-venv (or python$version-venv)."
fi

"$found" -m venv --clear "$folder" || say "$found could not make an environment in $folder: is the disk full, or the folder not yours?"
