"""Django's settings, from the home and a few variables; ``docs/reference/settings.md`` is made from ``SETTINGS``."""

from __future__ import annotations

import os
from dataclasses import dataclass

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from twostroke.kit.home import Home


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable people may set: its name, what it does, what holds without it."""

    name: str
    meaning: str
    default: str


SETTINGS = (
    Setting("TWOSTROKE_HOME", "Folder of the installation: database, lake, keys, uploads.", "the user's data folder"),
    Setting(
        "TWOSTROKE_DATABASE_URL",
        "Database: `sqlite:///FILE` or `postgres://USER:PASSWORD@HOST:PORT/NAME`.",
        "SQLite in the home",
    ),
    Setting(
        "TWOSTROKE_HOSTS", "Host names the web server answers to, separated by commas.", "localhost, 127.0.0.1, [::1]"
    ),
    Setting("TWOSTROKE_HTTPS", "`1` where people come over HTTPS: cookies are then sent over it only.", "0"),
    Setting("TWOSTROKE_DEBUG", "`1` shows tracebacks in the browser. Never where others can reach it.", "0"),
)


def _on(name: str) -> bool:
    return os.environ.get(name, "0").strip().lower() in {"1", "true", "yes", "on"}


HOME = Home.chosen()
if not HOME.exists():
    raise ImproperlyConfigured(
        f"There is no Twostroke home at {HOME.path}. Make one with: twostroke init --home {HOME.path}"
    )

TWOSTROKE_HOME = HOME
TWOSTROKE_KEY = HOME.key("installation")
SECRET_KEY = HOME.key("web").hex()
DEBUG = _on("TWOSTROKE_DEBUG")
ALLOWED_HOSTS = [
    h.strip() for h in os.environ.get("TWOSTROKE_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h.strip()
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "twostroke.ledger",
    "twostroke.queue",
    "twostroke.team",
    "twostroke.identity",
    "twostroke.intake",
    "twostroke.relay",
    "twostroke.deals",
    "twostroke.web",
    "twostroke.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ]
        },
    }
]

ROOT_URLCONF = "twostroke.site.urls"
WSGI_APPLICATION = "twostroke.site.wsgi.application"
AUTH_USER_MODEL = "team.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# secure_delete: erased values must not linger in free pages. recursive_triggers: REPLACE must meet the delete trigger.
# mmap_size: more of it makes large logs no faster, and counts as memory of every process.
# wal_autocheckpoint: 128 MB, for imports, folds and the worker make checkpoints between their slices.
_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; PRAGMA secure_delete=ON; "
    "PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=67108864; "
    "PRAGMA wal_autocheckpoint=32768;"
)


def _database() -> dict[str, object]:
    url = os.environ.get("TWOSTROKE_DATABASE_URL") or f"sqlite:///{HOME.database}"
    found: dict[str, object] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    if found["ENGINE"] == "django.db.backends.sqlite3":
        found["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _PRAGMAS}
    elif found["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("TWOSTROKE_DATABASE_URL must begin with sqlite:// or postgres://.")
    return found


DATABASES = {"default": _database()}

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _on("TWOSTROKE_HTTPS")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FILES = 200
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
