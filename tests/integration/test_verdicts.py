"""Human or machine, from what comes in to what is shown; better rules change it, erasure does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.cast import LEA
from tests.functional.import_steps import twostroke
from twostroke.identity.queries import resolve
from twostroke.intake import hits
from twostroke.intake.agents import judged
from twostroke.intake.queries import verdicts_of
from twostroke.ledger.actions import catch_up
from twostroke.ledger.queries import lines_after
from twostroke.ledger.rebuilding import check, rebuild
from twostroke.metrics.queries import compute
from twostroke.relay.models import Standing

pytestmark = pytest.mark.usefixtures("fresh_database")

BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
ANNA = {"traits": {"email": "anna@firm.example"}}


def bring_in(folder: Path, *messages: dict[str, Any]) -> None:
    """Messages of a site, brought in as a file of JSON lines."""
    file = folder / "web.jsonl"
    whole = [{"messageId": f"m{n}", "timestamp": f"2026-03-02T10:00:{n:02d}Z", **one} for n, one in enumerate(messages)]
    file.write_text("".join(json.dumps(one) + "\n" for one in whole), "utf-8")
    twostroke("import", str(file), "--as", "site")
    catch_up()


def form(agent: str, **more: Any) -> dict[str, Any]:
    """Somebody who names an address sends a form."""
    return {"type": "track", "event": "Form Submitted", "context": {"userAgent": agent, **ANNA}, **more}


def mailed(event: str, at: str, **more: Any) -> dict[str, Any]:
    """Something that happened to a mail to Anna."""
    properties = {"email_id": "n-1", **more}
    return {"type": "track", "event": event, "timestamp": at, "properties": properties, "context": ANNA}


def machines() -> dict[str, tuple[str, str]]:
    lines = lines_after(0, 1000)
    found = verdicts_of(lines)
    return {line.kind: (found[line.seq].by.value, found[line.seq].reason) for line in lines if line.seq in found}


def test_a_scanner_that_opens_and_clicks_while_the_mail_arrives_is_no_reader(tmp_path: Path) -> None:
    bring_in(
        tmp_path,
        mailed("Email Delivered", "2026-03-02T10:00:00Z"),
        mailed("Email Opened", "2026-03-02T10:00:02Z"),
        mailed("Email Link Clicked", "2026-03-02T10:00:04Z", link_url="https://firm.example/a"),
    )
    assert machines() == {"mail.opened": ("machine", "swept"), "mail.clicked": ("machine", "scanned")}
    assert "2 hits by machines" in twostroke("timeline", "anna@firm.example").out
    assert "scanners do it" in twostroke("timeline", "anna@firm.example", "--all").out
    told = twostroke("timeline", "anna@firm.example", "--json").json
    verdicts = [line["verdict"] for line in told["lines"]]
    assert [one and one["by"] for one in verdicts].count("machine") == 2


def test_a_reader_who_takes_a_minute_is_none(tmp_path: Path) -> None:
    bring_in(
        tmp_path,
        mailed("Email Delivered", "2026-03-02T10:00:00Z"),
        mailed("Email Opened", "2026-03-02T10:00:20Z"),
        mailed("Email Link Clicked", "2026-03-02T10:00:31Z", link_url="https://firm.example/a"),
    )
    assert machines() == {"mail.opened": ("unsure", "unnamed"), "mail.clicked": ("unsure", "unnamed")}


def test_a_crawler_that_sends_a_form_becomes_no_lead(tmp_path: Path) -> None:
    bring_in(tmp_path, form(BOT))
    assert not Standing.objects.exists()
    assert compute("lifecycle").rows == ()
    assert [row.key["team"] for row in compute("touches").rows] == []
    bring_in(tmp_path, form(BOT), form(CHROME))
    assert {row.stage for row in Standing.objects.all()} == {"lead"}
    assert [(row.key["stage"], row.measures["count"]) for row in compute("lifecycle").rows][-1] == ("lead", 1)


def test_better_rules_are_found_by_the_check_and_put_right_by_a_rebuild(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(tmp_path, form(BOT))
    assert check() == []
    judged.cache_clear()
    monkeypatch.setattr(hits, "judged", lambda agent, webdriver=False: judged("", webdriver))
    assert machines() == {"form.submitted": ("machine", "crawler")}, "a verdict stands until it is made anew"
    rebuild()
    assert machines() == {"form.submitted": ("unsure", "unnamed")}
    assert {row.stage for row in Standing.objects.all()} == {"lead"}
    monkeypatch.undo()
    # The check folds in a process of its own, by the rules as they are.
    assert {one.model for one in check()} == {"intake.judged", "relay.standing"}
    rebuild()
    assert check() == []


def test_erasing_somebody_changes_no_verdict_and_leaves_no_agent(tmp_path: Path) -> None:
    bring_in(tmp_path, form(BOT), form("Mozilla/5.0 (Secret Device of Anna) AppleWebKit/537.36 Chrome/131.0.0.0"))
    before = machines(), compute("machines").rows, compute("touches").rows
    assert twostroke("erase", "anna@firm.example", "--yes").code == 0
    catch_up()
    rebuild()
    assert (machines(), compute("machines").rows, compute("touches").rows) == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT properties FROM ledger_line")
        assert "Secret" not in str(cursor.fetchall())


def test_where_nothing_is_known_it_counts_as_peoples(tmp_path: Path) -> None:
    bring_in(tmp_path, form(""), form(CHROME))
    verdicts = compute("machines").rows
    assert {(row.key["verdict"], row.key["reason"]) for row in verdicts} == {
        ("human", "browser"),
        ("unsure", "unnamed"),
    }
    assert compute("touches").total() == 2


def test_the_page_of_the_number_and_the_profile_show_it(tmp_path: Path, signed_in: Any) -> None:
    bring_in(tmp_path, form(BOT), form(CHROME))
    lea = signed_in(LEA)
    number = lea.get("/numbers/machines/").content.decode()
    assert "crawler" in number
    assert "Humans and machines" in lea.get("/numbers/").content.decode()
    [anna] = resolve("anna@firm.example")
    profile = lea.get(f"/people/{anna.id}/").content.decode()
    assert "1 hit by a machine" in profile
    assert "Its software calls itself Googlebot" in profile
    assert "sent a form" in profile
    assert "sent 2 forms" not in profile
