"""Human or machine: on random logs the verdicts are those of their words, whatever the order and number of arrivals."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import event, given
from hypothesis import strategies as st

from tests.histories import Story, arrive, arrived, nothing_stays, oid, rows_now, state_now
from tests.spec import verdicts_by_hand as by_hand
from tests.spec.numbers_by_hand import lines_in_force
from tests.spec.raw_log import raw_lines
from twostroke.intake.projection import VERDICTS
from twostroke.intake.queries import verdict_table, verdict_table_as_of, verdicts_of
from twostroke.ledger import lake
from twostroke.ledger.actions import catch_up
from twostroke.ledger.facts import Draft, Precision
from twostroke.ledger.queries import head_seq, lines_after
from twostroke.ledger.rebuilding import rebuild
from twostroke.metrics.queries import compute

pytestmark = pytest.mark.django_db

DAY_ONE = 1_780_000_000_000
DEVICES = [oid("device", n) for n in range(2)]
MAILS = [oid("mail", n) for n in range(2)]
PATHS = [f"/{n}" for n in range(14)]
# Few instants near each other, so that most lines lie at the border of some rule.
NEAR = st.one_of(
    st.integers(0, 24).map(lambda n: n * 500), st.sampled_from([5000, 5001, 9_999, 10_000, 10_001, 60_000, 60_001])
)
AGENTS = st.sampled_from([*[""] * 4, *[list(by_hand.AGENTS)[1]] * 8, *by_hand.AGENTS])


@st.composite
def hits(draw: st.DrawFn) -> Draft:
    """A line about one of two mails, or a page that a device looked at."""
    at, precision = DAY_ONE + draw(NEAR), draw(st.sampled_from([*[Precision.MS] * 6, Precision.SECOND, Precision.DAY]))
    if precision is Precision.DAY:
        at -= at % 86_400_000
    told: dict[str, Any] = {name: value for name, value in (("agent", draw(AGENTS)),) if value}
    if draw(st.integers(0, 2)):
        told |= {"path": draw(st.sampled_from(PATHS)), "device_only": True}
        if not draw(st.integers(0, 8)):
            del told["device_only"]
        device = draw(st.sampled_from(DEVICES))
        return Draft("page.viewed", "person", device, at, precision, device, properties=told)
    kind = draw(st.sampled_from(["mail.delivered", "mail.sent", "mail.opened", "mail.clicked", "mail.clicked"]))
    if kind in ("mail.delivered", "mail.sent"):
        told = {}
    elif draw(st.booleans()):
        told["by"] = draw(st.sampled_from(["unsure", "unsure", "machine", "human"]))
    if kind == "mail.clicked":
        told["link"] = draw(st.sampled_from(PATHS[:2]))
    return Draft(kind, "mail", draw(st.sampled_from(MAILS)), at, precision, DEVICES[0], properties=told)


@st.composite
def crawls(draw: st.DrawFn) -> list[Draft]:
    """One device that looks at many pages in a short while."""
    many, pause = draw(st.integers(4, 13)), draw(st.sampled_from([100, 400, 500, 1000, 1112]))
    told = {"agent": list(by_hand.AGENTS)[1], "device_only": True}
    return [
        Draft("page.viewed", "person", DEVICES[1], DAY_ONE + n * pause, Precision.MS, DEVICES[1],
              properties=told | {"path": PATHS[n]})
        for n in range(many)
    ]  # fmt: skip


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Hits as they come in one by one, some of them in files of which one may be undone."""
    story = Story()
    mine = draw(st.lists(hits(), min_size=1, max_size=20)) + draw(st.one_of(st.just([]), crawls()))
    in_file = draw(st.integers(0, len(mine)))
    for number, draft in enumerate(mine[in_file:]):
        story.say(f"hit{number}", draft, source="web")
    batch = story.bring([(f"row{number}", [draft]) for number, draft in enumerate(mine[:in_file])], source="web")
    if draw(st.booleans()):
        story.undo(batch)
    return story


def known() -> dict[tuple[str, str, int], tuple[str, str]]:
    """The verdicts that have rows, by the names of the lines."""
    table = verdict_table(head_seq()).to_pylist()
    lines = {line.seq: line for line in lines_after(0, 1000)}
    named = [(lines[row["seq"]], row) for row in table]
    return {(line.source, line.message_id, line.part): (row["verdict"], row["reason"]) for line, row in named}


@given(stories())
def test_the_verdicts_are_those_of_their_words(story: Story) -> None:
    with nothing_stays():
        story.write()
        catch_up()
        expected = by_hand.verdicts(lines_in_force(raw_lines()))
        for reason in {why for _, why in expected.values()}:
            event(reason)
        assert known() == expected


@given(stories(), st.randoms(use_true_random=False), st.integers(1, 5))
def test_any_order_of_arrival_and_any_number_of_times_gives_the_same_verdicts(
    story: Story, random: Random, at_once: int
) -> None:
    with nothing_stays():
        story.write()
        catch_up()
        story.write()
        expected, hashed, messages = known(), state_now()["intake"], arrived()
    random.shuffle(messages)
    with nothing_stays():
        seq = 0
        for start in range(0, len(messages), at_once):
            arrive(messages[start : start + at_once], after=seq)
            seq = head_seq()
            catch_up()
        assert (known(), state_now()["intake"]) == (expected, hashed)
        before = rows_now()
        rebuild()
        assert rows_now() == before


@pytest.mark.sqlite
@given(stories())
def test_as_of_a_line_the_verdicts_are_those_of_the_lines_up_to_it(story: Story) -> None:
    with nothing_stays():
        story.write()
        catch_up()
        lake.seal(hottest=4, segment=5)
        for seq in {head_seq() // 2, head_seq()}:
            lines = raw_lines(seq)
            names = {line["seq"]: (line["source"], line["message_id"], line["part"]) for line in lines}
            found = {names[row["seq"]]: (row["verdict"], row["reason"]) for row in verdict_table_as_of(seq).to_pylist()}
            assert found == by_hand.verdicts(lines_in_force(lines))


@given(stories())
def test_each_line_that_is_a_hit_has_a_verdict_and_a_sentence_that_says_why(story: Story) -> None:
    with nothing_stays():
        story.write()
        catch_up()
        lines = lines_after(0, 1000)
        found = verdicts_of(lines)
        assert found.keys() == {line.seq for line in lines if line.kind in by_hand.HITS}
        assert all(verdict.words().endswith(".") and "{" not in verdict.words() for verdict in found.values())


def test_nothing_is_asked_for_a_line_at_a_time() -> None:
    """A hundred page views of a hundred visitors are folded with as many statements as ten are."""
    counts = []
    for many in (10, 100):
        story = Story()
        for n in range(many):
            who = oid("visitor", many, n)
            told = {"agent": list(by_hand.AGENTS)[1], "path": "/", "device_only": True}
            draft = Draft("page.viewed", "person", who, DAY_ONE, Precision.MS, who, properties=told)
            story.say(f"{many}-{n}", draft, source=f"web{many}")
        with nothing_stays():
            story.write()
            lines = lines_after(0, 1000)
            with CaptureQueriesContext(connection) as asked:
                assert VERDICTS.units(lines) == set()
            counts.append(len(asked))
    assert counts[0] == counts[1] <= 2


@given(stories())
def test_the_number_of_machines_is_that_of_its_words(story: Story) -> None:
    with nothing_stays():
        story.write()
        catch_up()
        lines = lines_in_force(raw_lines())
        found, expected = by_hand.verdicts(lines), Counter[tuple[str, str]]()
        for line in lines:
            if line["kind"] in by_hand.HITS:
                plain = ("human", "browser") if by_hand.said(line).get("agent") else ("unsure", "unnamed")
                expected[found.get((line["source"], line["message_id"], line["part"]), plain)] += 1
        rows = compute("machines").rows
        assert {(row.key["verdict"], row.key["reason"]): row.measures["count"] for row in rows} == expected
