"""``GET /healthz`` of a worker: is it running, what waits for it, how far behind the tables are."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from django.db import DatabaseError, InterfaceError, connections

from twostroke.ledger.standing import standing
from twostroke.queue.queries import oldest_due_seconds

_PATIENCE_SECONDS = 5.0  # for one who connects and says nothing: they are answered one after the other


def answer_at(listener: socket.socket, trouble: Callable[[], str]) -> None:
    """Answer on a thread of its own while the process runs. ``trouble``: what is wrong, ``""`` for nothing."""

    class Handler(BaseHTTPRequestHandler):
        timeout = _PATIENCE_SECONDS

        def do_GET(self) -> None:
            if self.path.partition("?")[0] != "/healthz":
                self.send_error(404)
                return
            status, said = _told(trouble())
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("cache-control", "no-store")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Nothing: monitors ask often."""

    server = HTTPServer(listener.getsockname()[:2], Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()


def _told(trouble: str) -> tuple[int, dict[str, Any]]:
    """Status and words: 503 while the worker is in trouble or the database does not answer."""
    try:
        said = {"status": trouble or "ok", "queue": {"oldest_seconds": oldest_due_seconds()}, **standing()}
    except (DatabaseError, InterfaceError) as error:
        return 503, {"status": trouble or "The database does not answer.", "database": type(error).__name__}
    finally:
        connections.close_all()
    return (503 if trouble else 200), said
