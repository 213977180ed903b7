#!/bin/sh
# The real clients of Segment, RudderStack and PostHog, into build/clients: only for the tests marked "clients".
set -eu
cd "$(dirname "$0")/.."
python=${1:-.venv/bin/python}
[ -n "$(command -v npm)" ] || { echo "npm is missing: apt-get install nodejs npm" >&2; exit 1; }
mkdir -p build/clients
cp tests/clients/package.json build/clients/package.json
npm install --prefix build/clients --no-audit --no-fund --ignore-scripts --loglevel=error
"$python" -m pip --disable-pip-version-check --quiet install --upgrade --target build/clients/python -r tests/clients/python.txt
