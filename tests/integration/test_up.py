"""``twostroke up``, as people run it: real processes, a real port."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.cast import ADA
from tests.children import ROOT, child, environment, until
from twostroke.ledger.triggers import missing
from twostroke.team.actions import add_user

pytestmark = pytest.mark.usefixtures("fresh_database")

UP = ("-m", "twostroke", "up", "--port", "0")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


def up(output: Path, *more: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
    return child(*UP, *more, output=output)


def refused(*words: str) -> str:
    """What a program that does not begin says: one line."""
    command = [sys.executable, *words]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def address(output: Path) -> str:
    until(lambda: "Stop it with Ctrl-C" in output.read_text(), output=output)
    found = re.search(r"Twostroke is at http://(\S+)/", output.read_text())
    assert found
    return found[1]


def get(where: str, path: str = "/healthz") -> int:
    asking = http.client.HTTPConnection(where, timeout=30)
    asking.request("GET", path)
    return asking.getresponse().status


def said(where: str) -> dict[str, Any]:
    asking = http.client.HTTPConnection(where, timeout=30)
    asking.request("GET", "/healthz")
    told: dict[str, Any] = json.loads(asking.getresponse().read())
    return told


def children(of: int) -> dict[str, int]:
    """The direct children of a process that still run: what they are → their number."""
    found = {}
    for line in subprocess.check_output(["ps", "-eo", "pid=,ppid=,stat=,args="], text=True).splitlines():
        number, parent, state, args = line.split(None, 3)
        if int(parent) == of and not state.startswith("Z"):
            name = "web" if "gunicorn" in args else "intake" if "receiving" in args else "worker"
            found[name] = int(number)
    return found


def runs(number: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{number}/status").read_text()
    except FileNotFoundError:
        return False


def test_it_serves_pages_and_files_signs_in_once_and_leaves_nothing_behind(output: Path) -> None:
    add_user(email=ADA.email, name=ADA.name, role=ADA.role)  # type: ignore[arg-type]
    with up(output, "--link", ADA.email) as process:
        where = address(output)
        link = re.search(rf"http://{where}(/sign-in/\S+)", output.read_text())
        assert link
        assert [get(where), get(where, "/static/web/ground.css"), get(where, link[1])] == [200, 200, 200]
        started = children(process.pid)
        assert set(started) == {"web", "intake", "worker"}
        process.terminate()
        assert process.wait(60) == 0
        assert [name for name, number in started.items() if runs(number)] == []
        with pytest.raises(ConnectionRefusedError):
            get(where)


def test_each_of_the_three_says_how_it_is(output: Path) -> None:
    with up(output):
        where = {
            "web": address(output),
            **dict(re.findall(r"(send to|worker).* http://([^/\s]+)/", output.read_text())),
        }
        assert set(where) == {"web", "send to", "worker"}
        told = {name: said(place) for name, place in where.items()}
    for one in told.values():
        assert {"lines", "units", "broken", "oldest_seconds", "parked", "waiting_since"} == set(one["behind"])
        assert one["disk"]["free_bytes"] > 0
        assert "verified" in one
    assert told["worker"]["status"] == told["send to"]["status"] == "ok"
    assert told["worker"]["queue"]["oldest_seconds"] >= 0


def test_a_worker_in_trouble_says_with_what_and_since_when(output: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_dirty RENAME TO ledger_elsewhere")
    with up(output):
        address(output)
        found = re.search(r"worker says how it is at http://(\S+)/healthz", output.read_text())
        assert found
        words = re.compile(r"Trouble with the projections since 2\d{3}-.*(OperationalError|ProgrammingError)")
        # What cannot be looked up is told at once; that the projector meets it, too, when it has tried.
        until(lambda: words.search(str(said(found[1]))) is not None, output=output)
        assert get(found[1]) == 503


def test_a_second_one_on_the_same_home_is_refused_and_names_the_first(output: Path) -> None:
    with up(output) as process:
        where = address(output)
        told = refused(*UP)
        assert f"process {process.pid}" in told
        assert where in told


def test_what_crashes_is_started_again_at_the_same_address(output: Path) -> None:
    with up(output) as process:
        where = address(output)
        before = children(process.pid)
        for number in before.values():
            os.kill(number, signal.SIGKILL)

        def all_new() -> bool:
            now = children(process.pid)
            return set(now) == set(before) and not set(now.values()) & set(before.values())

        until(all_new, output=output)
        assert get(where) == 200
        told = output.read_text()
        assert "The web was killed by signal 9" in told
        assert "The intake was killed by signal 9" in told
        assert "The worker was killed by signal 9" in told


def test_children_end_with_a_supervisor_that_was_killed(output: Path) -> None:
    with up(output) as process:
        address(output)
        before = children(process.pid)
        process.kill()
        process.wait()
        until(lambda: not any(runs(number) for number in before.values()), output=output)


def test_a_port_in_use_is_one_sentence_with_another_port_in_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = refused(*UP, "--port", str(port))
    assert f"port {port} on 127.0.0.1 is in use" in told
    assert f"--port {port + 1}" in told


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1"])
def test_an_address_that_is_not_ours_is_one_sentence(host: str) -> None:
    assert host in refused(*UP, "--host", host)


def test_a_database_changed_by_a_newer_program_is_left_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_later', CURRENT_TIMESTAMP)"
        )
        cursor.execute("DELETE FROM django_migrations WHERE app = 'queue'")
    told = refused(*UP)
    assert "newer Twostroke" in told
    assert "ledger.9999_later" in told
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations WHERE app = 'queue'")
        assert cursor.fetchone() == (0,)


def test_a_log_without_its_triggers_is_not_served() -> None:
    table = " ON ledger_line" if connection.vendor == "postgresql" else ""
    name = "ledger_line_no_change" if table else "ledger_line_no_update"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{table}")
    assert missing(connection) == [name]
    told = refused(*UP)
    assert "not protected" in told
    assert name in told


def test_a_link_for_nobody_is_one_sentence() -> None:
    assert "otto@" in refused(*UP, "--link", "otto@example.org")


def test_a_worker_alone_refuses_tables_that_are_not_its_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'queue'")
    assert "older than this program" in refused("-m", "twostroke.worker")


def test_with_a_hangup_ignored_as_nohup_does_it_goes_on(output: Path) -> None:
    words = [sys.executable, *UP]
    ignoring = f"import os, signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); os.execv({words[0]!r}, {words!r})"
    with child("-c", ignoring, output=output) as process:
        where = address(output)
        process.send_signal(signal.SIGHUP)
        assert get(where) == 200
        assert process.poll() is None


@pytest.mark.sqlite
def test_an_older_database_is_brought_up_to_date_first(output: Path) -> None:
    """The oldest there is: an empty one. On SQLite only, where making one is copying nothing."""
    empty = Path(settings.TWOSTROKE_HOME.path) / "empty.db"
    with child(*UP, output=output, TWOSTROKE_DATABASE_URL=f"sqlite:///{empty}"):
        assert get(address(output)) == 200
    assert "Bringing the database up to date" in output.read_text()
