"""Holdouts: what became of those who were left out, beside those who were not; and what that does and does not say."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import pytest

from tests.spec import holdouts_by_hand as by_hand
from tests.spec.raw_log import raw_lines
from tests.unit.metrics.logs import MINTER, deal, person, settle, tell_of
from twostroke.identity.queries import who_is_who
from twostroke.kit.time import day_number
from twostroke.ledger.actions import say
from twostroke.ledger.catalogue import current
from twostroke.ledger.facts import Draft, Precision
from twostroke.ledger.queries import reporting_currency, zone
from twostroke.metrics.comparing import compared, of_means, wilson
from twostroke.metrics.facts import Comparison, Result, Row, is_held_out
from twostroke.metrics.queries import compute, people

KINDS = {kind.name: (kind.rank, str(kind.place)) for kind in current()}
DAY = 86_400_000
START = day_number(dt.date(2026, 3, 2)) * DAY
SPRING = "Spring mail"


def company(name: str) -> str:
    return MINTER.record("crm", "company", name)


def draw(name: str, arm: str, *, of: str = SPRING, until: str | None = "2026-05-24", at: int | None = START) -> None:
    """A person is drawn for an arm from 2 March on."""
    told = {"experiment": of, "arm": arm, **({"until": until} if until else {})}
    when = {} if at is None else {"at": at}
    drawn(name, told, **when)


def drawn(name: str, told: dict[str, Any], at: int | None = None) -> None:
    precision = Precision.UNKNOWN if at is None else Precision.DAY
    tell_of(name, "experiment.assigned", properties=told, happened_at=at, precision=precision)


def works_at(name: str, firm: str) -> None:
    tell_of(name, "person.described", company=company(firm))


def firm(name: str, *, since: int = START - 90 * DAY, **told: str) -> None:
    say(Draft("company.described", "company", company(name), since, Precision.MS, company=company(name),
              properties=told, personal={"name": name}))  # fmt: skip


def wins(number: int, at: int, *, who: str | None = None, firm: str | None = None, amount: int | None = 100_00,
         currency: str = "EUR") -> None:  # fmt: skip
    """A deal is opened, and won three days later."""
    named = {"identifier": person(who) if who else None, "company": company(firm) if firm else None}
    say(Draft("deal.opened", "deal", deal(number), at, Precision.MS, **named))
    say(Draft("deal.won", "deal", deal(number), at + 3 * DAY, Precision.MS, amount_minor=amount,
              currency=currency if amount is not None else None, **named))  # fmt: skip


def told(result: Result, *names: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    return {(row.key["experiment"], row.key["arm"]): tuple(row.measures[name] for name in names) for row in result.rows}


pytestmark = pytest.mark.usefixtures("fresh_database")


def test_who_bought_is_counted_by_arm_within_the_time_of_the_experiment() -> None:
    for name, arm in (("anna", "mailed"), ("ben", "mailed"), ("cleo", "held out"), ("dan", "held out")):
        draw(name, arm)
    wins(1, START + DAY, who="anna")
    wins(2, START + 120 * DAY, who="ben")
    wins(3, START + 2 * DAY, who="cleo", amount=None)
    settle()
    found = compute("holdouts")
    assert told(found, "count", "value", "opened", "won", "later", "without_value") == {
        (SPRING, "mailed"): (2, "100.00", 1, 1, 1, 0),
        (SPRING, "held out"): (2, "0.00", 1, 1, 0, 1),
    }
    assert {one.subject_kind for one in people("holdouts", key={"arm": "mailed"})} == {"person"}


def test_a_company_buys_as_one_and_counts_once() -> None:
    for name in ("anna", "ben"):
        works_at(name, "Acme")
        draw(name, "mailed")
    draw("cleo", "control")
    wins(1, START + DAY, firm="Acme")
    settle()
    found = compute("holdouts")
    assert told(found, "count", "won") == {(SPRING, "mailed"): (1, 1), (SPRING, "control"): (1, 0)}
    (behind,) = people("holdouts", key={"arm": "mailed"})
    assert behind.subject_kind == "company"


def test_a_company_with_people_in_both_arms_is_in_no_comparison_and_that_is_said() -> None:
    for name, arm in (("anna", "mailed"), ("ben", "control")):
        works_at(name, "Acme")
        draw(name, arm)
    draw("cleo", "control")
    settle()
    found = compute("holdouts")
    assert told(found, "count") == {(SPRING, None): (1,), (SPRING, "control"): (1,)}
    assert any("people in several arms" in note for note in found.notes)


def test_who_bought_before_is_left_out_and_without_days_all_time_counts() -> None:
    draw("anna", "mailed")
    draw("ben", "control", at=None, until=None)
    wins(1, START - 30 * DAY, who="anna")
    wins(2, START - 30 * DAY, who="ben")
    settle()
    assert told(compute("holdouts"), "count", "won") == {(SPRING, "control"): (1, 1)}


def test_the_last_list_says_which_arm_somebody_is_in() -> None:
    draw("anna", "mailed")
    draw("anna", "held out", at=START + DAY)
    settle()
    assert told(compute("holdouts"), "count") == {(SPRING, "held out"): (1,)}


def test_a_region_is_drawn_as_a_whole_and_newcomers_are_not_counted() -> None:
    firm("Acme", region="North", country="DE", sector="Office")
    firm("Bolt", country="FR", sector="Hotel")
    firm("Late", region="north", since=START + DAY)
    for place, arm in (("North", "ads"), ("fr", "held out")):
        say(Draft("experiment.assigned", "experiment", MINTER.record("crm", "experiment", place), START, Precision.DAY,
                  properties={"experiment": "Ads", "arm": arm, "region": place}))  # fmt: skip
    wins(1, START + DAY, firm="Acme")
    settle()
    found = compute("holdouts", by=["sector"])
    rows = {(row.key["arm"], row.key["cluster"], row.key["sector"]): row.measures["won"] for row in found.rows}
    assert rows == {("ads", "North", "Office"): 1, ("held out", "fr", "Hotel"): 0}
    assert found.comparisons == ()  # one region an arm tells nothing


def test_an_experiment_without_anybody_left_out_says_how_to_name_them() -> None:
    draw("anna", "A")
    draw("ben", "B")
    settle()
    found = compute("holdouts")
    assert "Call the one that was left out" in found.notes[0]
    assert found.comparisons == ()


def rows_of(cells: dict[str, tuple[int, int]], *, cluster: str | None = None) -> list[Row]:
    return [
        Row({"experiment": "x", "arm": arm, "cluster": cluster, "currency": "EUR"},
            {"count": of, "opened": 0, "won": won, "ordered": 0})
        for arm, (won, of) in cells.items()
    ]  # fmt: skip


def figures(one: Comparison) -> tuple[float, ...]:
    return tuple(map(float, (one.difference, one.low, one.high)))


def test_the_interval_of_two_shares_is_that_of_the_published_example() -> None:
    # Newcombe 1998, table II: 56 of 70 less 48 of 80 is 0.2000, by method 10 from 0.0524 to 0.3339.
    (one,) = compared(rows_of({"mailed": (56, 70), "control": (48, 80)}))
    assert figures(one) == (0.2, 0.0524, 0.3339)
    assert one.is_apart
    assert (one.contrast, one.outcome, one.of) == ("mailed", "won", 150)


@pytest.mark.parametrize("seed", range(20))
def test_comparisons_are_those_of_the_words(seed: int) -> None:
    luck = Random(seed)
    cells = {
        (a, b): (luck.randint(0, n), n) for a in (True, False) for b in (True, False) for n in [luck.randint(1, 60)]
    }
    cells[True, True] = (max(1, cells[True, True][0]), cells[True, True][1])
    word = {True: "yes", False: "no"}
    rows = rows_of({f"Mail: {word[a]}; Call: {word[b]}": cell for (a, b), cell in cells.items()})
    found = compared(rows)
    assert [one.contrast for one in found] == ["Mail", "Call", "Mail + Call", "Mail + Call, beyond each alone"]
    for one, expected in zip(found, by_hand.two_by_two(cells), strict=True):
        assert figures(one) == pytest.approx(expected, abs=1e-4)
    single = rows_of({"mailed": cells[True, True], "control": cells[False, False]})
    expected = by_hand.difference([(1.0, *cells[True, True]), (-1.0, *cells[False, False])])
    assert figures(compared(single)[0]) == pytest.approx(expected, abs=1e-4)
    assert wilson(*cells[True, True]) == pytest.approx(by_hand.limits(*cells[True, True]), abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_regions_are_compared_by_their_shares(seed: int) -> None:
    luck = Random(seed)
    one, other = ([luck.random() for _ in range(luck.randint(2, 4))] for _ in range(2))
    assert of_means(one, other) == pytest.approx(by_hand.of_regions(one, other), abs=1e-3)
    assert of_means(one, other[:1]) is None


def test_an_interval_that_holds_nothing_is_not_told_apart_from_it() -> None:
    assert [one.is_apart for one in compared(rows_of({"mailed": (6, 30), "control": (4, 30)}))] == [False]


@pytest.mark.parametrize("level", ["held out", "Hold-out", "Control group", "control", "no", "Kontrollgruppe", "none"])
def test_the_words_for_those_left_out_are_known(level: str) -> None:
    assert is_held_out(level)


@pytest.mark.parametrize("level", ["mailed", "told", "yes", "A", "treated", "North", "Notes", "online", "nonstop"])
def test_other_words_are_not_taken_for_them(level: str) -> None:
    assert not is_held_out(level)


def town() -> None:
    """A hundred people of thirty companies, in three experiments, who buy or do not."""
    luck = Random(11)
    for number in range(30):
        told = {"region": luck.choice(["North", "South", "East", "West"]), "sector": luck.choice(["Office", "Hotel"])}
        firm(f"f{number}", since=START + luck.randint(-60, 30) * DAY, **told)
    for number in range(100):
        name = f"p{number}"
        if luck.random() < 0.7:
            works_at(name, f"f{luck.randrange(30)}")
        if luck.random() < 0.7:
            draw(name, luck.choice(["mailed", "held out"]), at=luck.choice([None, START, START + 9 * DAY]),
                 until=luck.choice([None, "2026-03-20"]))  # fmt: skip
        if luck.random() < 0.5:
            draw(name, f"Mail: {luck.choice(['yes', 'no'])}; Call: {luck.choice(['yes', 'no'])}", of="2x2")
        if luck.random() < 0.3:
            say(Draft("order.placed", "order", MINTER.record("shop", "order", name),
                      START + luck.randint(-30, 90) * DAY, Precision.DAY, person(name)))  # fmt: skip
    for place, arm in (("North", "ads"), ("South", "held out"), ("East", "ads"), ("west", "held out")):
        say(Draft("experiment.assigned", "experiment", MINTER.record("crm", "experiment", place), START, Precision.DAY,
                  properties={"experiment": "Ads", "arm": arm, "region": place}))  # fmt: skip
    for number in range(40):
        at, alone = START + luck.randint(-20, 80) * DAY, luck.random() < 0.4
        wins(number, at, who=f"p{luck.randrange(100)}", firm=None if alone else f"f{luck.randrange(30)}",
             amount=luck.choice([None, 100_00, 250_50]), currency=luck.choice(["EUR", "EUR", "USD"]))  # fmt: skip
    settle()


def test_the_number_is_what_its_words_say() -> None:
    town()
    whose, firms = ({one.identifier: one.key for one in who_is_who(kind) if not one.anonymous} for kind in
                    ("person", "company"))  # fmt: skip
    expected = by_hand.holdouts(raw_lines(), KINDS, zone(), reporting_currency(), whose, firms)
    found = {tuple(row.key.values()): dict(row.measures) for row in compute("holdouts", by=["sector"]).rows}
    assert len(expected) > 10
    assert found == expected
    for row in compute("holdouts").rows:
        behind = people("holdouts", key=row.key, limit=None)
        for measure in row.measures.keys() - {"value"}:
            assert sum(int(one.measures[measure]) for one in behind) == row.measures[measure]
