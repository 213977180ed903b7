"""What came with a public key is shown as such wherever a person is shown: anybody could have sent it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.cast import ADA
from tests.functional.import_steps import twostroke
from tests.intake_steps import Served, page, serving
from twostroke.identity.queries import resolve
from twostroke.ledger.actions import catch_up

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Person

pytestmark = pytest.mark.usefixtures("fresh_database")
SignedIn = Callable[["Person"], "Client"]
ANNA = {"userId": "u-1", "traits": {"email": "anna@firm.example", "name": "Anna Berg"}}


@pytest.fixture
def web(fresh_database: None) -> Iterator[Served]:
    with serving() as served:
        served.batch(
            {"type": "identify", **ANNA, "anonymousId": "phone-1"}, page(1, userId="u-1", anonymousId="phone-1")
        )
        served.batch(
            page(2, userId="u-1", anonymousId="tablet-2"),
            {"type": "identify", "userId": "u-1", "traits": {"name": "Mallory"}},
            key=served.public,
        )
        catch_up()
        yield served


def test_the_command_line_says_which_lines_anybody_could_have_sent(web: Served) -> None:
    rows = twostroke("timeline", "anna@firm.example", "--all").out.splitlines()
    told = {words: [row for row in rows if words in row] for words in ("/1", "/2", "said to be one", "known to be one")}
    assert {words: ["[claimed]" in row for row in found] for words, found in told.items()} == {
        "/1": [False], "/2": [True], "said to be one": [True, True], "known to be one": [False, False],
    }  # fmt: skip
    assert "public key" in rows[-1]
    assert "[claimed]" not in twostroke("timeline", "anna@firm.example", "--limit", "1").out


def test_the_profile_says_so_of_lines_and_of_a_device_that_only_they_tie_to_the_person(
    web: Served, signed_in: SignedIn
) -> None:
    html = signed_in(ADA).get(f"/people/{resolve('anna@firm.example')[0].id}/").content.decode()
    shown = re.findall(r'<li class="line.*?</li>', html, re.DOTALL)
    lines = {word: ">claimed<" in one for one in shown for word in ("/1", "/2", "Mallory") if f"{word}<" in one}
    assert lines == {"/1": False, "/2": True, "Mallory": True}
    devices = dict(re.findall(r"<dd>(phone-1|tablet-2)(.*?)</dd>", html, re.DOTALL))
    assert [">claimed<" in devices[name] for name in ("phone-1", "tablet-2")] == [False, True]


@pytest.mark.parametrize("metric", ["touches", "machines"])
def test_what_was_counted_can_be_divided_by_whether_it_is_known(web: Served, metric: str) -> None:
    rows = twostroke("metric", metric, "--by", "trust", "--json").json["rows"]
    assert {row["key"]["trust"]: row["measures"]["count"] for row in rows} == {"known": 1, "claimed": 1}
