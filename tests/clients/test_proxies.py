"""The samples of docs/how-to/run-the-intake.md, run by the programs they are written for."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.children import ROOT, until
from tests.faults.senders import free_port
from tests.intake_steps import Served, basic, page, serving

pytestmark = [pytest.mark.clients, pytest.mark.usefixtures("fresh_database")]
PAGE = (ROOT / "docs" / "how-to" / "run-the-intake.md").read_text("utf-8")


def sample(beginning: str) -> str:
    """The block of the page that begins so."""
    return next(block for block in re.findall(r"```\w*\n(.*?)```", PAGE, re.DOTALL) if block.startswith(beginning))


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


@contextmanager
def running(folder: Path, *words: str) -> Iterator[None]:
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(words, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def sent(port: int, key: str, size: int = 1) -> int:
    body = json.dumps({"batch": [page(1, context={"note": "x" * size})]})
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        asking.request("POST", "/v1/batch", body, {"Authorization": basic(key)})
        return asking.getresponse().status
    except OSError:
        return 0
    finally:
        asking.close()


def health(port: int) -> int:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        asking.request("GET", "/healthz")
        return asking.getresponse().status
    finally:
        asking.close()


def passes_on(port: int, web: Served, output: Path) -> None:
    """Events go through and are stored; what is too large is told so, by the intake or already by the proxy. How much
    comes in is told on this machine alone."""
    until(lambda: sent(port, web.secret) == 200, output=output)
    assert (health(web.port), health(port)) == (200, 404)
    assert web.batch(page(1, context={"note": "x"})).said == ["duplicate"]
    assert sent(port, web.secret, 550_000) == 413
    assert sent(port, web.secret, 700_000) == 413
    assert sent(port, web.secret, 6_000_000) in (413, 0)  # 0: the line was cut before all was sent


@needs("nginx")
def test_events_come_in_through_nginx_as_the_page_sets_it_up(tmp_path: Path) -> None:
    with serving() as web:
        port = free_port()
        block = sample("client_max_body_size").replace("127.0.0.1:8001", f"127.0.0.1:{web.port}")
        places = "".join(
            f"{name}_temp_path {tmp_path};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root; " if os.geteuid() == 0 else ""  # of its workers: the folders are this test's
        file = tmp_path / "nginx.conf"
        file.write_text(
            f"daemon off; {user}pid {tmp_path}/pid; error_log stderr; events {{}}\n"
            f"http {{ access_log off; {places} server {{ listen 127.0.0.1:{port};\n{block}}} }}\n"
        )
        with running(tmp_path, "nginx", "-p", str(tmp_path), "-c", str(file)):
            passes_on(port, web, tmp_path / "output")


@needs("caddy")
def test_events_come_in_through_caddy_as_the_page_sets_it_up(tmp_path: Path) -> None:
    (tmp_path / "as-written").write_text(sample("twostroke.example.com"))
    checked = ["caddy", "adapt", "--adapter", "caddyfile", "--config", str(tmp_path / "as-written")]
    subprocess.run(checked, check=True, capture_output=True)
    with serving() as web:
        port = free_port()
        block = sample("twostroke.example.com").partition("}\n")[2].replace("127.0.0.1:8001", f"127.0.0.1:{web.port}")
        file = tmp_path / "Caddyfile"
        # Without a name of one's own there is no certificate to get.
        file.write_text("{\nadmin off\n}\n" + block.replace("events.example.com", f"http://127.0.0.1:{port}"))
        with running(tmp_path, "caddy", "run", "--adapter", "caddyfile", "--config", str(file)):
            passes_on(port, web, tmp_path / "output")


@needs("systemd-analyze")
def test_the_unit_is_one_that_systemd_takes_and_its_command_is_one_of_ours(tmp_path: Path) -> None:
    unit = sample("# /etc/systemd/system/twostroke.service")
    command = re.search(r"ExecStart=\S+/twostroke (up .*)", unit)
    assert command
    ours = [sys.executable, "-m", "twostroke", *command[1].split(), "--help"]
    assert subprocess.run(ours, cwd=ROOT, capture_output=True, check=False).returncode == 0
    file = tmp_path / "twostroke.service"
    file.write_text(
        unit.replace("/opt/twostroke/.venv/bin/twostroke", sys.executable).replace("=twostroke\n", "=root\n")
    )
    checked = subprocess.run(["systemd-analyze", "verify", str(file)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
