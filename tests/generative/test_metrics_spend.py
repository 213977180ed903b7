"""On random logs of costs and rates what was spent is what the words of its definition say, to the cent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import event, given
from hypothesis import strategies as st

from tests.generative.metrics_histories import MINTER, ZONES, History, live
from tests.spec import numbers_by_hand as by_hand
from tests.spec.raw_log import raw_lines
from twostroke.kit.time import DAY_MS, day_millis, day_of_number
from twostroke.ledger import lake
from twostroke.ledger.catalogue import current
from twostroke.ledger.facts import Draft, Message, Precision
from twostroke.metrics.queries import compute, people

pytestmark = pytest.mark.django_db

KINDS = {kind.name: (kind.rank, str(kind.place)) for kind in current()}
CURRENCIES = ["EUR", "USD", "JPY", "KWD"]
FIRST = day_millis(date(2025, 10, 20))
SPENDS = [MINTER.record("ads", "spend", str(n)) for n in range(4)]


@st.composite
def spends(draw: st.DrawFn) -> Draft:
    """A cost on a day, at an instant, or at no known time."""
    day = FIRST + draw(st.integers(0, 14)) * DAY_MS
    when = draw(
        st.sampled_from(
            [(day, Precision.DAY), (day + 82_800_000, Precision.MS), (day + 1, Precision.MS), (None, Precision.UNKNOWN)]
        )
    )
    return Draft(
        "spend.recorded", "spend", draw(st.sampled_from(SPENDS)), *when,
        channel=draw(st.sampled_from([None, "cpc", "video"])), campaign=draw(st.sampled_from([None, "One", "Two"])),
        amount_minor=draw(st.sampled_from([0, 1, 5, 50, 99_999, -15, 10**12])),
        currency=draw(st.sampled_from(CURRENCIES)), properties=draw(st.sampled_from([{}, {"clicks": 3}])),
    )  # fmt: skip


@st.composite
def rates(draw: st.DrawFn) -> Draft:
    """What one currency is worth in another on a day."""
    of, into = draw(st.permutations([*CURRENCIES, "GBP"]))[:2]
    day = FIRST // DAY_MS + draw(st.integers(-12, 12))
    rate = draw(st.sampled_from(["1.05", "0.5", "3", "169.45", "0.0061", "1.0872"]))
    told = {"of": of, "into": into, "rate": rate, "day": day_of_number(day).isoformat()}
    subject = MINTER.record("bank", "rate", f"{of}{into}{day}")
    return Draft("rate.recorded", "rate", subject, day * DAY_MS, Precision.DAY, properties=told)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Messages of costs and of rates, one after the other."""
    history = History(draw(st.sampled_from(ZONES)), draw(st.sampled_from(CURRENCIES)))
    for number in range(draw(st.integers(1, 6))):
        made = tuple(draw(st.lists(st.one_of(spends(), rates()), min_size=1, max_size=6)))
        told = Message("ads", f"m{number}", f"{number:032x}", made)
        history.steps.append((FIRST * 1000 + number * 10**9, [told]))
    return history


@given(histories(), st.sampled_from(["day", "channel", "campaign"]))
def test_what_was_spent_is_what_the_words_say(history: History, by: str) -> None:
    with transaction.atomic():
        seqs = live(history)
        lake.seal(hottest=4, segment=5)
        for seq in (None, seqs[len(seqs) // 2]):
            expected = by_hand.spend(raw_lines(seq), KINDS, history.zone, history.currency, by)
            result = compute("spend", by=[by], as_of=seq)
            found = {
                (row.key["currency"], row.key[by]): {n: row.measures[n] for n in ("count", "value", "converted")}
                for row in result.rows
            }
            assert found == expected
            event(f"converted: {sum(row['converted'] for row in expected.values())}")
            left = {currency for currency, _ in expected if currency != history.currency}
            assert [note.partition(" ")[0] for note in result.notes] == sorted(left)
        transaction.set_rollback(True)


@pytest.mark.sqlite
@given(histories())
def test_what_is_behind_a_row_adds_up_to_it(history: History) -> None:
    with transaction.atomic():
        live(history)
        for row in compute("spend", by=["channel"]).rows:
            behind: list[Any] = people("spend", by=["channel"], key=row.key, limit=None)
            assert sum(by_hand.Decimal(one.measures["value"]) for one in behind) == by_hand.Decimal(
                row.measures["value"]
            )
        transaction.set_rollback(True)
