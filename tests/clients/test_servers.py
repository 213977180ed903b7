"""The real clients for servers, as their makers ship them, each with a secret and with a public key."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.outcomes import CLIENTS, happened, wanted
from tests.intake_steps import accounts, serving
from twostroke.ledger.verify import verify

pytestmark = [pytest.mark.clients, pytest.mark.usefixtures("fresh_database")]
HERE = Path(__file__).parent

COMMANDS = {
    "segment-analytics-python": [sys.executable, "segment_python.py"],
    "rudder-sdk-python": [sys.executable, "rudder_python.py"],
    "posthog": [sys.executable, "posthog_python.py"],
    "@segment/analytics-node": ["node", "segment_node.cjs"],
    "@rudderstack/rudder-sdk-node": ["node", "rudder_node.cjs"],
}
WITH_IDS = ("page, ids", "screen, ids", "identify", "track, ids", "order, ids", "group, ids", "alias")
# PostHog's server client names one id in each call.
ONE_ID = ("page", "screen", "identify", "track", "order", "group", "alias")


@pytest.mark.parametrize("key", ["secret", "public"])
@pytest.mark.parametrize("client", COMMANDS)
def test_what_a_server_sends_comes_in_as_the_table_says(client: str, key: str) -> None:
    with serving() as web:
        program, script = COMMANDS[client]
        sent = subprocess.run(
            [program, str(HERE / script), f"http://127.0.0.1:{web.port}", getattr(web, key)],
            env={
                **os.environ,
                "PYTHONPATH": str(CLIENTS / "python"),
                "NODE_PATH": str(CLIENTS / "node_modules"),
            },
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert sent.returncode == 0, sent.stdout[-2000:] + sent.stderr[-2000:]
    calls = ONE_ID if client == "posthog" else WITH_IDS
    assert happened() == wanted(key, calls)
    received, stored, duplicate, quarantined = accounts()
    assert (received, duplicate) == (len(calls), 0)
    assert received == stored + quarantined
    assert verify().problems == ()
