"""Every screen stands behind the policy layer; the outsider sees nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import OTTO, SAM, TEAM, Person

# Screens that must answer strangers, each with its reason at the view.
OPEN = {"sign-in", "by-link", "sign-out", "theme", "health"}


def _patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry)
        else:
            yield entry


def _address(pattern: URLPattern) -> str:
    """The pattern with something in each of its places."""
    address = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        filled = "1" if kind == "int" else "a" * 32
        address = address.replace(f"<{kind}:{name}>", filled).replace(f"<{name}>", filled)
    return f"/{address}"


@pytest.mark.parametrize("pattern", list(_patterns()), ids=lambda p: str(p.name))
def test_every_view_names_its_policy_or_why_it_is_open(pattern: URLPattern) -> None:
    view: Any = pattern.callback
    assert hasattr(view, "policy") != hasattr(view, "open_because"), f"{pattern.name}: put @needs(...) on it"
    assert hasattr(view, "open_because") == (pattern.name in OPEN)


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", [p for p in _patterns() if p.name not in OPEN], ids=lambda p: str(p.name))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_sent_to_sign_in(pattern: URLPattern, method: str) -> None:
    answer = getattr(Client(), method)(_address(pattern))
    assert answer.status_code == 302, _address(pattern)
    assert answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.django_db
def test_a_part_of_a_page_asked_by_a_stranger_sends_the_whole_page_to_sign_in() -> None:
    answer = Client().get("/setup/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"], answer.content) == (204, "/sign-in/", b"")


@pytest.mark.django_db
@pytest.mark.parametrize("person", TEAM, ids=lambda p: p.name)
def test_an_unknown_page_says_so_to_each_role(person: Person, signed_in: Callable[[Person], Client]) -> None:
    answer = signed_in(person).get("/no-such-page/")
    assert answer.status_code == 404
    assert "No such page, or not yours to see" in answer.content.decode()


@pytest.mark.django_db
def test_an_unknown_page_tells_a_stranger_nothing_more(signed_in: Callable[[Person], Client]) -> None:
    answer = signed_in(OTTO).get("/no-such-page/")
    assert answer.status_code == 404
    assert "Sign out" not in answer.content.decode()


@pytest.mark.django_db
def test_pages_are_not_kept_by_caches_and_run_no_inline_script(signed_in: Callable[[Person], Client]) -> None:
    answer = signed_in(SAM).get("/")
    assert "no-store" in answer.headers["Cache-Control"]
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    page = answer.content.decode()
    assert " style=" not in page
    assert " onclick=" not in page


@pytest.mark.django_db
def test_health_answers_without_sign_in() -> None:
    answer = Client().get("/healthz")
    assert answer.status_code == 200
    told = answer.json()
    assert told.pop("disk")["free_bytes"] > 0
    assert told == {
        "database": "ok", "lines": 0,
        "behind": {"lines": 0, "units": 0, "broken": 0, "oldest_seconds": 0.0, "parked": 0, "waiting_since": None},
        "jobs": {"oldest_due_seconds": 0.0}, "verified": None,
    }  # fmt: skip


@pytest.mark.django_db
def test_the_theme_is_remembered_by_this_browser() -> None:
    client = Client()
    client.post("/theme/", {"theme": "dark", "next": "/sign-in/"})
    assert 'data-theme="dark"' in client.get("/sign-in/").content.decode()
    client.post("/theme/", {"theme": "<script>", "next": "/sign-in/"})
    assert 'data-theme="dark"' in client.get("/sign-in/").content.decode()
