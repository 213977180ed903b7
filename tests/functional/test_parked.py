"""What waits is shown with its error in words, tried again, given up for a reason: on the web, by verb, on the home."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from tests.cast import ADA, LEA
from tests.functional.import_steps import twostroke
from tests.histories import oid
from twostroke.cli.parked import _REASONS
from twostroke.deals.models import Deal
from twostroke.kit.time import now_millis
from twostroke.ledger import projecting, tail
from twostroke.ledger.actions import catch_up, say
from twostroke.ledger.facts import Draft, Line, Precision
from twostroke.ledger.parking import GivenUp, how_many_wait, waiting
from twostroke.ledger.standing import standing
from twostroke.team.queries import audited

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Person

pytestmark = pytest.mark.usefixtures("fresh_database")
SignedIn = Callable[["Person"], "Client"]


@dataclass
class Fragile:
    """A reaction that fails as long as it is told to."""

    name: str = "relay.handoffs"
    kinds: frozenset[str] | None = frozenset({"form.submitted"})
    fails: bool = True
    done: list[str] = field(default_factory=list)

    def react(self, lines: Sequence[Line]) -> None:
        if self.fails:
            raise KeyError("anna@firm.example")
        self.done += [line.subject for line in lines]


@pytest.fixture
def fragile(fresh_database: None) -> Iterator[Fragile]:
    """One form came in, and the reaction to it failed."""
    reaction = Fragile()
    tail.install([reaction])
    tail.follow()
    say(Draft("form.submitted", "person", oid("anna"), now_millis(), Precision.MS, oid("anna")))
    catch_up()
    tail.follow()
    yield reaction
    tail.install([])


@pytest.fixture
def torn(fresh_database: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """A deal that could not be folded, because the program was wrong when it came in."""
    [deals] = [one for one in projecting.installed() if one.name == "deals.deal"]
    works, state = deals.fold, {"torn": True}

    def fold(units: Sequence[str], log: Any) -> Any:
        if state["torn"]:
            raise ZeroDivisionError
        return works(units, log)

    replaced = type("Torn", (), {"fold": staticmethod(fold), "__getattr__": lambda _self, name: getattr(deals, name)})()
    monkeypatch.setattr(projecting, "_installed", [replaced if one is deals else one for one in projecting.installed()])
    say(Draft("deal.opened", "deal", oid("deal"), now_millis(), Precision.MS))
    catch_up()
    return state


def test_the_reasons_of_the_verb_are_those_there_are() -> None:
    assert list(_REASONS) == [reason.value for reason in GivenUp]


def test_a_failing_reaction_is_shown_with_its_error_in_words(fragile: Fragile) -> None:
    told = twostroke("parked").out
    assert "relay.handoffs could not do what line 1 calls for: something it looked for is not there" in told
    assert "anna" not in told
    [one] = twostroke("parked", "--json").json
    assert (one["sort"], one["whose"], one["what"], one["line"], one["tries"]) == (
        "line", "relay.handoffs", "form.submitted", 1, 1,
    )  # fmt: skip
    assert standing()["behind"]["waiting_since"] == one["since"]


def test_tried_again_it_waits_no_more_once_it_works(fragile: Fragile) -> None:
    [one] = waiting()
    assert "1 still waiting" in twostroke("parked", "retry", one.key).out
    assert waiting()[0].tries == 2
    fragile.fails = False
    assert "1 done, 0 still waiting" in twostroke("parked", "retry").out
    assert (fragile.done, waiting(), how_many_wait()) == ([oid("anna")], [], (0, None))
    assert "Nothing waits" in twostroke("parked").out


def test_given_up_it_is_gone_and_the_audit_says_why(fragile: Fragile) -> None:
    [one] = waiting()
    assert twostroke("parked", "discard", one.key).code == 2
    assert twostroke("parked", "discard", "l999", "--reason", "done by hand").code == 1
    assert twostroke("parked", "discard", one.key, "--reason", "done by hand").out == "1 line given up: done by hand.\n"
    assert waiting() == []
    assert f"{one.key}, line 1: done by hand" in [entry.subject for entry in audited()]


def test_what_could_not_be_folded_is_folded_again_and_never_given_up(torn: dict[str, bool]) -> None:
    [one] = waiting()
    assert (one.whose, one.words().partition(":")[2][:25]) == ("deals.deal", " it had to divide by noth")
    assert twostroke("parked", "discard", one.key, "--reason", "done by hand").code == 1
    assert "still waiting" in twostroke("parked", "retry").out
    assert not Deal.objects.exists()
    torn["torn"] = False
    assert "1 done" in twostroke("parked", "retry").out
    assert Deal.objects.get().status == "open"
    assert waiting() == []


def test_a_unit_of_a_projection_that_is_no_more_is_let_go(fresh_database: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_broken (projection, unit, error, since) VALUES ('gone.one', 'x', 'E', 1)")
    assert "1 done" in twostroke("parked", "retry").out


def test_the_administrator_sees_on_the_home_that_lines_wait_and_why(fragile: Fragile, signed_in: SignedIn) -> None:
    ada, lea = signed_in(ADA), signed_in(LEA)
    home = " ".join(re.sub(r"<[^>]+>", " ", ada.get("/").content.decode()).split())
    assert "1 line waits, the oldest since" in home
    assert "waits, the oldest" not in lea.get("/").content.decode()
    page = ada.get("/setup/parked/").content.decode()
    assert "relay.handoffs could not do what line 1 calls for" in page
    assert lea.get("/setup/parked/").status_code == 404
    assert lea.post("/setup/parked/give-up/", {"key": waiting()[0].key, "reason": "done by hand"}).status_code == 404
    assert len(waiting()) == 1


def test_the_administrator_tries_again_and_gives_up_and_it_is_written_down(
    fragile: Fragile, signed_in: SignedIn
) -> None:
    ada, key = signed_in(ADA), waiting()[0].key
    assert "1 still waits." in ada.post("/setup/parked/again/", {"key": key}, follow=True).content.decode()
    assert "Say why" in ada.post("/setup/parked/give-up/", {"key": key}, follow=True).content.decode()
    done = ada.post("/setup/parked/give-up/", {"key": key, "reason": "no longer needed"}, follow=True).content.decode()
    assert "Given up: no longer needed." in done
    assert "Nothing waits" in done
    noted = [(entry.how, dict(entry.detail)) for entry in audited() if entry.subject == key]
    assert ("web give up", {"reaction": "relay.handoffs", "line": 1, "reason": "no longer needed"}) in noted
    assert ("web try again", {"works": False}) in noted
