"""How gunicorn serves the web: ``gunicorn --config python:twostroke.site.serving``. The names are its settings."""

from __future__ import annotations

wsgi_app = "twostroke.site.wsgi:application"
worker_class = "gthread"
workers = 2
threads = 4
# Less than the ten seconds the supervisor waits before it kills.
graceful_timeout = 8
timeout = 60
keepalive = 5
loglevel = "warning"
# Its default is one file per user, shared by all that user's homes; the supervisor speaks in signals.
control_socket_disable = True
