"""The referee on machines: of all hits that came in, which Twostroke takes for a machine's, against who truly did them.

Precision is the share of its machines that are machines, recall the share of machines it finds, by kind of machine.
Taking people for machines is the worse mistake: it must not happen to one hit in a thousand.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tests.stories.firms import Firm
from twostroke.intake.facts import By
from twostroke.intake.models import ImportFile
from twostroke.intake.queries import verdicts_of
from twostroke.ledger.facts import Line
from twostroke.ledger.models import Suppressed
from twostroke.ledger.queries import every_line, head_seq
from twostroke.metrics.queries import compute

HITS = ("page.viewed", "mail.opened", "mail.clicked", "form.submitted")


def done(firm: Firm) -> list[tuple[Line, dict[str, Any], str]]:
    """Each hit from the site and its mails with the message it was read from, and what truly did it ("" for people)."""
    machines = {(row["file"], row["key"]): row["dirt"] for row in firm.table("dirt") if row["dirt"] in KINDS}
    sent = {
        name: (firm.folder / "public" / name).read_text("utf-8").splitlines()
        for name in ("segment/web.jsonl", "segment/mail.jsonl")
    }
    files = {one.batch: f"segment/{one.name}" for one in ImportFile.objects.all()}
    replaced = set(Suppressed.objects.values_list("seq", flat=True))  # by a later version of the same message
    found = []
    for line in every_line(up_to=head_seq()):
        if line.seq in replaced or line.source != "site" or line.kind not in HITS:
            continue
        if line.batch is not None and line.row is not None:
            name = files[line.batch]
            if name in sent:
                message = json.loads(sent[name][line.row - 1])
                found.append((line, message, machines.get((name, message["messageId"]), "")))
    return found


KINDS = ("bots", "scanners")


def kind_of(message: dict[str, Any], truth: str) -> str:
    """Which sort of machine, by what it says of itself and what it did."""
    if truth == "bots":
        return str(message["context"]["userAgent"])
    return f"{truth}: {message['event']}" if truth else ""


@pytest.fixture
def judged(firm: Firm) -> list[tuple[str, By]]:
    hits = done(firm)
    verdicts = verdicts_of([line for line, _, _ in hits])
    return [(kind_of(message, truth), verdicts[line.seq].by) for line, message, truth in hits]


def test_no_human_is_taken_for_a_machine(judged: list[tuple[str, By]]) -> None:
    people = Counter(by for kind, by in judged if not kind)
    assert people.total() > 1000
    assert people[By.MACHINE] <= people.total() / 1000, people


def test_each_sort_of_machine_is_found(judged: list[tuple[str, By]]) -> None:
    met = Counter(kind for kind, _ in judged if kind)
    found = Counter(kind for kind, by in judged if kind and by is By.MACHINE)
    assert len(met) == 5, met  # three crawlers; scanners open and click
    for kind, times in met.items():
        least = 0.97 if kind.startswith("scanners") else 1.0
        assert found[kind] >= least * times, (kind, found[kind], times)
    print({kind: f"{found[kind]} of {times}" for kind, times in met.items()})


def test_the_number_says_what_the_verdicts_say(firm: Firm, judged: list[tuple[str, By]]) -> None:
    told = compute("machines", by=("kind",))
    machines = sum(int(row.measures["count"]) for row in told.rows if row.key["verdict"] == "machine")
    assert machines == sum(by is By.MACHINE for _, by in judged)
