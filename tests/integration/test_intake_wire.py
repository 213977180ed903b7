"""Anybody may connect: what does not end is given up, takes no room and is counted as nothing."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.intake_steps import Served, accounts, basic, page, serving
from twostroke.receiving import bodies
from twostroke.receiving.wire import LONGEST_HEAD, Wire

pytestmark = pytest.mark.usefixtures("fresh_database")


class Hasty(Wire):
    """The same, for whoever does not want to wait a minute."""

    slowest = 3.0


@pytest.fixture
def web(fresh_database: None) -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def hasty(fresh_database: None) -> Iterator[Served]:
    with serving(wire=Hasty) as served:
        yield served


@contextmanager
def line_to(web: Served) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", web.port), timeout=60) as line:
        yield line


def all_of(line: socket.socket) -> bytes:
    """Everything until the server hangs up."""
    found = b""
    while part := line.recv(65_536):
        found += part
    return found


def head(web: Served, length: int) -> bytes:
    told = f"Host: x\r\nAuthorization: {basic(web.secret)}\r\nContent-Length: {length}\r\n"
    return f"POST /v1/page HTTP/1.1\r\n{told}".encode()


def until(what: Callable[[], bool]) -> None:
    for _ in range(600):
        if what():
            return
        time.sleep(0.05)
    pytest.fail("it never came to that")


@pytest.mark.parametrize("beginning", [b"GET /", b"GET / HTTP/1.1\r\nX: ", b"GET / HTTP/1.1\r\n"])
def test_a_head_that_does_not_end_is_given_up_before_it_fills_the_memory(web: Served, beginning: bytes) -> None:
    more = b"a" * 1000 if not beginning.endswith(b"\n") else b"X: %b\r\n" % (b"a" * 995)
    with line_to(web) as line:
        line.sendall(beginning)
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            line.sendall(more * (100 * LONGEST_HEAD // len(more)))


def test_a_long_head_is_answered_and_a_head_with_many_cookies_is_taken(web: Served) -> None:
    with line_to(web) as line:
        line.sendall((b"GET / HTTP/1.1\r\nX: " + b"a" * LONGEST_HEAD)[: LONGEST_HEAD + 1])
        assert b'"code":"head_too_long"' in all_of(line)
    assert web.post("/v1/page", page(1), cookie="c=" + "a" * 30_000).said == ["stored"]


@pytest.mark.parametrize("part", [b"GET / HT", b"body"])
def test_who_does_not_end_what_they_began_is_hung_up_on(hasty: Served, part: bytes) -> None:
    with line_to(hasty) as line:
        line.sendall(part if part != b"body" else head(hasty, 100) + b'\r\n{"type":')
        assert all_of(line).startswith(b"HTTP/1.1 408 Request Timeout")
    with line_to(hasty) as line:
        assert all_of(line) == b""
    assert accounts() == (0, 0, 0, 0)


@pytest.mark.parametrize("before", [b"", b"GET /v1/nothing HTTP/1.1\r\n\r\n"], ids=["at first", "after a request"])
def test_who_sends_nothing_but_line_ends_is_hung_up_on(hasty: Served, before: bytes) -> None:
    with line_to(hasty) as line:
        line.sendall(before)
        if before:
            assert line.recv(65_536).startswith(b"HTTP/1.1 404")
        line.sendall(b"\r\n")
        assert b"HTTP/1.1" not in all_of(line)


def test_a_request_has_its_time_from_its_own_beginning(hasty: Served) -> None:
    event = json.dumps(page(1)).encode()
    with line_to(hasty) as line:
        time.sleep(0.6 * Hasty.slowest)
        line.sendall(head(hasty, len(event)))
        time.sleep(0.7 * Hasty.slowest)
        line.sendall(b"Connection: close\r\n\r\n" + event)
        assert b'"stored"' in all_of(line)


def test_a_slow_request_is_answered_in_order_after_those_before_it(hasty: Served) -> None:
    event = json.dumps(page(1)).encode()
    with line_to(hasty) as line:
        line.sendall(head(hasty, len(event)) + b"\r\n" + event + b"POST /v1/pa")
        said = all_of(line)
    assert said.index(b'"stored"') < said.index(b'"too_slow"')


def test_a_body_cut_off_in_the_middle_is_counted_as_nothing_because_it_comes_again(web: Served) -> None:
    event = json.dumps(page(1)).encode()
    with line_to(web) as line:
        line.sendall(head(web, len(event)) + b"\r\n" + event[:20])
        until(lambda: web.app.bodies.coming == 20)
    until(lambda: web.app.bodies.coming == 0)
    assert web.post("/v1/page", event).said == ["stored"]
    assert accounts() == (1, 1, 0, 0)


def test_what_comes_in_part_has_so_much_room_and_no_more(web: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST_COMING_BYTES", 1000)
    with line_to(web) as first, line_to(web) as second:
        first.sendall(head(web, 2000) + b"\r\n" + b"a" * 900)
        until(lambda: web.app.bodies.coming == 900)
        second.sendall(head(web, 2000) + b"Connection: close\r\n\r\n" + b"a" * 900)
        assert b'"code":"overloaded"' in all_of(second)
        assert web.post("/v1/page", page(1)).said == ["stored"]


def test_what_is_no_http_is_told_so(web: Served) -> None:
    with line_to(web) as line:
        line.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
        assert b'"code":"not_http"' in all_of(line)
